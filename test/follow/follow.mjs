import { EventStoreDBClient, START, streamNameFilter } from "@eventstore/db-client";

const [url, prefix, commit, prepare] = process.argv.slice(2);
const client = EventStoreDBClient.connectionString(url);
const events = client.subscribeToAll({
  fromPosition: commit ? { commit: BigInt(commit), prepare: BigInt(prepare) } : START,
  filter: streamNameFilter({ prefixes: [prefix] }),
});
for await (const { event } of events) {
  const { commit, prepare } = event.position; // to go on from here later, keep both
  console.log(`${commit} ${prepare} ${event.streamId} ${event.revision} ${event.type} ${JSON.stringify(event.data)}`);
}
