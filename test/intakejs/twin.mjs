// Bundles what the browser is given of portal/static/src/intake, and answers one line of JSON for each read:
// {"do": name, …} with {"value": …} or, where it was refused, {"refused": {rule, zh, en, field}}, or {"failed": text}.
// With an argument it writes the bundle there instead, for a browser to load.
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const portal = fileURLToPath(new URL("../../portal/", import.meta.url));
const { buildSync } = createRequire(portal + "package.json")("esbuild");

const page = process.argv[2];
const names = ["index", "form", "kinds", "picture"];
const { outputFiles } = buildSync({
  stdin: {
    contents: names.map((name) => `export * from "./static/src/intake/${name}";`).join("\n"),
    resolveDir: portal,
  },
  absWorkingDir: portal,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: page ? "iife" : "esm",
  globalName: page ? "intake" : undefined,
  target: ["es2020"],
  alias: {
    "@noble/post-quantum/hybrid.js": "./static/src/intake/unused.js",
    "@noble/curves/nist.js": "./static/src/intake/unused.js",
  },
  logLevel: "warning",
  write: false,
});
const code = outputFiles[0].text;
if (page) {
  await writeFile(page, code);
  process.exit();
}

// As on a page without TLS.
if (process.env.WEBCRYPTO === "off") {
  const { getRandomValues } = crypto;
  Object.defineProperty(globalThis, "crypto", { value: { getRandomValues: getRandomValues.bind(crypto) } });
}

const intake = await import("data:text/javascript;base64," + Buffer.from(code).toString("base64"));

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const bytes = (text, as = "base64") => new Uint8Array(Buffer.from(text ?? "", as));

let derived; // the last keys, for seal

const does = {
  draw({ from }) {
    const source = bytes(from, "hex");
    let at = 0;
    const digits = intake.newReceipt((into) => {
      if (at + into.length > source.length) throw new Error("the source has ended");
      into.set(source.subarray(at, (at += into.length)));
    });
    return intake.grouped(digits);
  },
  drawn: ({ count }) => Array.from({ length: count }, () => intake.newReceipt()),
  parse: ({ text }) => intake.grouped(intake.parseReceipt(text)),
  async derive({ receipt, service, message }) {
    let turns = 0;
    const steps = [];
    const digits = intake.parseReceipt(receipt);
    const timer = setInterval(() => turns++, 1);
    const keys = await intake.deriveKeys(digits, bytes(service, "hex"), (done) => steps.push(done)).finally(() => clearInterval(timer));
    derived = keys;
    return {
      box: hex(keys.box),
      identity: keys.identity,
      stored: { box: hex(keys.boxHash), signer: hex(keys.signer), replies: keys.replies },
      signature: hex(keys.sign(bytes(message, "hex"))),
      turns,
      progress: steps.length > 0 && steps.every((s, i) => s >= (steps[i - 1] ?? 0)) && steps[steps.length - 1] === 1,
    };
  },
  async seal({ letter }) {
    const token = letter.token === undefined ? undefined : bytes(letter.token);
    const pictures = letter.pictures?.map((p) => bytes(p));
    return base64(await intake.sealLetter({ ...letter, keys: derived, token, pictures }));
  },
  cleared() {
    const { sign, clear } = derived;
    clear();
    const left = hex(derived.box) + derived.identity;
    sign(new Uint8Array(1));
    return left;
  },
  message: ({ sealed, identity }) => intake.openMessage(bytes(sealed), identity),
  async narrative({ sealed, identity }) {
    const { text, pictures } = await intake.openNarrative(bytes(sealed), identity);
    return { text, pictures: pictures.map(base64) };
  },
  characters: ({ text }) => intake.characters(text),
  form: ({ file }) => intake.formOf(bytes(file)),
  formed({ file }) {
    const read = bytes(file);
    const { bytes: without, orientation } = intake.formed(read, intake.formOf(read));
    return { orientation, without: base64(without) };
  },
  bare: ({ file }) => base64(intake.bare(bytes(file))),
  turn({ orientation, width, height, x, y }) {
    const [a, b, c, d, e, f] = intake.turns[orientation - 1](width, height);
    return [a * x + c * y + e, b * x + d * y + f];
  },
  supported: () => intake.supported() && (process.env.WEBCRYPTO !== "off" || crypto.subtle === undefined),
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { value: await does[asked.do](asked) };
  } catch (error) {
    if (error instanceof intake.Refusal) {
      const { rule, zh, en, field } = error;
      answer = { refused: { rule, zh, en, field }, message: error.message };
    } else {
      answer = { failed: String(error) };
    }
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
process.exit(); // whatever is still under way
