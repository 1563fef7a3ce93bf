// The client's other ways to read, for reader_test.go: one call, its answer as lines of JSON.
import {
  BACKWARDS, END, EventStoreDBClient, FORWARDS, START, eventTypeFilter, excludeSystemEvents, streamNameFilter,
} from "@eventstore/db-client";

const [url, request] = process.argv.slice(2);
const { call, stream, backwards, from, count, types, streams, regex, system } = JSON.parse(request);

const say = (v) => console.log(JSON.stringify(v, (_, x) => (typeof x === "bigint" ? x.toString() : x)));
const told = ({ event }) =>
  say({ commit: event.position.commit, stream: event.streamId, revision: event.revision, type: event.type, id: event.id, data: event.data, meta: event.metadata });

const client = EventStoreDBClient.connectionString(url);
const direction = backwards ? BACKWARDS : FORWARDS;
const position = from ? { commit: BigInt(from), prepare: BigInt(from) } : backwards ? END : START;
const checkpoint = { checkpointInterval: 1, checkpointReached: (_, at) => say({ checkpoint: at.commit }) };

try {
  if (call === "all") {
    for await (const e of client.readAll({ direction, fromPosition: position, maxCount: count })) told(e);
  } else if (call === "stream") {
    for await (const e of client.readStream(stream, { direction, fromRevision: from ? BigInt(from) : position, maxCount: count })) told(e);
  } else {
    const filter = types ? eventTypeFilter({ prefixes: types, ...checkpoint })
      : streams ? streamNameFilter({ prefixes: streams, ...checkpoint })
      : regex ? eventTypeFilter({ regex, ...checkpoint })
      : system ? excludeSystemEvents(checkpoint)
      : undefined;
    let n = 0;
    for await (const e of client.subscribeToAll({ fromPosition: position, filter })) {
      told(e);
      if (++n === count) break;
    }
  }
} catch (e) {
  say({ error: e.type ?? e.name, says: e.message });
}
await client.dispose();
