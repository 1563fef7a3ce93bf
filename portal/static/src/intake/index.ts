// All that the reporting page needs of receipts, envelopes, pictures and tokens.

import { Refusal } from "./refusal";
import { TokenError } from "./token";
import { tokenSays } from "./token_words";

export { Refusal };
export { readProof, Ring, TokenError } from "./token";
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

// says is what to tell the reporter of an error of any of these, "" where it is none of theirs.
export function says(error: unknown, lang: string): string {
  if (error instanceof Refusal) return error.text(lang);
  return error instanceof TokenError ? tokenSays(error, lang) : "";
}
