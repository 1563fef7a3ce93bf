// Holds the twin in the browser to test/cases/tokens.json and to what Go sends on standard input; prints what it found wrong.
import { readFileSync } from "node:fs";
import * as token from "../../../../portal/static/src/intake/token.js";
import { tokenWords } from "../../../../portal/static/src/intake/token_words.js";

const cases = JSON.parse(readFileSync(new URL("../../../../test/cases/tokens.json", import.meta.url)));
const given = JSON.parse(readFileSync(0));
const wrong = [];
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text, form) => new Uint8Array(Buffer.from(text, form));
const same = (about, got, want) => {
  if (JSON.stringify(got) !== JSON.stringify(want)) wrong.push(`${about}: ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
};
const refused = (about, rule, run) => {
  try {
    run();
    wrong.push(`${about}: not refused`);
  } catch (error) {
    same(about, error.rule || String(error), rule);
  }
};

for (const c of cases.keys) {
  if (c.id) same(c.about, token.readKey(bytes(c.spki, "base64")).id, c.id);
  else refused(c.about, "token.key", () => token.readKey(bytes(c.spki, "base64")));
}
const key = token.readKey(bytes(cases.keys[0].spki, "base64"));
for (const c of cases.tokens) {
  const data = token.fromBase64(c.token);
  same(c.about + ", text", token.textOf(data), c.text);
  same(c.about + ", nullifier", hex(token.nullifier(data)), c.nullifier);
  const { signed, signature } = token.decode(data);
  same(c.about + ", signature", token.verify(key.n, signed, signature), c.good);
}
for (const c of cases.codes) {
  same("a code's text", token.codeText(c.kind, bytes(c.bits, "hex")), c.text);
  same("a code's hash", hex(token.codeHash(c.kind, bytes(c.bits, "hex"))), c.hash);
}
const as = {
  token: token.parse,
  tokens: (text) => Buffer.concat(token.parseAll(text)),
  card: (text) => token.parseCode(token.card, text),
  enrolment: (text) => token.parseCode(token.enrolment, text),
  proof: (text) => token.readProof(text) || [],
};
for (const c of cases.parse) {
  const about = `${c.about} (${c.as})`;
  try {
    same(about, { rule: "", proof: hex(as[c.as](c.text)) }, { rule: c.rule, proof: c.proof });
  } catch (error) {
    same(about, { rule: error.rule || String(error), group: error.group || 0 }, { rule: c.rule, group: c.group || 0 });
  }
}
// A ring takes what Go's takes.
const listed = { id: key.id, county: "990101", quarter: "2026Q4", n: 1, spki: bytes(cases.keys[0].spki, "base64") };
const good = token.fromBase64(cases.tokens[0].token);
same("listed", new token.Ring([listed]).check(good), { id: key.id, county: "990101", quarter: "2026Q4", n: 1 });
same("a card", new token.Ring([listed]).check(new Uint8Array(16)), null);
refused("no keys", "token.unlisted", () => new token.Ring([]).check(good));
for (const n of [9, 0, 1, 1.5]) refused(`another key ${n}`, "token.unlisted", () => new token.Ring([listed, { ...listed, n }]).check(good));
refused("another id", "token.unlisted", () => new token.Ring([{ ...listed, id: "00" }]).check(good));
for (const c of cases.tokens.filter((c) => !c.good)) refused(c.about, "token.signature", () => new token.Ring([listed]).check(token.fromBase64(c.token)));
// Signatures of RFC 9474, and the words.
for (const v of given.vectors) same(v.name, token.verify(bytes(v.n, "hex"), bytes(v.message, "hex"), bytes(v.sig, "hex")), v.name.includes("-PSS-"));
same("words", Object.fromEntries(Object.entries(tokenWords).sort()), given.words);

console.log(wrong.join("\n"));
