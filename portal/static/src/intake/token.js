// What shows that a reporter is on a roster and not who: tokens of RFC 9578, type 2, and the codes of paper cards.
// The twin of services/intake/token, held to the same vectors in test/cases/tokens.json. It signs nothing, sends
// nothing and stores nothing. It needs no crypto.subtle, which a page without TLS does not have.
import { sha256, sha384 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export const modulusSize = 256;
export const size = 2 + 32 + 32 + 32 + modulusSize;
export const perQuarter = 8;
export const codeSize = 16;
export const card = 1; // a sealed card: redeemed once, with a report
export const enrolment = 2; // a line of a roster: exchanged once for tokens, at the issuer only

// A refusal by its rule; what it says is in token_words.js, and carries nothing of what was typed.
export class TokenError extends Error {
  constructor(rule, group) {
    super("token." + rule);
    this.rule = "token." + rule;
    this.group = group; // of a code: the first one that is wrong
  }
}

const no = (rule, group) => {
  throw new TokenError(rule, group);
};

// The one challenge there is: type 2, issuer name "suyuan", no redemption context, no origin.
export const challenge = sha256(utf8ToBytes("\0\x02" + "\0\x06suyuan" + "\0" + "\0\0"));

// signed is what an issuer signs: type, nonce, challenge, key id.
export const signed = (nonce, keyId) => concatBytes(Uint8Array.of(0, 2), nonce, challenge, keyId);

// decode reads the bytes of a token. It checks their shape, not the signature.
export function decode(bytes) {
  if (bytes.length !== size || bytes[0] !== 0 || bytes[1] !== 2 || !equal(bytes.subarray(34, 66), challenge)) no("shape");
  return { nonce: bytes.subarray(2, 34), key: bytesToHex(bytes.subarray(66, 98)), signed: bytes.subarray(0, 98), signature: bytes.subarray(98) };
}

// nullifier is the same for every signature over a nonce.
export function nullifier(bytes) {
  return sha256(concatBytes(utf8ToBytes("null-v1"), bytes.subarray(66, 98), bytes.subarray(2, 34)));
}

// ---- keys

const spkiHead = hexToBytes(
  "30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202" +
    "a11a301806092a864886f70d010108300b0609608648016503040202a2030201300382010f003082010a0282010100",
);
const spkiTail = hexToBytes("0203010001");

// readKey reads a key as RFC 9578 encodes it and nothing else: 2048 bits, exponent 65537.
export function readKey(spki) {
  const n = spki.subarray(spkiHead.length, spkiHead.length + modulusSize);
  if (
    spki.length !== spkiHead.length + modulusSize + spkiTail.length ||
    !equal(spki.subarray(0, spkiHead.length), spkiHead) ||
    !equal(spki.subarray(spkiHead.length + modulusSize), spkiTail) ||
    !(n[0] & 0x80) ||
    !(n[modulusSize - 1] & 1)
  )
    no("key");
  return { id: bytesToHex(sha256(spki)), n };
}

// verify tells whether a signature over a message is the key's: RSASSA-PSS, SHA-384, a salt of 48 bytes.
export function verify(n, message, signature) {
  if (signature.length !== n.length) return false;
  const modulus = number(n);
  const s = number(signature);
  if (s >= modulus) return false;
  let m = s;
  for (let i = 0; i < 16; i++) m = (m * m) % modulus;
  m = (m * s) % modulus; // s to the power of 65537
  const em = bytesOf(m, n.length); // the modulus has its first bit set, so this has it not
  const h = em.subarray(em.length - 49, em.length - 1);
  if (em[em.length - 1] !== 0xbc || em[0] & 0x80) return false;
  const db = em.slice(0, em.length - 49);
  for (let at = 0, counter = 0; at < db.length; counter++) {
    const block = sha384(concatBytes(h, Uint8Array.of(0, 0, 0, counter)));
    for (let i = 0; i < block.length && at < db.length; i++) db[at++] ^= block[i];
  }
  db[0] &= 0x7f;
  const one = db.length - 49;
  if (db[one] !== 1 || db.subarray(0, one).some((b) => b !== 0)) return false;
  return equal(sha384(concatBytes(new Uint8Array(8), sha384(message), db.subarray(one + 1))), h);
}

export const number = (bytes) => BigInt("0x" + bytesToHex(bytes));
export const bytesOf = (n, length) => hexToBytes(n.toString(16).padStart(2 * length, "0"));

function equal(a, b) {
  if (a.length !== b.length) return false;
  let differ = 0;
  for (let i = 0; i < a.length; i++) differ |= a[i] ^ b[i];
  return differ === 0;
}

// ---- text

const textSize = (size * 4) / 3;
const maxText = 16 << 10;
const letters64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function toBase64(bytes) {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const b = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
    const have = Math.min(3, bytes.length - i) + 1;
    for (let j = 0; j < have; j++) out += letters64[(b >> (18 - 6 * j)) & 63];
  }
  return out;
}

