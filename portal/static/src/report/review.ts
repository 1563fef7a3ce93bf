// What will be sent, in words, in the order in which it was asked: the twin of portal/report/review.go. Words of choices are
// those of the pages kept for the steps.

import { type Answers, day, mandate, say, unitName } from "./data";
import { factsOf } from "./facts";

// chosen is what a choice says in the page of its step.
function chosen(step: string, name: string, value: string): string {
  const page = document.querySelector<HTMLTemplateElement>(`template[data-page="${step}"]`)?.content;
  const input = [...(page?.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`) ?? [])].find((i) => i.value === value);
  const label = input?.nextElementSibling;
  return (label?.querySelector("b") ?? label)?.textContent ?? value;
}

function often(value: string): string {
  const page = document.querySelector<HTMLTemplateElement>('template[data-page="2"]')?.content;
  return [...(page?.querySelectorAll("option") ?? [])].find((o) => o.value === value)?.textContent ?? value;
}

export function review(a: Answers): [string, string, boolean?][] {
  const f = factsOf(a);
  const unit = mandate(f.mandate ?? "")?.measures?.find((m) => m.id === f.measure)?.unit;
  const figure = (value: string | undefined) => (!value ? "" : value.includes("/") ? often(value) : unit ? `${value} ${unit}` : value);
  const all: [string, string, boolean?][] = [
    [say("review.task"), f.mandate ? (mandate(f.mandate)?.title ?? f.mandate) : ""],
    [say("review.paper"), f.paper ?? ""],
    [say("review.who"), f.issuer ? unitName(f.issuer) : chosen("1", "who", "level:" + f.level)],
    [say("review.place"), f.within ? unitName(f.within) : ""],
    [say("review.dimension"), chosen("1", "dimension", f.dimension)],
    [say("review.down"), figure(f.cameDown)],
    [say("review.asked"), figure(f.asked)],
    [say("review.due"), day(f.due)],
    [say("review.minutes"), f.minutes ? chosen("2", "minutes", String(f.minutes)) : ""],
    [say("review.form"), (f.forms ?? []).map((form) => chosen("2", "form", form)).join(say("js.comma"))],
    [say("review.motive"), f.motive ? chosen("2", "motive", f.motive) : ""],
    [say("review.text"), a.get("text"), true],
    [say("review.proof"), a.get("proof") ? say("review.given") : ""],
  ];
  return all.filter(([, value]) => value);
}
