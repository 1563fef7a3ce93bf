// Runs the server audits of graphql-http against the address given, one after
// another, and prints each result as a line of JSON. TOKEN, where it is set,
// goes along as a bearer token.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const portal = fileURLToPath(new URL("../../portal/package.json", import.meta.url));
const { serverAudits } = createRequire(portal)("graphql-http");
const token = process.env.TOKEN;

function ask(address, options = {}) {
  const headers = new Headers(options.headers);
  if (token) headers.set("authorization", `Bearer ${token}`);
  return fetch(address, { ...options, headers });
}

for (const audit of serverAudits({ url: process.argv[2], fetchFn: ask })) {
  const { id, name, status, reason, response } = await audit.fn();
  const says = response && !response.bodyUsed ? (await response.text()).slice(0, 300) : "";
  console.log(JSON.stringify({ id, name, status, reason, says, got: response?.status }));
}
