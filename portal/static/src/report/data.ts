// What the page carries for its scripts, and what has been answered so far. It lives in memory and nowhere else.

export interface Measure {
  id: string;
  name: string;
  unit?: string;
  dimension: string;
}

export interface Mandate {
  id: string;
  title: string;
  number?: string;
  measures?: Measure[];
}

export interface Unit {
  code: string;
  name: string;
  level: string;
  under?: string;
}

export interface Recipient {
  id: string;
  unit: string;
  key: string;
  up?: { code: string; level: string }[];
}

export interface Data {
  lang: string;
  words: Record<string, string>;
  offer: { service: string; engine: string; investigators: Recipient[] | null; cut: string; open: boolean };
  mandates: Mandate[] | null;
  units: Unit[] | null;
  found: number;
}

let held: Data;

export function read(from: Document): void {
  held = JSON.parse(from.getElementById("data")?.textContent ?? "{}");
}

export const data = (): Data => held;

// say gives the words of a key with its places filled.
export function say(key: string, places: Record<string, string | number> = {}): string {
  return (held.words[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => String(places[name] ?? ""));
}

export const knows = (key: string): boolean => key in held.words;

// day says a date such as 2022-08-09.
export function day(date: string | undefined): string {
  const [year, month, of] = (date ?? "").split("-").map(Number);
  if (!year || !month || !of) return "";
  if (held.lang !== "en") return `${year}年${month}月${of}日`;
  const name = "January February March April May June July August September October November December".split(" ")[month - 1];
  return `${of} ${name} ${year}`;
}

export const mandate = (id: string): Mandate | undefined => held.mandates?.find((m) => m.id === id);
export const unitName = (code: string): string => held.units?.find((u) => u.code === code)?.name ?? code;

// Answers are what was filled in, by the fields' names.
export class Answers {
  private values = new Map<string, string[]>();

  get(name: string): string {
    return this.values.get(name)?.[0] ?? "";
  }

  all(name: string): string[] {
    return this.values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  set(name: string, ...values: string[]): void {
    this.values.set(
      name,
      values.filter((v) => v !== ""),
    );
  }

  clear(): void {
    this.values.clear();
  }

  // take reads what a form asks for.
  take(form: HTMLFormElement): void {
    const asked = new Set([...form.elements].map((e) => (e as HTMLInputElement).name));
    const given = new FormData(form);
    for (const name of asked) {
      if (!name || ["lang", "at", "go", "picture", "receipt"].includes(name)) continue;
      this.set(name, ...given.getAll(name).map((v) => (typeof v === "string" ? tidy(v) : "")));
    }
  }

  // give fills a form in.
  give(form: HTMLFormElement): void {
    for (const e of form.elements) {
      if (e instanceof HTMLInputElement && (e.type === "radio" || e.type === "checkbox")) {
        const other = e.name !== "task" || this.get("paper") !== ""; // none of those listed, or nothing chosen yet
        if (this.values.has(e.name)) e.checked = this.all(e.name).includes(e.value) || (e.value === "" && this.get(e.name) === "" && other);
      } else if (e instanceof HTMLTextAreaElement || e instanceof HTMLSelectElement || (e instanceof HTMLInputElement && e.type !== "hidden" && e.type !== "file")) {
        if (e.name !== "receipt") e.value = this.get(e.name);
      }
    }
  }
}

function tidy(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/[\x00-\x09\x0b-\x1f\x7f]/g, "").trim();
}
