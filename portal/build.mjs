// Bundles the portal's scripts into static/dist, from where they are embedded in the binary.
// The same sources and lock file give the same bytes; the sums printed let anyone compare.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

const shared = {
  absWorkingDir: here,
  outdir: "static/dist",
  bundle: true,
  minify: true,
  sourcemap: false,
  charset: "utf8",
  format: "iife",
  target: ["es2020"],
  legalComments: "inline",
  logLevel: "warning",
  metafile: true,
  // A third of what reporting pages load is of age-encryption's and for keys that nobody here has.
  alias: {
    "@noble/post-quantum/hybrid.js": "./static/src/intake/unused.js",
    "@noble/curves/nist.js": "./static/src/intake/unused.js",
  },
};

const built = await Promise.all([
  build({ ...shared, entryPoints: { app: "static/src/app.ts", report: "static/src/report.ts", narrative: "static/src/narrative.ts" } }),
  // The library for blind signatures asks for crypto.subtle, which pages without TLS do not have.
  build({ ...shared, entryPoints: { issuer: "static/src/issuer.js" }, define: { "crypto.subtle": "subtle" }, inject: ["static/src/issuer/subtle.js"] }),
]);
const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));

for (const path of Object.keys(outputs).sort()) {
  const bytes = await readFile(join(here, path));
  const sum = createHash("sha256").update(bytes).digest("hex");
  console.log(`${sum}  ${relative(here, join(here, path))}  ${bytes.length} bytes`);
}
