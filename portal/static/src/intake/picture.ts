// Pictures are made clean where they are: drawn on a canvas, reduced, and written anew as a bare JPEG, so that camera, place,
// time, thumbnail and whatever hangs behind the file stay behind. Nothing of the file goes anywhere else.

import { bare, damaged, formed, side } from "./form";
import { formOf } from "./kinds";
import { Refusal } from "./refusal";

const maxInput = 12 << 20; // bytes of a file
const maxOutput = 960 << 10;

export interface Clean {
  jpeg: Uint8Array;
  width: number;
  height: number;
}

// cleanPicture makes of a JPEG or PNG file a bare JPEG of at most 960 KiB and 1600 pixels, upright; a Refusal says what
// else it is, and what to do.
export async function cleanPicture(file: Blob): Promise<Clean> {
  return finishPicture(await openPicture(file));
}

// openPicture draws the file on a canvas, upright, on white, reduced, for the reporter to look at and paint over.
export async function openPicture(file: Blob): Promise<HTMLCanvasElement> {
  if (file.size > maxInput) throw refusals.tooManyBytes();
  const bytes = new Uint8Array(await file.arrayBuffer());
  const form = formOf(bytes);
  const { bytes: without, orientation } = formed(bytes, form);
  if (typeof createImageBitmap !== "function" || !truthful()) throw refusals.notHere();
  let bitmap;
  try {
    bitmap = await createImageBitmap(new Blob([without], { type: "image/" + form }));
  } catch {
    throw damaged();
  }
  try {
    return upright(bitmap, orientation);
  } finally {
    bitmap.close();
  }
}

function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw refusals.notHere();
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  return [canvas, context];
}

function upright(bitmap: ImageBitmap, orientation: number): HTMLCanvasElement {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  // By halves, so that small writing is averaged and not skipped; then turned.
  let from: CanvasImageSource = bitmap;
  let [w, h] = [bitmap.width, bitmap.height];
  while (w > 2 * width || h > 2 * height) {
    const [nextW, nextH] = [Math.max(width, Math.ceil(w / 2)), Math.max(height, Math.ceil(h / 2))];
    const [canvas, context] = canvasOf(nextW, nextH);
    context.drawImage(from, 0, 0, w, h, 0, 0, nextW, nextH);
    [from, w, h] = [canvas, nextW, nextH];
  }
  const turned = orientation >= 5;
  const [canvas, context] = canvasOf(turned ? height : width, turned ? width : height);
  context.setTransform(...turns[orientation - 1](width, height));
  context.drawImage(from, 0, 0, w, h, 0, 0, width, height);
  context.setTransform(1, 0, 0, 1, 0, 0);
  return canvas;
}

type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number];

// How a picture of that width and height in its file comes to stand, by EXIF's orientation less one.
export const turns: ((w: number, h: number) => Matrix)[] = [
  () => [1, 0, 0, 1, 0, 0],
  (w) => [-1, 0, 0, 1, w, 0],
  (w, h) => [-1, 0, 0, -1, w, h],
  (_, h) => [1, 0, 0, -1, 0, h],
  () => [0, 1, 1, 0, 0, 0],
  (_, h) => [0, 1, -1, 0, h, 0],
  (w, h) => [0, -1, -1, 0, h, w],
  (w) => [0, -1, 1, 0, 0, w],
];

// finishPicture writes the canvas as a bare JPEG, in the best quality that fits.
export async function finishPicture(canvas: HTMLCanvasElement): Promise<Clean> {
  for (let from = canvas, tries = 0; tries < 6; tries++) {
    for (const quality of [0.85, 0.7, 0.55, 0.4]) {
      const jpeg = bare(await written(from, quality));
      if (jpeg.length <= maxOutput) return { jpeg, width: from.width, height: from.height };
    }
    const [smaller, context] = canvasOf(Math.ceil(from.width * 0.75), Math.ceil(from.height * 0.75));
    context.drawImage(from, 0, 0, smaller.width, smaller.height);
    from = smaller;
  }
  throw damaged();
}

function written(canvas: HTMLCanvasElement, quality: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => {
        if (blob?.type !== "image/jpeg") return reject(refusals.notHere());
        blob.arrayBuffer().then((bytes) => resolve(new Uint8Array(bytes)), reject);
      },
      "image/jpeg",
      quality,
    ),
  );
}

// truthful tells whether this browser gives back what was drawn: some give white or noise instead, against being
// recognised, and a report would arrive with pictures of nothing.
function truthful(): boolean {
  const size = 16;
  const [, context] = canvasOf(size, size);
  const colour = (i: number) => [(i * 53) % 256, (i * 101) % 256, (i * 197) % 256];
  for (let i = 0; i < size; i++) {
    context.fillStyle = `rgb(${colour(i).join()})`;
    context.fillRect(0, i, size, 1);
  }
  const { data } = context.getImageData(0, 0, size, size);
  for (let i = 0; i < size * size; i++) {
    if (colour(Math.floor(i / size)).some((c, at) => Math.abs(c - data[4 * i + at]) > 8)) return false;
  }
  return true;
}

// brush lets the reporter paint parts of the canvas black, where a watermark names somebody. Strokes follow finger, pen or
// mouse; undo takes the last one back.
export function brush(canvas: HTMLCanvasElement): { undo(): void; strokes(): number } {
  const context = canvas.getContext("2d");
  if (!context) throw refusals.notHere();
  const [before, copy] = canvasOf(canvas.width, canvas.height);
  copy.drawImage(canvas, 0, 0);
  const strokes: [number, number][][] = [];
  let stroke: [number, number][] | undefined;

  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * canvas.width) / box.width,
      ((event.clientY - box.top) * canvas.height) / box.height,
    ];
  };
  const draw = (points: [number, number][]) => {
    context.strokeStyle = "#000";
    context.lineWidth = Math.max(canvas.width, canvas.height) / 30;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(...points[0]);
    for (const p of points) context.lineTo(...p);
    context.stroke();
  };
  canvas.style.touchAction = "none"; // a finger paints and does not scroll
  canvas.addEventListener("pointerdown", (event) => {
    if (strokes.length >= 200) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    stroke = [place(event)];
    strokes.push(stroke);
    draw(stroke);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || stroke.length >= 2000) return;
    stroke.push(place(event));
    draw(stroke.slice(-2));
  });
  const end = () => (stroke = undefined);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  return {
    strokes: () => strokes.length,
    undo() {
      strokes.pop();
      context.drawImage(before, 0, 0);
      strokes.forEach(draw);
    },
  };
}

const refusals = {
  tooManyBytes: () =>
    new Refusal(
      "picture.too_many_bytes",
      `图片文件超过 ${maxInput >> 20} MB。请打开它，截屏后传截图。`,
      `The picture's file is larger than ${maxInput >> 20} MB. Open it, take a screenshot and send that.`,
      "pictures",
    ),
  notHere: () =>
    new Refusal(
      "picture.not_here",
      "这个浏览器不让网页处理图片（有的浏览器为防跟踪会这样）。请不附图片提交，或者关闭脚本后再提交。",
      "This browser does not let a page work on pictures (some do not, against tracking). Send the report without, or send without scripts.",
      "pictures",
    ),
};
