// Reads the schema twice, as the server tells it to staff and as it publishes
// it, both with the reference implementation, and prints every field with its
// arguments and its type, a list for each. TOKEN is a bearer token of staff.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const portal = fileURLToPath(new URL("../../portal/package.json", import.meta.url));
const { buildClientSchema, buildSchema, getIntrospectionQuery, isInputObjectType, isObjectType, validateSchema } = createRequire(portal)("graphql");
const [graphql, published] = process.argv.slice(2);

function fields(schema) {
  const faults = validateSchema(schema);
  if (faults.length > 0) throw faults[0];
  const types = Object.values(schema.getTypeMap()).filter((t) => !t.name.startsWith("__"));
  return types.flatMap((t) => {
    if (!isObjectType(t) && !isInputObjectType(t)) return [t.name, ...(t.getValues?.() ?? []).map((v) => `${t.name}.${v.name}`)];
    return Object.values(t.getFields()).map((f) => `${t.name}.${f.name}(${(f.args ?? []).map((a) => `${a.name}: ${a.type} = ${a.defaultValue}`).sort()}): ${f.type} ${f.description ?? ""}`);
  }).sort();
}

const answer = await fetch(graphql, {
  method: "POST",
  headers: { "content-type": "application/json", authorization: `Bearer ${process.env.TOKEN}` },
  body: JSON.stringify({ query: getIntrospectionQuery() }),
});
const { data, errors } = await answer.json();
if (errors) throw new Error(JSON.stringify(errors));
const text = await (await fetch(published)).text();
console.log(JSON.stringify({ introspected: fields(buildClientSchema(data)), published: fields(buildSchema(text)) }));
