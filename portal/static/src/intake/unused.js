// Stands in the bundle for what age-encryption brings along for recipients that nobody here has (post-quantum keys, keys on
// hardware tokens): a third of what a telephone would load.
function none() {
  throw new Error("this kind of age key is not used here");
}

const kem = { encapsulate: none, decapsulate: none, getPublicKey: none };
export { kem as MLKEM768P256, kem as MLKEM768X25519 };
export const p256 = { utils: { randomSecretKey: none }, getPublicKey: none, getSharedSecret: none };
