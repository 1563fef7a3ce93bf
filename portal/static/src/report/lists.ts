// The searches of the first step, here instead of on the server: what is looked for is told nobody.

import { type Answers, data, say, type Unit } from "./data";
import { choice, one } from "./dom";

interface Entry {
  value: string;
  text: string;
  small: string;
  search: string;
}

// lists fills the three lists and keeps them to what is typed above them.
export function lists(form: HTMLFormElement, answers: Answers): void {
  const { mandates, units } = data();
  const level = (u: Unit) => one<HTMLInputElement>(`input[name="who"][value="level:${u.level}"]`)?.nextElementSibling?.textContent ?? "";
  const tasks = (mandates ?? []).map((m) => ({ value: m.id, text: m.title, small: m.number ?? "", search: `${m.title}\n${m.number ?? ""}\n${m.id}` }));
  const bodies = (prefix: string, fits: (u: Unit) => boolean) =>
    (units ?? []).filter(fits).map((u) => ({ value: prefix + u.code, text: u.name, small: level(u), search: `${u.name}\n${u.code}` }));
  list(form, answers, "task", "taskq", tasks, true);
  list(form, answers, "who", "whoq", bodies("unit:", (u) => u.level !== "VILLAGE"), false);
  list(form, answers, "place", "placeq", bodies("", isPlace), true);
}

function isPlace(u: Unit): boolean {
  return u.code.length <= 6 && !u.code.includes("-") && u.level !== "TOWNSHIP" && u.level !== "VILLAGE";
}

// list shows what fits the query; without one all, where all is short enough.
function list(form: HTMLFormElement, answers: Answers, name: string, query: string, entries: Entry[], all: boolean): void {
  const field = form.elements.namedItem(query) as HTMLInputElement;
  const place = form.querySelector<HTMLElement>(`[data-list="${name}"]`);
  const more = form.querySelector<HTMLElement>(`[data-more="${name}"]`);
  if (!field || !place || !more) return;
  more.setAttribute("aria-live", "polite");
  const chosen = () => form.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? answers.get(name);
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const now = chosen();
    const first = entries.filter((e) => e.value === now);
    const found = entries.filter((e) => e.value !== now && words.every((w) => e.search.toLowerCase().includes(w)));
    const room = data().found - first.length;
    const shown = words.length > 0 || name === "task" || (all && found.length <= room) ? found.slice(0, room) : [];
    place.replaceChildren(...[...first, ...shown].map((e) => choice(name, e.value, e.value === now, e.text, e.small)));
    const left = found.length - shown.length;
    more.textContent = words.length > 0 && first.length + found.length === 0 ? say("js.none") : shown.length > 0 && left > 0 ? say("js.more", { n: left }) : "";
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) event.preventDefault(); // looks no further; the step is not over
  });
  show();
}
