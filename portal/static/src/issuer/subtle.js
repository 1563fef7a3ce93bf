// What @cloudflare/blindrsa-ts asks of crypto.subtle, for pages that have none (no TLS): SHA-384, the two numbers of a
// public key, and the check of a signature. build.mjs puts it in the place of crypto.subtle in the issuer's bundle.
import { sha384 } from "@noble/hashes/sha2.js";
import { modulusSize, toBase64, verify } from "../intake/token.js";

// publicKey is the modulus in the form of a CryptoKey.
export function publicKey(n) {
  return {
    type: "public",
    extractable: true,
    algorithm: { name: "RSA-PSS", modulusLength: 8 * modulusSize, publicExponent: Uint8Array.of(1, 0, 1), hash: { name: "SHA-384" } },
    n,
  };
}

export const subtle = {
  async digest(name, data) {
    if (name !== "SHA-384") throw new Error("digest: SHA-384 only");
    return sha384(data).buffer;
  },
  async exportKey(format, key) {
    if (format !== "jwk") throw new Error("exportKey: jwk only");
    return { kty: "RSA", n: toBase64(key.n), e: "AQAB" };
  },
  async verify(algorithm, key, signature, data) {
    if (algorithm.name !== "RSA-PSS" || algorithm.saltLength !== 48) throw new Error("verify: RSA-PSS with 48 bytes of salt only");
    return verify(key.n, data, signature);
  },
};
