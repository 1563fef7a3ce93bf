// Opens what reporters wrote on the investigator's own computer. The key is read from a file that is chosen here, stays in
// this page's memory, is never sent, and nothing that was opened is kept or read as markup.

import { openMessage, openNarrative, Refusal, supported } from "./intake";

const zh = document.documentElement.lang.startsWith("zh");
const words = zh
  ? {
      none: "这个文件里没有一把 age 私钥（AGE-SECRET-KEY-1…）。",
      opening: (n: number, of: number) => `正在打开 ${n}/${of}…`,
      done: (n: number, of: number) => `已打开 ${n} 封，共 ${of} 封。`,
      sealed: "不是加密给这把密钥的，或内容已损坏。",
      gone: "取不到：内容已销毁，或您已不能查阅。",
      empty: "（没有文字）",
      picture: (n: number) => `第 ${n} 张图片`,
      broken: "这张图片打不开。",
    }
  : {
      none: "This file does not hold one age key (AGE-SECRET-KEY-1…).",
      opening: (n: number, of: number) => `Opening ${n} of ${of}…`,
      done: (n: number, of: number) => `${n} of ${of} opened.`,
      sealed: "It is not sealed to this key, or is damaged.",
      gone: "It cannot be fetched: it was destroyed, or is no longer yours to read.",
      empty: "(no text)",
      picture: (n: number) => `Picture ${n}`,
      broken: "This picture cannot be opened.",
    };

const maxKeyFile = 64 << 10;
const maxSide = 4096; // of a picture, in pixels

async function keyIn(file: File): Promise<string> {
  if (file.size > maxKeyFile) return "";
  const found = (await file.text()).match(/^AGE-SECRET-KEY-1[0-9A-Z]+$/gm);
  return found?.length === 1 ? found[0] : "";
}

// shown draws a picture, which a stranger sent, on a canvas and nowhere else.
async function shown(picture: Uint8Array, name: string): Promise<Node> {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  try {
    const drawn = await createImageBitmap(new Blob([picture as BlobPart], { type: "image/jpeg" }));
    if (drawn.width > maxSide || drawn.height > maxSide) throw new Error("too large");
    canvas.width = drawn.width;
    canvas.height = drawn.height;
    canvas.getContext("2d")?.drawImage(drawn, 0, 0);
    drawn.close();
    return canvas;
  } catch {
    return said(words.broken);
  }
}

function said(text: string, kind = "none"): HTMLElement {
  const p = document.createElement("p");
  p.className = kind;
  p.textContent = text;
  if (kind === "said") p.lang = "zh-CN";
  return p;
}

// open puts below a link what lies behind it, and tells whether it could be opened.
async function open(link: HTMLAnchorElement, key: string): Promise<boolean> {
  const room = document.createElement("div");
  room.dataset.opened = "";
  const row = link.closest("li") ?? link.parentElement!;
  row.querySelector("[data-opened]")?.remove();
  row.append(room);
  const answer = await fetch(link.href, { credentials: "same-origin", cache: "no-store" }).catch(() => undefined);
  if (!answer?.ok) {
    room.append(said(words.gone));
    return false;
  }
  const sealed = new Uint8Array(await answer.arrayBuffer());
  try {
    if ("message" in link.dataset) {
      room.append(said(await openMessage(sealed, key), "said"));
      return true;
    }
    const letter = await openNarrative(sealed, key);
    room.append(letter.text ? said(letter.text, "said") : said(words.empty));
    for (const [i, picture] of letter.pictures.entries()) room.append(await shown(picture, words.picture(i + 1)));
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) console.warn("a letter could not be opened"); // nothing of it
    room.append(said(words.sealed));
    return false;
  }
}

function begin(): void {
  const box = document.querySelector<HTMLElement>("[data-opening]");
  const chosen = box?.querySelector<HTMLInputElement>("[data-key]");
  const status = box?.querySelector<HTMLElement>("[data-status]");
  if (!box || !chosen || !status || !supported()) return;
  box.hidden = false;
  let busy = false;
  chosen.addEventListener("change", async () => {
    const file = chosen.files?.[0];
    if (!file || busy) return;
    busy = true;
    try {
      const key = await keyIn(file);
      if (!key) {
        status.textContent = words.none;
        return;
      }
      const links = [...document.querySelectorAll<HTMLAnchorElement>("a[data-letter], a[data-message]")];
      let opened = 0;
      for (const [i, link] of links.entries()) {
        status.textContent = words.opening(i + 1, links.length);
        if (await open(link, key)) opened++;
      }
      status.textContent = words.done(opened, links.length);
    } finally {
      chosen.value = "";
      busy = false;
    }
  });
}

begin();
