// Pictures are drawn here, painted over, and made anew; nothing of the files goes anywhere.

import { brush, finishPicture, maxPictures, openPicture, Refusal } from "../intake";
import { data, say } from "./data";
import { el } from "./dom";

interface Drawing {
  canvas: HTMLCanvasElement;
  brush: ReturnType<typeof brush>;
}

let drawings: Drawing[] = [];

export const drawn = (): number => drawings.length;

export function forget(): void {
  for (const d of drawings) d.canvas.width = d.canvas.height = 0;
  drawings = [];
}

// finished gives the pictures as they are sent.
export async function finished(): Promise<Uint8Array[]> {
  const out: Uint8Array[] = [];
  for (const d of drawings) out.push((await finishPicture(d.canvas)).jpeg);
  return out;
}

// pictures lets somebody add pictures and paint over them; changed is called whenever what would be sent is another.
export function pictures(place: HTMLElement, changed: () => void): void {
  const told = el("p", { class: "fault", role: "alert" });
  const file = el("input", { type: "file", accept: "image/jpeg,image/png", id: "picture-file" });
  const adding = el("div", { class: "field" }, el("label", { for: "picture-file" }, say("js.picture")), file);
  const list = el("div");
  const show = () => {
    adding.hidden = drawings.length >= maxPictures;
    list.replaceChildren(...drawings.map((d, i) => frame(d, i, show, changed)));
  };
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    told.textContent = "";
    try {
      const canvas = await openPicture(chosen);
      drawings.push({ canvas, brush: brush(canvas) });
      changed();
      show();
    } catch (refusal) {
      told.textContent = refusal instanceof Refusal ? refusal.text(data().lang) : say("js.pictureBad");
    }
    file.value = "";
  });
  for (const d of drawings) d.canvas.addEventListener("pointerup", changed);
  place.replaceChildren(list, told, adding);
  show();
}

function frame(d: Drawing, i: number, show: () => void, changed: () => void): HTMLElement {
  d.canvas.setAttribute("role", "img");
  d.canvas.setAttribute("aria-label", say("js.pictureName", { n: i + 1 }));
  const undo = el("button", { type: "button", class: "second" }, say("js.undo"));
  undo.addEventListener("click", () => {
    d.brush.undo();
    changed();
  });
  const remove = el("button", { type: "button", class: "second" }, say("js.remove"));
  remove.addEventListener("click", () => {
    drawings = drawings.filter((other) => other !== d);
    changed();
    show();
  });
  d.canvas.addEventListener("pointerup", changed);
  return el("div", { class: "drawing" }, d.canvas, el("p", { class: "hint" }, say("js.paint")), el("p", { class: "buttons" }, undo, remove));
}
