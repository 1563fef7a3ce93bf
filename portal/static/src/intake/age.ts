// Recipients and identities for age-encryption, without WebCrypto: on a page without TLS (an onion page) crypto.subtle is
// absent, and the library's own stop there.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { base64nopad, bech32 } from "@scure/base";
import { type Identity, type Recipient, Stanza } from "age-encryption";
import { ascii, joined } from "./receipt";

const label = ascii("age-encryption.org/v1/X25519");
const noNonce = new Uint8Array(12); // each wrapping key is used once

export function pointOf(recipient: string): Uint8Array {
  return decoded(recipient, "age");
}

function decoded(text: string, prefix: string): Uint8Array {
  let read;
  try {
    read = bech32.decodeToBytes(text);
  } catch {
    throw new Error("no X25519 key of age"); // the library's words may quote it
  }
  if (read.prefix !== prefix || read.bytes.length !== 32) throw new Error("no X25519 key of age");
  return read.bytes;
}

function wrapping(secret: Uint8Array, share: Uint8Array, point: Uint8Array) {
  return chacha20poly1305(hkdf(sha256, secret, joined(share, point), label, 32), noNonce);
}

export function to(recipient: string): Recipient {
  const point = pointOf(recipient);
  return {
    wrapFileKey(fileKey: Uint8Array): Stanza[] {
      const ephemeral = randomBytes(32);
      const share = x25519.getPublicKey(ephemeral);
      const body = wrapping(x25519.getSharedSecret(ephemeral, point), share, point).encrypt(fileKey);
      return [new Stanza(["X25519", base64nopad.encode(share)], body)];
    },
  };
}

// A stanza that nobody can open, and nobody can tell from one that somebody can.
export const toNobody: Recipient = {
  wrapFileKey(): Stanza[] {
    return [new Stanza(["X25519", base64nopad.encode(x25519.getPublicKey(randomBytes(32)))], randomBytes(32))];
  },
};

export function by(identity: string): Identity {
  const scalar = decoded(identity.toLowerCase(), "age-secret-key-");
  const point = x25519.getPublicKey(scalar);
  return {
    unwrapFileKey(stanzas: Stanza[]): Uint8Array | null {
      for (const s of stanzas) {
        if (s.args[0] !== "X25519" || s.args.length !== 2 || s.body.length !== 32) continue;
        try {
          const share = base64nopad.decode(s.args[1]);
          return wrapping(x25519.getSharedSecret(scalar, share), share, point).decrypt(s.body);
        } catch {
          continue; // not to this key
        }
      }
      return null;
    },
  };
}
