// The two things that go to the server: an envelope of one of two sizes, and the id of a box that is asked for news.

import { data, say } from "./data";

// Failed says to a person why something was not done.
export class Failed extends Error {
  constructor(
    readonly says: string,
    readonly field = "",
  ) {
    super("failed"); // never more: messages end up in consoles
  }
}

async function post(body: Uint8Array): Promise<Response> {
  try {
    return await fetch("/", {
      method: "POST",
      body: body as BufferSource,
      headers: { "Content-Type": "application/octet-stream" },
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch {
    throw new Failed(say("js.failed"));
  }
}

// deliver sends an envelope; it may be sent again as it is.
export async function deliver(envelope: Uint8Array): Promise<void> {
  const response = await post(envelope);
  let said;
  try {
    said = await response.json();
  } catch {
    throw new Failed(say("js.failed"));
  }
  if (said.ok) return;
  const rule: string = said.error?.rule ?? "";
  const text = said.error?.text?.[data().lang === "en" ? "en" : "zh"] || say("js.failed");
  throw new Failed(text, rule.startsWith("token.") || rule === "intake.spent" ? "proof" : "");
}

// news asks what is new in a box.
export async function news<T>(box: Uint8Array): Promise<T> {
  const response = await post(box);
  let said;
  try {
    said = await response.json();
  } catch {
    throw new Failed(say("js.offline"));
  }
  if (said.ok === false || !response.ok) throw new Failed(say("js.offline"));
  return said;
}
