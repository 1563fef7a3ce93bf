import { Refusal } from "./refusal";

export interface Clean { jpeg: Uint8Array; width: number; height: number }

// openPicture reads a JPEG or PNG file into a canvas, upright, on white, at most 1600 pixels; a Refusal says what else it is.
export async function openPicture(file: Blob): Promise<HTMLCanvasElement> { throw new Refusal("picture.unbuilt", "", ""); }

// brush lets the reporter paint parts of the canvas black; undo takes the last stroke back.
export function brush(canvas: HTMLCanvasElement): { undo(): void; strokes(): number } { throw new Refusal("picture.unbuilt", "", ""); }

// finishPicture makes of a canvas a bare JPEG of at most 960 KiB.
export async function finishPicture(canvas: HTMLCanvasElement): Promise<Clean> { throw new Refusal("picture.unbuilt", "", ""); }

// cleanPicture is both, without a brush.
export async function cleanPicture(file: Blob): Promise<Clean> { return finishPicture(await openPicture(file)); }
