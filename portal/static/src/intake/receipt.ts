// What a reporter keeps: 28 digits, from which everything is derived that opens the report's box again. The twin of
// services/intake/receipt, held to test/cases/receipts.json. Nothing here stores anything or writes to the console.

import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { argon2idAsync } from "@noble/hashes/argon2.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";
import { Refusal } from "./refusal";

const length = 28;
const random = 26; // the last two are check digits

// Fills an array with random bytes.
export type Source = (into: Uint8Array) => void;

const chance: Source = (into) => void crypto.getRandomValues(into);

// newReceipt draws 28 digits, every receipt as likely as any other: of the source's bytes those of 250 and more are left
// out, the others taken modulo 10.
export function newReceipt(source: Source = chance): string {
  const block = new Uint8Array(32);
  let digits = "";
  for (let blocks = 0; blocks < 16; blocks++) {
    source(block);
    for (const b of block) {
      if (b < 250 && digits.length < random) digits += b % 10;
    }
    if (digits.length === random) {
      block.fill(0);
      return digits + check(digits);
    }
  }
  throw new Error("no chance: the source is not random");
}

// check is 98 − (the number·100 mod 97), two digits.
function check(digits: string): string {
  let rest = 0;
  for (const d of digits) rest = (rest * 10 + Number(d)) % 97;
  return String(98 - ((rest * 100) % 97)).padStart(2, "0");
}

// grouped is how a receipt is shown: seven groups of four.
export function grouped(digits: string): string {
  return digits.replace(/(....)(?=.)/g, "$1 ");
}

// Signs that may stand between digits: spaces, ends of lines, what is not seen, dashes, dots, commas, strokes, in half and
// full width.
const separator =
  /[\t-\r \xa0\u1680\u2000-\u200a\u202f\u205f\u3000\x85\u2028\u2029\xad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d,./_|\xb7\u2022\u2026\u2027\u30fb\u3001\u3002\uff0c\uff0e\uff0f\uff3f\uff5c]/;

// parseReceipt reads a receipt as people type and paste it and gives its 28 digits, or throws a Refusal in which nothing
// of the text is.
export function parseReceipt(text: string): string {
  if (new TextEncoder().encode(text).length > 1024) throw refusals.tooMuchText();
  let digits = "";
  let strange = false;
  for (const sign of text) {
    const d = digit(sign);
    if (d === "") {
      strange ||= digits !== "" && !separator.test(sign);
    } else if (strange) {
      throw refusals.sign();
    } else if (digits.length === length) {
      throw refusals.tooMany();
    } else {
      digits += d;
    }
  }
  if (digits === "") throw refusals.missing();
  if (digits.length < length) throw refusals.tooFew();
  if (check(digits.slice(0, random)) !== digits.slice(random)) throw refusals.check();
  return digits;
}

function digit(sign: string): string {
  if (sign >= "0" && sign <= "9") return sign;
  if (sign >= "０" && sign <= "９") return String.fromCharCode(sign.charCodeAt(0) - 0xff10 + 0x30);
  return "";
}

// Keys are what a receipt gives at one service.
export interface Keys {
  readonly box: Uint8Array; // the box's id, by which the reporter asks for it
  readonly boxHash: Uint8Array; // what the service stores of it
  readonly signer: Uint8Array; // the reporter's public key
  readonly replies: string; // age1…: what messages are sealed to
  readonly identity: string; // AGE-SECRET-KEY-1…: what opens them
  sign(message: Uint8Array): Uint8Array;
  clear(): void; // overwrites what can be overwritten; nothing can be signed afterwards
}

// deriveKeys runs Argon2id (19 MiB, two passes), in slices of some 10 ms so that the page stays awake; progress goes from
// 0 to 1. digits are parseReceipt's or newReceipt's, service the id the page gives.
export async function deriveKeys(digits: string, service: Uint8Array, progress?: (done: number) => void): Promise<Keys> {
  if (!/^[0-9]{28}$/.test(digits) || service.length === 0) throw new Error("no receipt, or no service id");
  const salt = sha256(joined(service, ascii("rcpt-v1"))).slice(0, 16);
  const master = await argon2idAsync(ascii(digits), salt, {
    t: 2,
    m: 19 * 1024,
    p: 1,
    dkLen: 32,
    asyncTick: 10,
    onProgress: progress,
  });
  return keysOf(master);
}

export function keysOf(master: Uint8Array): Keys {
  const prk = extract(sha256, master);
  const key = (use: string) => expand(sha256, prk, ascii("rcpt-v1 " + use), 32);
  const box = key("box");
  const signing = key("signing");
  const reply = key("reply");
  const keys = {
    box,
    boxHash: sha256(box),
    signer: ed25519.getPublicKey(signing),
    replies: bech32.encodeFromBytes("age", x25519.getPublicKey(reply)),
    identity: bech32.encodeFromBytes("AGE-SECRET-KEY-", reply).toUpperCase(),
    sign: (message: Uint8Array) => {
      if (signing.every((b) => b === 0)) throw new Error("these keys were cleared");
      return ed25519.sign(message, signing);
    },
    clear: () => {
      for (const secret of [box, signing, reply]) secret.fill(0);
      keys.identity = ""; // a text cannot be overwritten; it is let go
    },
  };
  for (const done of [prk, master]) done.fill(0);
  return keys;
}

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
}

const refusal = (rule: string, zh: string, en: string) => () => new Refusal("receipt." + rule, zh, en, "receipt");

const refusals = {
  missing: refusal(
    "missing",
    "请输入回执：28 个数字，每 4 个一组，共 7 组。",
    "Enter the receipt: 28 digits, seven groups of four.",
  ),
  tooMuchText: refusal(
    "too_much_text",
    "粘贴的文字太长；请只输入回执的 28 个数字。",
    "The text pasted is too long; enter the 28 digits of the receipt only.",
  ),
  tooFew: refusal(
    "too_few",
    "数字不够：回执有 28 个数字，每 4 个一组，共 7 组；请对照回执逐组核对，看漏了哪些。",
    "Digits are missing: a receipt has 28, seven groups of four. Compare group by group and see which were left out.",
  ),
  tooMany: refusal(
    "too_many",
    "数字太多：回执只有 28 个数字，每 4 个一组，共 7 组；请对照回执逐组核对，去掉多余的。",
    "There are too many digits: a receipt has 28, seven groups of four. Compare group by group and take out what does not belong.",
  ),
  sign: refusal(
    "sign",
    "数字之间有别的字符，例如把 0 打成了字母 O、把 1 打成了字母 l；请只输入回执的 28 个数字，中间可以有空格或横线。",
    "Between the digits stands something else, a letter O for 0 or l for 1 perhaps. Enter the 28 digits of the receipt only; spaces and dashes between them do no harm.",
  ),
  check: refusal(
    "check",
    "最后两位校验数字与前面的数字不相符：可能打错了一个数字，或者有两个数字换了位置；请对照回执逐组核对。",
    "The two check digits at the end do not fit the others: a digit is mistyped, or two have changed places. Compare group by group with the receipt.",
  ),
};
