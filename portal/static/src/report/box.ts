// What a receipt opens, in the words that the server's page of a box has.

import { characters, deriveKeys, type Keys, maxText, openMessage, sealLetter } from "../intake";
import { type Answers, data, day, knows, type Recipient, say, unitName } from "./data";
import { el, rows } from "./dom";
import type { Fault } from "./facts";
import { deliver, Failed, news } from "./wire";

interface Box {
  known: boolean;
  waiting: boolean;
  cut: string;
  filed?: string;
  ordinal?: string;
  hash?: string;
  lane?: string;
  state?: string;
  unread?: boolean;
  unit?: string;
  clock?: { days?: number; used?: number; due?: string; paused?: boolean; until?: string };
  may?: { act: string; until?: string }[] | null;
  pending?: number;
  history?: { what: string; day: string; unit?: string; word?: string }[] | null;
  messages?: { what: string; day: string; sealed?: string; broken?: boolean }[] | null;
  changed?: { what: string; id: string; day: string }[] | null;
  investigators?: Recipient[] | null;
  above?: Recipient[] | null;
}

// Opened is a box with the keys to it.
export interface Opened {
  keys: Keys;
  box: Box;
  texts: string[];
  sent?: { words: string; envelope: Uint8Array }; // what was sealed and may have to be sent again
}

export function serviceID(): Uint8Array {
  return Uint8Array.from(data().offer.service.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export async function open(digits: string, progress: (done: number) => void): Promise<Opened> {
  const opened = { keys: await deriveKeys(digits, serviceID(), progress), box: {} as Box, texts: [] };
  await look(opened);
  return opened;
}

// look asks for news; it costs no derivation.
export async function look(opened: Opened): Promise<void> {
  opened.box = await news<Box>(opened.keys.box);
  opened.texts = [];
  for (const m of opened.box.messages ?? []) {
    try {
      opened.texts.push(await openMessage(Uint8Array.from(atob(m.sealed ?? ""), (c) => c.charCodeAt(0)), opened.keys.identity));
    } catch {
      opened.texts.push(say("box.broken"));
    }
  }
}

const word = (prefix: string, of: string | undefined): string => (of && knows(prefix + of) ? say(prefix + of) : (of ?? ""));
const step = (what: string): string => word("step.", what.replace(/^complaint\./, ""));
const names = (of: Recipient[] | null | undefined): string => [...new Set((of ?? []).map((r) => unitName(r.unit)))].join("、");

// show writes the box into the page kept for it.
export function show(root: HTMLElement, { box, texts }: Opened): void {
  const at = (name: string) => root.querySelector<HTMLElement>(`[data-${name}]`) as HTMLElement;
  const text = (name: string, value: string) => {
    const place = at(name);
    if (place) place.textContent = value;
  };
  const state = !box.known ? "" : box.waiting && !box.state ? "waiting" : (box.state ?? "");
  text("title", box.known ? word("state.", state) : say("box.nothing"));
  text("says", box.known ? word("state.", state + "Says") : say("box.nothingSays"));
  text("next", day(box.cut));
  at("known").hidden = !box.known;
  if (!box.known) return;
  rows(at("facts"), facts(box));
  fill(at("messages"), (box.messages ?? []).map((m, i) => el("li", {}, el("p", { class: "meta" }, `${day(m.day)} ${step(m.what)}`), el("p", { class: "said" }, texts[i]))));
  fill(at("changed"), (box.changed ?? []).map((c) => el("li", {}, el("span", { class: "meta" }, day(c.day)), ` ${word("change.", c.what)} `, el("code", {}, c.id))));
  fill(
    at("history"),
    (box.history ?? []).map((s) => {
      const small = [s.unit ? unitName(s.unit) : "", word("word.", s.word)].filter(Boolean).join("　");
      return el("li", {}, el("span", { class: "meta" }, day(s.day)), ` ${step(s.what)} `, small && el("small", {}, small));
    }),
  );
  for (const section of root.querySelectorAll<HTMLElement>("[data-act]")) {
    const may = (box.may ?? []).find((m) => m.act === section.dataset.act);
    if (!may) {
      section.remove();
      continue;
    }
    for (const until of section.querySelectorAll("[data-until]")) until.textContent = may.until ? say("box.until", { day: day(may.until) }) : "";
  }
  for (const e of root.querySelectorAll("[data-readers]")) e.textContent = names(box.investigators);
  for (const e of root.querySelectorAll("[data-above]")) e.textContent = names(box.above);
  rows(at("mark"), box.ordinal && box.ordinal !== "0" ? [[say("box.ordinal"), say("box.number", { n: box.ordinal })], [say("box.hash"), box.hash ?? ""]] : []);
}

function fill(section: HTMLElement, items: HTMLElement[]): void {
  section.hidden = items.length === 0;
  section.querySelector("[data-rows]")?.replaceChildren(...items);
}

function facts(box: Box): [string, string][] {
  const { days, used, due, paused, until } = box.clock ?? {};
  const places = { days: days ?? 0, used: used ?? 0, due: day(due), until: day(until) };
  const clock = paused ? say(due ? "box.paused" : "box.pausedOnly", places) : days && due ? say("box.running", places) : days ? say("box.counted", places) : "";
  const all: [string, string][] = [
    [say("box.filed"), day(box.filed)],
    [say("box.unit"), box.unit ? unitName(box.unit) : ""],
    [say("box.clock"), clock],
    [say("box.lane"), box.lane ? word("box.lane_", box.lane) : ""],
    [say("box.pending"), box.pending ? say("box.letters", { n: box.pending }) : ""],
    [say("box.unread"), box.unread ? say("box.unreadSays") : ""],
  ];
  return all.filter(([, value]) => value);
}

// tell seals what is said into the box and sends it; the same words are sent again as they were sealed.
export async function tell(opened: Opened, act: string, answers: Answers): Promise<Fault | null> {
  const wrong = (field: string, key: string, places = {}) => ({ field, text: say(key, places), step: "box" });
  const said = ["reply", "review", "retaliation"].includes(act) ? answers.get(act) : "";
  const n = characters(said);
  if (n > maxText) return wrong(act, "fault.text", { n });
  if ((act === "reply" || act === "retaliation") && said === "") return wrong(act, "fault.empty");
  if (act === "withdraw" && answers.get("sure") !== "yes") return wrong("sure", "fault.sure");
  if (act === "rate" && !answers.get("solved")) return wrong("solved", "fault.solved");
  if (act === "rate" && !answers.get("satisfied")) return wrong("satisfied", "fault.satisfied");
  const rating = act === "rate" ? { solved: answers.get("solved") === "yes", satisfied: answers.get("satisfied") === "yes" } : {};
  const facts = JSON.stringify({ v: 1, act, ...rating });
  const to = (act === "retaliation" ? opened.box.above : opened.box.investigators) ?? [];
  if (to.length < 2) throw new Failed(say("js.tooFew"));
  if (opened.sent?.words !== facts + said) {
    const envelope = await sealLetter({ kind: "follow-up", keys: opened.keys, facts, text: said, engine: data().offer.engine, investigators: to.map((r) => r.key) });
    opened.sent = { words: facts + said, envelope };
  }
  await deliver(opened.sent.envelope);
  opened.sent = undefined;
  return null;
}