// fromBase64 reads base64url without padding, of whole bytes; null for anything else.
export function fromBase64(text) {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let have = 0;
  let at = 0;
  for (const letter of text) {
    const value = letters64.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    have += 6;
    if (have >= 8) {
      have -= 8;
      out[at++] = (held >> have) & 0xff;
    }
  }
  return have >= 6 || held & ((1 << have) - 1) ? null : out;
}

// textOf is a token for a file or for pasting: base64url in eight lines.
export function textOf(bytes) {
  return toBase64(bytes).replace(/.{59}/g, "$&\n");
}

function letters(text) {
  if (utf8ToBytes(text).length > maxText) no("too_much_text");
  let flat = "";
  for (const sign of text) {
    if (blank(sign) || sign === "=") continue;
    if (sign === "+") flat += "-";
    else if (sign === "/") flat += "_";
    else if (letters64.includes(sign)) flat += sign;
    else no("shape");
  }
  return flat;
}

// parse reads one token however its lines are broken. More than one is refused: sent together they would tell that
// they belong together.
export function parse(text) {
  const flat = letters(text);
  if (flat.length === 0) no("missing");
  if (flat.length > textSize && flat.length % textSize === 0) no("many");
  const bytes = flat.length === textSize ? fromBase64(flat) : null;
  if (!bytes) no("shape");
  decode(bytes);
  return bytes;
}

// parseAll reads up to eight tokens one behind the other, as a file of a quarter's holds them.
export function parseAll(text) {
  const flat = letters(text);
  if (flat.length === 0) no("missing");
  if (flat.length % textSize || flat.length > perQuarter * textSize) no("shape");
  const all = [];
  for (let at = 0; at < flat.length; at += textSize) all.push(parse(flat.slice(at, at + textSize)));
  return all;
}

// ---- codes

const groups = 8;
const groupSize = 6;
const damm = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"];

// checkDigit starts from the kind and the group's place, so that no group passes for one of the other kind.
function checkDigit(kind, group, five) {
  let state = damm[damm[0][group]][kind];
  for (const d of five) state = damm[state][d];
  return state;
}

// codeText is a code as it is printed: eight groups of six digits, the sixth a check digit.
export function codeText(kind, bits) {
  const all = number(bits).toString().padStart(40, "0");
  const out = [];
  for (let g = 0; g < groups; g++) {
    const five = all.slice(5 * g, 5 * g + 5);
    out.push(five + checkDigit(kind, g, five));
  }
  return out.join(" ");
}

export const codeHash = (kind, bits) => sha256(concatBytes(utf8ToBytes(kind === card ? "card-v1" : "enrol-v1"), bits));

