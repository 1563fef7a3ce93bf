// The reporting pages with scripts: the same steps in the same words, gone through without asking the server. Nothing is
// sent before it is sealed, nothing is kept but in memory, and nothing is read as markup.

import { characters, deriveKeys, grouped, maxText, newReceipt, parseReceipt, Refusal, sealLetter, supported } from "./intake";
import { readProof } from "./intake/token";
import { tokenSays } from "./intake/token_words";
import { open, type Opened, look, serviceID, show as showBox, tell } from "./report/box";
import { Answers, data, mandate, read, say, unitName } from "./report/data";
import { choice, el, one, rows, sealed } from "./report/dom";
import { type Fault, factsOf, faultsOfFirst, faultsOfSecond, readers } from "./report/facts";
import { lists } from "./report/lists";
import { drawn, finished, forget, pictures } from "./report/pictures";
import { review } from "./report/review";
import { deliver, Failed } from "./report/wire";

const answers = new Answers();
let at = "1";
let receipt = ""; // 28 digits, from the third step until the end
let envelope: Uint8Array | undefined; // sealed, to be sent again as it is until an answer changes
let opened: Opened | undefined;
let busy = false;

const defaults: Record<string, string> = { "1": "2", "2": "3", "3": "send", sent: "kept", open: "look", box: "look" };
const form = () => one<HTMLFormElement>("form#f") as HTMLFormElement;

// show puts a page in the place of the one before it.
function show(page: string, faults: Fault[] = [], focus = true): void {
  const kept = one<HTMLTemplateElement>(`template[data-page="${page}"]`);
  const main = one("main");
  if (!kept || !main) return;
  at = page;
  main.replaceChildren(kept.content.cloneNode(true));
  sealed(document);
  one<HTMLButtonElement>("button.default")?.setAttribute("value", defaults[at] ?? "");
  pages[at]?.(form());
  answers.give(form());
  mark(faults);
  if (!focus) return;
  const to = one(faults.length > 0 ? ".faults" : "h1");
  to?.setAttribute("tabindex", "-1");
  to?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// What a page needs besides its words.
const pages: Record<string, (form: HTMLFormElement) => void> = {
  "1": (f) => lists(f, answers),
  "2": (f) => {
    const frequent = answers.get("dimension") === "frequency";
    f.querySelector(`[data-for="${frequent ? "number" : "frequency"}"]`)?.remove();
    for (const e of f.querySelectorAll<HTMLElement>('[id$="-other"]')) e.id = e.id.replace("-other", "");
    for (const e of f.querySelectorAll<HTMLLabelElement>('label[for$="-other"]')) e.htmlFor = e.htmlFor.replace("-other", "");
    const measures = mandate(answers.get("task"))?.measures?.filter((m) => (m.dimension === "frequency") === frequent) ?? [];
    if (measures.length === 0) f.querySelector("[data-measures]")?.remove();
    if (!answers.has("measure") || !measures.some((m) => ["", m.id].includes(answers.get("measure")))) {
      const fits = measures.filter((m) => m.dimension === answers.get("dimension"));
      answers.set("measure", fits.length === 1 ? fits[0].id : "");
    }
    f.querySelector('[data-list="measure"]')?.replaceChildren(...measures.map((m) => choice("measure", m.id, false, m.name, m.unit)));
    const text = f.elements.namedItem("text") as HTMLTextAreaElement;
    const count = f.querySelector("[data-count]") as HTMLElement;
    text.addEventListener("input", () => (count.textContent = text.value ? say("js.count", { n: maxText - characters(text.value) }) : ""));
  },
  "3": (f) => {
    receipt ||= newReceipt();
    rows(f.querySelector("[data-review]") as HTMLElement, review(answers));
    showReceipt(f);
    const to = readers(factsOf(answers)).map((r) => unitName(r.unit));
    (f.querySelector("[data-readers]") as HTMLElement).textContent = [...new Set(to)].join("、");
    pictures(f.querySelector("[data-pictures]") as HTMLElement, () => (envelope = undefined));
  },
  sent: showReceipt,
  open: () => forgetBox(),
  box: (f) => opened && showBox(f, opened),
};

function showReceipt(f: HTMLFormElement): void {
  const place = f.querySelector("[data-receipt]");
  if (place) place.textContent = grouped(receipt);
}

// mark tells faults above the form and at their fields.
function mark(faults: Fault[]): void {
  const place = one("[data-faults]");
  if (!place) return;
  place.replaceChildren();
  for (const e of document.querySelectorAll("[data-fault]")) e.remove();
  for (const e of document.querySelectorAll("[aria-invalid]")) e.removeAttribute("aria-invalid");
  if (faults.length === 0) return;
  const items = faults.map((fault) => {
    const field = fault.field ? document.getElementById(fault.field) : null;
    if (!field) return el("li", {}, fault.text);
    const told = el("p", { class: "fault", "data-fault": "" }, fault.text);
    if (field instanceof HTMLFieldSetElement) field.querySelector("legend")?.after(told);
    else {
      field.before(told);
      field.setAttribute("aria-invalid", "true");
      field.closest("details")?.setAttribute("open", "");
    }
    const link = el("a", { href: "#" + fault.field }, fault.text);
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the address stays as it is
      field.focus();
      field.scrollIntoView({ block: "center" });
    });
    return el("li", {}, link);
  });
  place.append(el("div", { class: "faults", role: "alert", tabindex: "-1" }, el("h2", {}, say("fault.title")), el("ul", {}, ...items), el("p", {}, say("fault.kept"))));
}

