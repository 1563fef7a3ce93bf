// What stands in a JPEG or PNG file besides the pixels: how it lies, and all that says whose it is. Orientation is read and
// left out here, for browsers differ in what they make of it.

import { latin } from "./kinds";
import { Refusal } from "./refusal";

export const maxPixels = 20_000_000;
export const side = 1600; // pixels of the longer side that comes out, at most
const maxLength = 4 * side;

export interface Form {
  bytes: Uint8Array; // the file without EXIF
  orientation: number; // 1 to 8
}

// formed reads the header of a file of this form, refuses what is too large to open, and leaves EXIF out.
export function formed(file: Uint8Array, form: "jpeg" | "png"): Form {
  return form === "jpeg" ? jpeg(file) : png(file);
}

function jpeg(file: Uint8Array): Form {
  const parts: Uint8Array[] = [file.subarray(0, 2)];
  let orientation = 0;
  let framed = false;
  for (const s of segments(file)) {
    const exif = s.marker === 0xe1 && latin(s.data.subarray(0, 6)) === "Exif\0\0";
    if (exif && orientation === 0) orientation = orientationOf(s.data.subarray(6));
    if (s.marker >= 0xc0 && s.marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(s.marker)) {
      if (s.data.length < 6 || framed) throw damaged();
      framed = true;
      bounded(s.data[3] * 256 + s.data[4], s.data[1] * 256 + s.data[2]);
    }
    if (s.marker !== 0xe1 && s.marker !== 0xfe) parts.push(s.whole);
  }
  if (!framed) throw damaged();
  return { bytes: whole(parts), orientation: orientation || 1 };
}

interface Segment {
  marker: number;
  data: Uint8Array;
  whole: Uint8Array;
}

// segments are those of a JPEG up to the first scan, which is the last one given and has all that follows.
function segments(file: Uint8Array): Segment[] {
  const found: Segment[] = [];
  let at = 2;
  while (found.length < 10_000) {
    if (file[at] !== 0xff) throw damaged();
    const from = at;
    while (file[at + 1] === 0xff) at++; // filled up
    const marker = file[at + 1];
    const size = file[at + 2] * 256 + file[at + 3];
    const end = at + 2 + size;
    if (!(size >= 2) || end > file.length || marker === 0xd8 || marker === 0xd9) throw damaged();
    const data = file.subarray(at + 4, end);
    if (marker === 0xda) {
      found.push({ marker, data, whole: file.subarray(from) });
      return found;
    }
    found.push({ marker, data, whole: file.subarray(from, end) });
    at = end;
  }
  throw damaged();
}

function png(file: Uint8Array): Form {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const parts: Uint8Array[] = [file.subarray(0, 8)];
  let orientation = 1;
  for (let at = 8, chunks = 0; ; chunks++) {
    if (at + 12 > file.length || chunks > 100_000) throw damaged();
    const size = view.getUint32(at);
    const end = at + 12 + size;
    if (end > file.length) throw damaged();
    const name = latin(file.subarray(at + 4, at + 8));
    const data = file.subarray(at + 8, end - 4);
    if ((chunks === 0) !== (name === "IHDR")) throw damaged();
    if (name === "IHDR") {
      if (size !== 13) throw damaged();
      bounded(view.getUint32(at + 8), view.getUint32(at + 12));
    }
    if (name === "acTL") throw animated();
    if (name === "eXIf") orientation = orientationOf(data);
    if (["IHDR", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "IDAT", "IEND"].includes(name)) parts.push(file.subarray(at, end));
    if (name === "IEND") return { bytes: whole(parts), orientation };
    at = end;
  }
}

// orientationOf reads EXIF's first directory and nothing else of it; 1 where it does not say it as the standard has it.
function orientationOf(tiff: Uint8Array): number {
  const order = latin(tiff.subarray(0, 4));
  if (tiff.length < 8 || (order !== "II*\0" && order !== "MM\0*")) return 1;
  const little = order === "II*\0";
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const at = view.getUint32(4, little);
  if (at < 8 || at + 2 > tiff.length) return 1;
  const count = view.getUint16(at, little);
  for (let i = 0, entry = at + 2; i < count && entry + 12 <= tiff.length; i++, entry += 12) {
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, little);
    const right = view.getUint16(entry + 2, little) === 3 && view.getUint32(entry + 4, little) === 1;
    return right && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

// bare leaves of a JPEG that a canvas made the frame, the tables and the scan: browsers add what tells them apart.
export function bare(file: Uint8Array): Uint8Array {
  const parts = [file.subarray(0, 2)];
  for (const s of segments(file)) {
    if (s.marker < 0xe0 || (s.marker > 0xef && s.marker !== 0xfe)) parts.push(s.whole);
  }
  const out = whole(parts);
  if (out[out.length - 2] !== 0xff || out[out.length - 1] !== 0xd9) throw damaged();
  return out;
}

function whole(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

function bounded(width: number, height: number): void {
  if (width === 0 || height === 0) throw damaged();
  if (width * height > maxPixels) {
    throw new Refusal(
      "picture.too_many_pixels",
      "图片超过 2000 万像素。请打开它，截屏后传截图。",
      "The picture has more than 20 million pixels. Open it, take a screenshot and send that.",
      "pictures",
    );
  }
  if (Math.max(width, height) > maxLength) {
    throw new Refusal(
      "picture.too_long",
      `图片有一边超过 ${maxLength} 像素（多半是长截图），缩小后文字会看不清。请分段截屏，传要紧的几段。`,
      `One side of the picture is longer than ${maxLength} pixels (a long screenshot, perhaps), and its writing could not be read once reduced. Take screenshots of parts and send those that matter.`,
      "pictures",
    );
  }
}

export function damaged(): Refusal {
  return new Refusal(
    "picture.damaged",
    "图片不完整、已损坏，或编码方式少见，无法打开。请重新选择；仍不行，请截屏后传截图。",
    "The picture is incomplete, damaged or stored in a rare way, and cannot be opened. Choose it again; if that does not help, take a screenshot of it and send that.",
    "pictures",
  );
}

function animated(): Refusal {
  return new Refusal(
    "picture.animated",
    "这是会动的 PNG 图片，只能收静止的图片。请把要紧的一幅截屏后传截图。",
    "This is an animated PNG and only still pictures are taken. Take a screenshot of the frame that matters and send that.",
    "pictures",
  );
}
