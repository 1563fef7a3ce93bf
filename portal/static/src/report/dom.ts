// Elements, made without markup: the page lets nothing read text as HTML.

type Child = Node | string | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((c): c is Node | string => !!c));
  return made;
}

export const one = <E extends HTMLElement = HTMLElement>(selector: string): E | null => document.querySelector<E>(selector);

// sealed shows what is said where scripts run, and hides what is said where none do.
export function sealed(root: ParentNode): void {
  for (const e of root.querySelectorAll<HTMLElement>("[data-plain]")) e.hidden = true;
  for (const e of root.querySelectorAll<HTMLElement>("[data-sealed]")) e.hidden = false;
}

// choice is a thing to tap, as the server's pages have it.
export function choice(name: string, value: string, checked: boolean, text: string, small = ""): HTMLElement {
  const input = el("input", { type: "radio", name, value });
  input.checked = checked;
  return el("label", { class: "choice" }, input, el("span", {}, el("span", { lang: "zh-CN" }, text), small && " ", small && el("small", {}, small)));
}

export function rows(list: HTMLElement, of: [string, string, boolean?][]): void {
  list.replaceChildren(...of.map(([name, value, said]) => el("div", {}, el("dt", {}, name), el("dd", said ? { class: "said" } : {}, value))));
}