function notice(text: string): void {
  one("[data-faults]")?.append(el("p", { class: "notice", role: "status" }, text));
}

function progress(text: string): void {
  const place = one("[data-progress]");
  if (place) place.textContent = text;
}

// go does what a button says.
async function go(button: string): Promise<void> {
  const before = JSON.stringify(factsOf(answers)) + answers.get("text") + answers.get("proof");
  answers.take(form());
  if (before !== JSON.stringify(factsOf(answers)) + answers.get("text") + answers.get("proof")) envelope = undefined;
  switch (button) {
    case "1":
      return at === "box" || at === "open" ? begin() : show("1");
    case "2":
      return step("2");
    case "3":
      return void step("3");
    case "send":
      return send();
    case "kept":
      return kept();
    case "open":
      return show("open");
    case "look":
      return at === "box" ? again() : enter();
    case "leave":
      return leave();
    case "lang":
      return turn();
    default:
      return say("act." + button) ? act(button) : undefined;
  }
}

function begin(): void {
  forgetBox();
  show("1");
}

function step(to: string): void {
  const faults = [...faultsOfFirst(answers), ...(to === "3" ? faultsOfSecond(answers) : [])];
  if (to === "3" && faults.length === 0) {
    if (readers(factsOf(answers)).length === 0) faults.push({ field: "who", text: say("js.tooFew"), step: "1" });
    try {
      readProof(answers.get("proof"));
    } catch (refusal) {
      faults.push({ field: "proof", text: tokenSays(refusal, data().lang), step: "2" });
    }
  }
  const page = faults.some((f) => f.step === "1") ? "1" : faults.length > 0 ? "2" : to;
  show(page, faults.filter((f) => f.step === page));
}

// send seals once and sends until it has arrived.
async function send(): Promise<void> {
  progress(say("js.sealing"));
  if (!envelope) {
    const facts = factsOf(answers);
    const keys = await deriveKeys(receipt, serviceID(), (done) => progress(`${say("js.sealing")} ${Math.round(done * 100)} %`));
    try {
      envelope = await sealLetter({
        kind: "report",
        keys,
        token: readProof(answers.get("proof")) ?? undefined,
        facts: JSON.stringify(facts),
        text: answers.get("text"),
        pictures: drawn() > 0 ? await finished() : [],
        engine: data().offer.engine,
        investigators: readers(facts).map((r) => r.key),
      });
    } finally {
      keys.clear();
    }
  }
  progress(say("js.sending"));
  await deliver(envelope);
  envelope = undefined;
  answers.clear();
  forget();
  show("sent");
}

