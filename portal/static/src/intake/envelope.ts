// How a report travels: two age files in a whole of one of two sizes, signed by the reporter. The twin of
// services/intake/envelope, which documents the layout, held to test/cases/envelopes.json. What is drawn here is drawn by
// the browser, so a page that sends again sends the bytes it has.

import { sha256 } from "@noble/hashes/sha2.js";
import { nextTick } from "@noble/hashes/utils.js";
import { Decrypter, Encrypter } from "age-encryption";
import { by, pointOf, to, toNobody } from "./age";
import { ascii, joined, type Keys } from "./receipt";
import { Refusal } from "./refusal";

export const textSize = 16 << 10;
export const picturesSize = 4 << 20;
export const maxFacts = 1400; // bytes
export const maxText = 300; // characters (code points), line breaks as one
export const maxPictures = 3;
export const maxPicture = 960 << 10; // bytes
export const messageSize = 2936;

const maxToken = 512;
const maxMessage = 2048;
const at = { kind: 8, class: 9, token: 10, box: 16, signer: 48, replies: 80, tokenRoom: 144, facts: 656, narrative: 2264 };
const factsRoom = 1408;
const messageRoom = 2 + maxMessage;
const narrativeRooms = [13170, 4190082];
const textAt = 3 + 4 * maxPictures;
const stanzas = 8;

export interface Letter {
  kind: "report" | "follow-up";
  keys: Keys;
  token?: Uint8Array; // as readProof gives it, or none
  facts: string; // JSON of services/complaint/claim
  text?: string;
  pictures?: Uint8Array[]; // as cleanPicture gives them
  engine: string; // age1…
  investigators: string[]; // age1…, two to eight
}

// characters counts a text as the server does.
export function characters(text: string): number {
  return [...lines(text)].length;
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

// sealLetter gives an envelope of exactly textSize or picturesSize bytes, to be sent as it is, and again as it is where
// sending failed. What the reporter can do something about is a Refusal.
export async function sealLetter(l: Letter): Promise<Uint8Array> {
  const facts = ascii(l.facts);
  const token = l.token ?? new Uint8Array();
  const text = lines(l.text ?? ""); // half a character, which keyboards leave behind, becomes U+FFFD in UTF-8
  const pictures = l.pictures ?? [];
  if (facts.length === 0 || facts.length > maxFacts) throw refusals.facts();
  if (token.length > maxToken) throw new Error("the token is too long");
  if ([...text].length > maxText) throw refusals.textTooLong();
  if (pictures.length > maxPictures) throw refusals.tooManyPictures();
  if (!pictures.every((p) => isJPEG(p) && p.length <= maxPicture)) throw refusals.picture();
  distinct(l.investigators, 2);

  const large = pictures.length > 0;
  const out = new Uint8Array(large ? picturesSize : textSize);
  const view = new DataView(out.buffer);
  out.set(ascii("suyuan-1"));
  out[at.kind] = l.kind === "report" ? 1 : 2;
  out[at.class] = large ? 2 : 1;
  view.setUint16(at.token, token.length);
  out.set(l.keys.boxHash, at.box);
  out.set(l.keys.signer, at.signer);
  out.set(ascii(l.keys.replies), at.replies);
  out.set(token, at.tokenRoom);
  await sealed(prefixed(facts, factsRoom), [l.engine], 1, out, at.facts, at.narrative);
  const body = out.length - 64;
  await sealed(narrative(text, pictures, large), l.investigators, stanzas, out, at.narrative, body);
  out.set(l.keys.sign(joined(ascii("suyuan-envelope-v1"), await hash(out.subarray(0, body)))), body);
  return out;
}

// sealed puts an age file of plain exactly where the next part begins: another size would show. It goes piece by piece, so
// that the page stays awake.
async function sealed(plain: Uint8Array, recipients: string[], count: number, out: Uint8Array, from: number, end: number): Promise<void> {
  const encrypter = new Encrypter();
  for (const r of recipients) encrypter.addRecipient(to(r));
  for (let i = recipients.length; i < count; i++) encrypter.addRecipient(toNobody);
  try {
    const file = (await encrypter.encrypt(pieces(plain))).getReader();
    let next = from;
    for (let read = await file.read(); !read.done; read = await file.read()) {
      if (next + read.value.length > end) throw new Error("sealed to more than there is room for");
      out.set(read.value, next);
      next += read.value.length;
    }
    if (next !== end) throw new Error(`sealed to ${next - from} bytes, want ${end - from}`);
  } finally {
    plain.fill(0);
  }
}

const piece = 64 << 10;

function pieces(plain: Uint8Array): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    async pull(to) {
      if (next > 0) await nextTick();
      to.enqueue(plain.slice(next, next + piece));
      next += piece;
      if (next >= plain.length) to.close();
    },
  });
}

async function hash(bytes: Uint8Array): Promise<Uint8Array> {
  const sum = sha256.create();
  for (let next = 0; next < bytes.length; next += piece) {
    sum.update(bytes.subarray(next, next + piece));
    if (next > 0) await nextTick();
  }
  return sum.digest();
}

