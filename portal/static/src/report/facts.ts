// The answers in the words of services/complaint/claim, what is still missing in them, and who may read a report with such
// facts. The server checks the same again at the cut; here it is told before anything is sealed.

import { characters, maxText } from "../intake";
import { type Answers, data, type Recipient, say } from "./data";

const levels = ["CENTRAL", "PROVINCE", "CITY", "COUNTY", "TOWNSHIP", "VILLAGE"];
const digits = [0, 2, 4, 6, 9, 12]; // of a division's code, by level
const centre = "0";

export interface Facts {
  v: 1;
  mandate?: string;
  paper?: string;
  issuer?: string;
  level?: string;
  within?: string;
  dimension: string;
  measure?: string;
  cameDown?: string;
  asked?: string;
  due?: string;
  minutes?: number;
  forms?: string[];
  motive?: string;
}

export interface Fault {
  field: string;
  text: string;
  step: string;
}

export function factsOf(a: Answers): Facts {
  const [kind, of] = [a.get("who").slice(0, a.get("who").indexOf(":")), a.get("who").slice(a.get("who").indexOf(":") + 1)];
  const measure = a.get("measure");
  const f: Facts = {
    v: 1,
    mandate: a.get("task"),
    paper: a.get("task") ? "" : a.get("paper"),
    issuer: kind === "unit" ? of : "",
    level: kind === "level" ? of : "",
    within: a.get("place"),
    dimension: a.get("dimension"),
    measure: a.get("task") && measure.startsWith(a.get("task") + "/") ? measure : "",
    cameDown: figure(a.get("down")),
    asked: figure(a.get("asked")),
    due: a.get("due"),
    minutes: Number(a.get("minutes")) || 0,
    forms: a.all("form"),
    motive: a.get("motive"),
  };
  for (const [name, value] of Object.entries(f)) {
    if (value === "" || value === 0 || (Array.isArray(value) && value.length === 0)) delete f[name as keyof Facts];
  }
  return f;
}

// figure is a number as people type it.
function figure(text: string): string {
  return text
    .replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xff10 + 0x30))
    .replace(/．/g, ".")
    .replace(/[,，\s]/g, "");
}

export function faultsOfFirst(a: Answers): Fault[] {
  const out: Fault[] = [];
  const add = (field: string, key: string) => out.push({ field, text: say(key), step: "1" });
  const f = factsOf(a);
  if (!f.mandate && !f.paper) add("task", "fault.task");
  if (f.paper && [...f.paper].length > 40) add("paper", "fault.paper");
  if (!f.issuer && !f.level) add("who", "fault.who");
  if (f.level && !f.within) add("place", "fault.place");
  if (f.issuer && f.within && !contains(territory(f.issuer), f.within) && !contains(f.within, territory(f.issuer))) add("place", "fault.place");
  if (!f.dimension) add("dimension", "fault.dimension");
  return out;
}

export function faultsOfSecond(a: Answers): Fault[] {
  const out: Fault[] = [];
  const f = factsOf(a);
  const amount = f.dimension === "frequency" ? /^\d{1,6}\/\d{1,5}$/ : /^\d{1,12}(\.\d{1,6})?$/;
  if (f.cameDown && !amount.test(f.cameDown)) out.push({ field: "down", text: say("fault.down"), step: "2" });
  if (f.asked && !amount.test(f.asked)) out.push({ field: "asked", text: say("fault.asked"), step: "2" });
  const n = characters(a.get("text"));
  if (n > maxText) out.push({ field: "text", text: say("fault.text", { n }), step: "2" });
  return out;
}

const territory = (code: string): string => code.split("-")[0];

function levelOf(code: string): number {
  const division = territory(code);
  return division === centre ? 0 : digits.indexOf(division.length);
}

function contains(area: string, code: string): boolean {
  return area === centre || area === code || (!area.includes("-") && code.startsWith(area));
}

// names tells whether the facts name a unit, or one above it: the twin of the recusal rule of services/complaint.
function names(f: Facts, code: string): boolean {
  const below = (named: string) => contains(named, code) || code.startsWith(named + "-");
  if (f.issuer) return below(f.issuer);
  const level = levels.indexOf(f.level ?? "");
  if (level < 0 || !f.within) return true;
  if (level <= levelOf(f.within)) return below(level === 0 ? centre : territory(f.within).slice(0, digits[level]));
  return contains(f.within, code) && levelOf(code) >= level;
}

// readers are those to whom the narrative is sealed: first those in whose territory it belongs, then as many others as it
// takes to make two, nobody of the unit named or below it. Fewer than two is none.
export function readers(f: Facts): Recipient[] {
  const place = f.within || territory(f.issuer ?? "");
  const free = (data().offer.investigators ?? []).filter((r) => !r.unit || ![r.unit, ...(r.up ?? []).map((u) => u.code)].some((code) => names(f, code)));
  const mine = free.filter((r) => !r.unit || contains(territory(r.unit), place)).sort(nearest);
  const others = free.filter((r) => !mine.includes(r)).sort(nearest);
  while (mine.length < 2 && others.length > 0) mine.push(others.shift() as Recipient);
  return mine.length < 2 ? [] : mine.slice(0, 8);
}

function nearest(a: Recipient, b: Recipient): number {
  const length = territory(b.unit).length - territory(a.unit).length;
  return length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
