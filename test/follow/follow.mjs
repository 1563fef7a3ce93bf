import { EventStoreDBClient, START, streamNameFilter } from "@eventstore/db-client";

const [url, prefix, commit, prepare] = process.argv.slice(2);
const client = EventStoreDBClient.connectionString(url);
const ledger = client.subscribeToAll({
  fromPosition: commit ? { commit: BigInt(commit), prepare: BigInt(prepare) } : START,
  filter: streamNameFilter({ prefixes: [prefix] }),
});
for await (const { event } of ledger) {
  console.log(event.position.commit, event.position.prepare, event.streamId, event.revision, event.type, JSON.stringify(event.data));
}