// parseCode reads a code of a kind as people type it.
export function parseCode(kind, text) {
  if (utf8ToBytes(text).length > maxText) no("too_much_text");
  let all = "";
  for (const sign of text) {
    const d = digit(sign);
    if (d !== null) all += d;
    else if (!blank(sign) && !between(sign)) no("code_sign");
  }
  if (all.length === 0) no("code_missing");
  if (all.length !== groups * groupSize) no("code_length");
  const wrong = wrongGroup(kind, all);
  if (wrong >= 0) {
    if (wrongGroup(card + enrolment - kind, all) < 0) no(kind === card ? "code_enrolment" : "code_card");
    no("code_group", wrong + 1);
  }
  const n = BigInt(all.replace(/(.{5})./g, "$1"));
  if (n >> 128n) no("code_group", 1);
  return bytesOf(n, codeSize);
}

function wrongGroup(kind, all) {
  for (let g = 0; g < groups; g++) {
    const at = g * groupSize;
    if (checkDigit(kind, g, all.slice(at, at + 5)) !== all[at + 5]) return g;
  }
  return -1;
}

function digit(sign) {
  const code = sign.codePointAt(0);
  if (code >= 0x30 && code <= 0x39) return String(code - 0x30);
  if (code >= 0xff10 && code <= 0xff19) return String(code - 0xff10);
  return null;
}

// prettier-ignore
const blanks = [
  [0x09, 0x0d], [0x20, 0x20], [0x85, 0x85], [0xa0, 0xa0], [0xad, 0xad], [0x1680, 0x1680], [0x2000, 0x200f], [0x2028, 0x202f],
  [0x205f, 0x2060], [0x2066, 0x2069], [0x3000, 0x3000], [0xfeff, 0xfeff],
];
// prettier-ignore
const separators = [
  [0x2c, 0x2e], [0x5f, 0x5f], [0x2f, 0x2f], [0xb7, 0xb7], [0x2010, 0x2015], [0x2022, 0x2022], [0x2212, 0x2212], [0x3001, 0x3002], [0x30fb, 0x30fb],
  [0xfe58, 0xfe58], [0xfe63, 0xfe63], [0xff0c, 0xff0f],
];
const within = (ranges) => (sign) => ranges.some(([first, last]) => sign.codePointAt(0) >= first && sign.codePointAt(0) <= last);
const blank = within(blanks);
const between = within(separators);

// ---- proofs

// readProof reads what a reporter typed or pasted, a card's code or one token, to the bytes that an envelope carries;
// null for nothing but blanks.
export function readProof(text) {
  if (utf8ToBytes(text).length > maxText) no("too_much_text");
  const signs = [...text].filter((sign) => !blank(sign));
  if (signs.length === 0) return null;
  return signs.every((sign) => digit(sign) !== null || between(sign)) ? parseCode(card, text) : parse(text);
}

// Ring is the RSA keys on the ledger, as {id, county, quarter, n, spki: bytes}, revoked ones left out. A county and
// quarter with more than eight, or two of one number, is left out as a whole: keys beyond those are a way to mark people.
export class Ring {
  constructor(listed) {
    this.keys = new Map();
    const numbers = new Map();
    for (const l of listed) {
      const at = l.county + "-" + l.quarter;
      const seen = numbers.get(at) || { all: new Set(), orderly: true };
      if (!Number.isInteger(l.n) || l.n < 1 || l.n > perQuarter || seen.all.has(l.n)) seen.orderly = false;
      seen.all.add(l.n);
      numbers.set(at, seen);
    }
    for (const l of listed) {
      if (!numbers.get(l.county + "-" + l.quarter).orderly) continue;
      let key;
      try {
        key = readKey(l.spki);
      } catch {
        continue;
      }
      if (key.id === l.id) this.keys.set(key.id, { ...l, modulus: key.n });
    }
  }

  // listed is what the ledger has of a key, undefined where it has none.
  listed(id) {
    return this.keys.get(id);
  }

  // check tells whose county and quarter a token's key belongs to. A card's code has no key in it: null.
  check(proof) {
    if (proof.length === codeSize) return null;
    const token = decode(proof);
    const key = this.keys.get(token.key);
    if (!key) no("unlisted");
    if (!verify(key.modulus, token.signed, token.signature)) no("signature");
    return { id: key.id, county: key.county, quarter: key.quarter, n: key.n };
  }
}
