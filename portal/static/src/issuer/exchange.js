// The exchange of an enrolment code for eight tokens: check the keys that are offered, blind, have them signed, make
// tokens of the signatures and check them. The issuer sees blinded messages only.
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { fromBase64, perQuarter, readKey, Ring, signed, toBase64, verify } from "../intake/token.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { publicKey } from "./subtle.js";

const suite = () => RSABSSA.SHA384.PSS.Deterministic();

export class ExchangeError extends Error {
  constructor(rule, n) {
    super("issuer." + rule);
    this.rule = "issuer." + rule;
    this.n = n;
  }
}

// checked are the eight keys of an offer, where every one is on the ledger for that county, quarter and number.
export function checked(offer, listed) {
  if (!offer || !Array.isArray(offer.keys) || offer.keys.length !== perQuarter) throw new ExchangeError("offer");
  const ring = new Ring(listed);
  return offer.keys.map((text, i) => {
    const spki = typeof text === "string" ? fromBase64(text) : null;
    let key;
    try {
      key = readKey(spki);
    } catch {
      throw new ExchangeError("offer");
    }
    const on = ring.listed(key.id);
    if (!on || on.county !== offer.county || on.quarter !== offer.quarter || on.n !== i + 1) throw new ExchangeError("key_unlisted", i + 1);
    return { spki: text, n: key.n, id: spkiId(key.id) };
  });
}

const spkiId = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));

// blind draws a token for each key and blinds it. What it returns can be kept as JSON until the answer is there, and
// must not be kept longer: the nonces are in it.
export async function blind(keys) {
  const out = [];
  for (const key of keys) {
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const message = signed(nonce, key.id);
    const { blindedMsg, inv } = await suite().blind(publicKey(key.n), message);
    out.push({ spki: key.spki, message: toBase64(message), blinded: toBase64(blindedMsg), inverse: toBase64(inv) });
  }
  return out;
}

// finish makes tokens of what blind returned and the signatures, and checks every one.
export async function finish(kept, signatures) {
  if (!Array.isArray(signatures) || signatures.length !== kept.length) throw new ExchangeError("signatures");
  const all = [];
  for (const [i, k] of kept.entries()) {
    const message = fromBase64(k.message);
    const { n } = readKey(fromBase64(k.spki));
    const answer = typeof signatures[i] === "string" ? fromBase64(signatures[i]) : null;
    let signature;
    try {
      signature = await suite().finalize(publicKey(n), message, answer, fromBase64(k.inverse));
    } catch {
      throw new ExchangeError("signatures");
    }
    if (!verify(n, message, signature)) throw new ExchangeError("signatures");
    all.push(concatBytes(message, signature));
  }
  return all;
}
