// One side of blind signatures with the npm library: `tokens` makes tokens under a private key (PKCS #8) that Go
// verifies, `verify` verifies tokens of Go's; it knows WebCrypto's keys, so both with the library's own checks.
import { readFileSync } from "node:fs";
import { RSABSSA } from "../../../../portal/node_modules/@cloudflare/blindrsa-ts/lib/src/index.js";

const given = JSON.parse(readFileSync(0));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
const suite = RSABSSA.SHA384.PSS.Deterministic();
const publicKey = await crypto.subtle.importKey("spki", bytes(given.public), algorithm, true, ["verify"]);

const out = [];
for (const one of given.messages || []) {
  const privateKey = await crypto.subtle.importKey("pkcs8", bytes(given.private), algorithm, true, ["sign"]);
  const { blindedMsg, inv } = await suite.blind(publicKey, bytes(one));
  out.push(Buffer.from(await suite.finalize(publicKey, bytes(one), await suite.blindSign(privateKey, blindedMsg), inv)).toString("base64"));
}
for (const one of given.tokens || []) {
  const data = bytes(one);
  out.push(await suite.verify(publicKey, data.subarray(98), data.subarray(0, 98)));
}
console.log(JSON.stringify(out));
