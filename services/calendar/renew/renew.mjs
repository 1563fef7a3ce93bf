// node renew.mjs <folder of chinese-days> <calendar.json>
// Writes the years of the package into the calendar. A year whose source does
// not begin with "npm chinese-days" was edited by hand: what it says stays.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [from, to] = process.argv.slice(2);
const json = (path) => JSON.parse(readFileSync(path, "utf8"));
const days = json(join(from, "dist/chinese-days.json"));
const source = `npm chinese-days ${json(join(from, "package.json")).version}`;
const words = readFileSync(join(from, "src/holidays/generate.ts"), "utf8");

const about =
  "Holidays and make-up working days of the People's Republic of China, one entry per year as the State Council's office announced it. " +
  "To change a year or add one, edit it here, put where it was announced into its source, and set from and to. " +
  "What is announced for a year may change the last days of the year before. " +
  "A year whose source begins with “npm chinese-days” is written anew by go generate.";

// notices are the addresses in the comment that begins with the year alone on a line.
function notices(year) {
  const comment = words.match(new RegExp(`\\* *${year}\\s*\\n([\\s\\S]*?)\\*/`));
  const found = comment?.[1].match(/https?:\/\/\S+/g) ?? [];
  if (found.length === 0) throw new Error(`chinese-days names no notice for ${year}`);
  return found;
}

function made(year) {
  const byName = new Map();
  for (const kind of ["holidays", "workdays"]) {
    for (const day of Object.keys(days[kind]).filter((d) => d.startsWith(year)).sort()) {
      const [en, zh] = days[kind][day].split(",");
      if (!byName.has(zh)) byName.set(zh, { zh, en, off: [], work: [] });
      byName.get(zh)[kind === "holidays" ? "off" : "work"].push(day);
    }
  }
  const holidays = [...byName.values()].sort((a, b) => (a.off[0] < b.off[0] ? -1 : 1));
  return { year: Number(year), source, notices: notices(year), holidays };
}

const ours = (y) => y.source.startsWith("npm chinese-days");
const years = new Map();
for (const year of new Set(Object.keys(days.holidays).map((d) => d.slice(0, 4)))) years.set(Number(year), made(year));
for (const y of existsSync(to) ? json(to).years : []) if (!ours(y)) years.set(y.year, y);
const all = [...years.values()].sort((a, b) => a.year - b.year);

// A line per holiday, so that an edit is a line.
const line = (h) => "        " + JSON.stringify(h);
const block = (y) =>
  `    {\n      "year": ${y.year},\n      "source": ${JSON.stringify(y.source)},\n      "notices": ${JSON.stringify(y.notices ?? [])},\n` +
  `      "holidays": [\n${y.holidays.map(line).join(",\n")}\n      ]\n    }`;
writeFileSync(
  to,
  `{\n  "about": ${JSON.stringify(about)},\n  "from": ${all[0].year},\n  "to": ${all.at(-1).year},\n  "years": [\n${all.map(block).join(",\n")}\n  ]\n}\n`,
);
