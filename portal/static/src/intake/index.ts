// All that the reporting page needs of receipts, envelopes, pictures and tokens.

export { Refusal } from "./refusal";
export { deriveKeys, grouped, type Keys, newReceipt, parseReceipt } from "./receipt";
export {
  characters,
  type Letter,
  maxFacts,
  maxPictures,
  maxText,
  messageSize,
  type Narrative,
  openMessage,
  openNarrative,
  sealLetter,
} from "./envelope";
export { brush, type Clean, cleanPicture, finishPicture, openPicture } from "./picture";

// supported tells whether this browser can do it; one that cannot sends the form to the server instead.
export function supported(): boolean {
  return (
    typeof BigInt === "function" &&
    typeof crypto === "object" &&
    typeof crypto.getRandomValues === "function" &&
    typeof TransformStream === "function" &&
    typeof ReadableStream === "function" &&
    typeof TextDecoder === "function"
  );
}