function distinct(recipients: string[], least: number): void {
  const points = new Set(recipients.map((r) => pointOf(r).join()));
  if (recipients.length < least || recipients.length > stanzas || points.size !== recipients.length) {
    throw new Error("recipients are too few, too many, or named twice");
  }
}

function prefixed(text: Uint8Array, room: number): Uint8Array {
  const out = new Uint8Array(room);
  new DataView(out.buffer).setUint16(0, text.length);
  out.set(text, 2);
  return out;
}

function narrative(text: string, pictures: Uint8Array[], large: boolean): Uint8Array {
  const room = new Uint8Array(narrativeRooms[Number(large)]);
  const view = new DataView(room.buffer);
  const bytes = ascii(text);
  view.setUint16(0, bytes.length);
  room[2] = pictures.length;
  room.set(bytes, textAt);
  let next = textAt + bytes.length;
  pictures.forEach((p, i) => {
    view.setUint32(3 + 4 * i, p.length);
    room.set(p, next);
    next += p.length;
  });
  return room;
}

function isJPEG(p: Uint8Array): boolean {
  return p[0] === 0xff && p[1] === 0xd8 && p[2] === 0xff;
}

// openMessage opens what an investigator sealed to the reporter of these keys; identity is Keys.identity.
export async function openMessage(file: Uint8Array, identity: string): Promise<string> {
  if (file.length !== messageSize) throw refusals.unopened();
  const room = await opened(file, identity, messageRoom);
  const size = room[0] * 256 + room[1];
  if (size === 0 || size > maxMessage || !zero(room, 2 + size)) throw refusals.unopened();
  return shown(room.subarray(2, 2 + size));
}

export interface Narrative {
  text: string;
  pictures: Uint8Array[]; // from a stranger: drawn on a canvas and nowhere else
}

// openNarrative opens a narrative with an investigator's identity (AGE-SECRET-KEY-1…).
export async function openNarrative(file: Uint8Array, identity: string): Promise<Narrative> {
  const large = file.length !== textSize - 64 - at.narrative;
  if (large && file.length !== picturesSize - 64 - at.narrative) throw refusals.unopened();
  const room = await opened(file, identity, narrativeRooms[Number(large)]);
  const view = new DataView(room.buffer, room.byteOffset);
  const size = view.getUint16(0);
  const count = room[2];
  if (size > maxText * 4 || count > maxPictures || large !== count > 0) throw refusals.unopened();
  const text = shown(room.subarray(textAt, textAt + size));
  if ([...text].length > maxText) throw refusals.unopened();
  const pictures: Uint8Array[] = [];
  let next = textAt + size;
  for (let i = 0; i < maxPictures; i++) {
    const length = view.getUint32(3 + 4 * i);
    if (i >= count ? length !== 0 : length > Math.min(maxPicture, room.length - next)) throw refusals.unopened();
    if (i >= count) continue;
    const p = room.slice(next, next + length);
    if (!isJPEG(p)) throw refusals.unopened();
    pictures.push(p);
    next += length;
  }
  if (!zero(room, next)) throw refusals.unopened();
  return { text, pictures };
}

async function opened(file: Uint8Array, identity: string, size: number): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(by(identity));
  let room;
  try {
    room = await decrypter.decrypt(file);
  } catch {
    throw refusals.unopened(); // the library's words may quote what it read
  }
  if (room.length !== size) throw refusals.unopened();
  return room;
}

function zero(room: Uint8Array, from: number): boolean {
  for (let i = from; i < room.length; i++) if (room[i] !== 0) return false;
  return true;
}

function shown(bytes: Uint8Array): string {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusals.unopened();
  }
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");
}

const refusal =
  (rule: string, zh: string, en: string, field = "") =>
  () =>
    new Refusal("envelope." + rule, zh, en, field);

const refusals = {
  textTooLong: refusal(
    "text_too_long",
    "说明最多 300 个字，请缩短后再提交。",
    "The description has at most 300 characters; make it shorter.",
    "text",
  ),
  tooManyPictures: refusal(
    "too_many_pictures",
    "最多可以附 3 张图片，请去掉多余的。",
    "At most 3 pictures can be sent; take out the others.",
    "pictures",
  ),
  picture: refusal(
    "picture",
    "图片没有处理好：应当是不超过 960 KiB 的 JPEG。请重新选择图片。",
    "A picture was not made ready: it has to be a JPEG of at most 960 KiB. Choose it again.",
    "pictures",
  ),
  facts: refusal(
    "facts",
    "填写的事实缺失，或者太多、放不下；请少选几项，说明写短一些。",
    "The facts are missing, or too many to fit; choose fewer and put them shortly.",
  ),
  unopened: refusal(
    "unopened",
    "打不开：不是封给这把钥匙的，或者内容被改动过。请核对钥匙和文件。",
    "It cannot be opened: it was not sealed to this key, or was changed. Compare the key and the file.",
  ),
};