function kept(): void {
  const typed = answers.get("typed").replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xff10 + 0x30)).replace(/\D/g, "");
  answers.set("typed");
  if (typed.length < 8 || !receipt.endsWith(typed)) return show("sent", [{ field: "typed", text: say("fault.typed"), step: "sent" }]);
  leave();
}

// leave forgets everything and lets the server's last page clear what the browser has.
function leave(): void {
  answers.clear();
  forget();
  forgetBox();
  receipt = "";
  envelope = undefined;
  const last = el("form", { method: "post", action: "/", hidden: "" }, el("input", { type: "hidden", name: "lang", value: data().lang }), el("input", { type: "hidden", name: "go", value: "leave" }));
  document.body.replaceChildren(last);
  last.submit();
}

function forgetBox(): void {
  opened?.keys.clear();
  opened = undefined;
}

// enter opens the box of a receipt.
async function enter(): Promise<void> {
  const field = form().elements.namedItem("receipt") as HTMLInputElement;
  let digits;
  try {
    digits = parseReceipt(field.value);
  } catch (refusal) {
    mark([{ field: "receipt", text: refusal instanceof Refusal ? refusal.text(data().lang) : say("js.receipt"), step: "open" }]);
    one(".faults")?.focus();
    return;
  }
  progress(say("js.opening"));
  opened = await open(digits, (done) => progress(`${say("js.opening")} ${Math.round(done * 100)} %`));
  show("box");
}

async function again(): Promise<void> {
  if (!opened) return show("open");
  progress(say("js.opening"));
  await look(opened);
  show("box");
}

async function act(name: string): Promise<void> {
  if (!opened) return show("open");
  const wrong = await tell(opened, name, answers);
  if (wrong) return mark([wrong]), one(".faults")?.focus();
  answers.set(name);
  for (const field of ["solved", "satisfied", "sure"]) answers.set(field);
  await look(opened);
  show("box");
  notice(say("box.sent"));
}

// turn fetches the pages in the other language, which tells the server that and nothing else.
async function turn(): Promise<void> {
  const request = new XMLHttpRequest();
  request.open("POST", "/");
  request.responseType = "document"; // parsed, and nothing in it run
  request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
  await new Promise<void>((resolve, reject) => {
    request.onload = () => resolve();
    request.onerror = () => reject(new Failed(say("js.offline")));
    request.send(`at=1&go=lang&lang=${data().lang}`);
  });
  const other = request.responseXML;
  if (!other?.getElementById("data")) throw new Failed(say("js.offline"));
  document.documentElement.lang = other.documentElement.lang;
  document.title = other.title;
  read(other);
  const parts = [...other.body.childNodes].filter((n) => !(n instanceof HTMLScriptElement));
  document.body.replaceChildren(...parts.map((n) => document.importNode(n, true)));
  show(at);
}

function begun(): void {
  if (!supported() || !one("script#data")) return;
  read(document);
  answers.take(form());
  document.addEventListener("submit", async (event) => {
    const button = (event.submitter as HTMLButtonElement | null)?.value ?? defaults[at];
    if (event.target !== form()) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await go(button);
    } catch (fault) {
      progress("");
      const told = fault instanceof Failed ? fault.says : fault instanceof Refusal ? fault.text(data().lang) : say("js.lost");
      const field = fault instanceof Failed ? fault.field : "";
      if (field === "proof") show("2", [{ field, text: told, step: "2" }]);
      else mark([{ field: "", text: told, step: at }]), one(".faults")?.focus();
    } finally {
      busy = false;
    }
  });
  show("1", [], false);
}

begun();
