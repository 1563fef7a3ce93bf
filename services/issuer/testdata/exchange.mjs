// The browser's half of exchanges, without crypto.subtle as on a page without TLS: `blind` makes requests of offers,
// `finish` makes tokens of signatures.
import { readFileSync } from "node:fs";
import { subtle } from "../../../portal/static/src/issuer/subtle.js";
import { blind, checked, finish } from "../../../portal/static/src/issuer/exchange.js";
import { keysOf } from "../../../portal/static/src/issuer/ledger.js";

Object.defineProperty(crypto, "subtle", { value: subtle }); // as build.mjs has it

const given = JSON.parse(readFileSync(0));
const out = [];
if (process.argv[2] === "blind") {
  const listed = keysOf(given.ledger);
  for (const offer of given.offers) {
    try {
      const kept = await blind(checked(offer, listed));
      out.push({ kept: JSON.stringify(kept), blinded: kept.map((k) => k.blinded) });
    } catch (error) {
      out.push({ rule: error.rule || String(error) });
    }
  }
} else {
  for (const one of given) {
    try {
      out.push({ tokens: (await finish(JSON.parse(one.kept), one.signatures)).map((t) => Buffer.from(t).toString("base64")) });
    } catch (error) {
      out.push({ rule: error.rule || String(error) });
    }
  }
}
console.log(JSON.stringify(out));
