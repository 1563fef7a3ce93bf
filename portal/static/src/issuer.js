// The issuer's page: an enrolment code for eight tokens. The code goes to the issuer, the keys are looked up on the
// ledger, the tokens stay here. What must outlast a reload is kept for this tab alone, until the tokens are shown.
import { enrolment, parseCode, codeText, textOf } from "./intake/token.js";
import { tokenSays } from "./intake/token_words.js";
import { blind, checked, finish } from "./issuer/exchange.js";
import { listed } from "./issuer/ledger.js";

const kept = "exchange"; // in sessionStorage
const at = (id) => document.getElementById(id);
const main = at("main");
const lang = document.documentElement.lang;
const says = (key, fill = {}) =>
  Object.entries(fill).reduce((text, [name, value]) => text.replace(`{${name}}`, value), document.querySelector(`[data-key="${key}"]`).textContent);

const sections = ["ask", "offer", "progress", "done", "gone"];
function show(id) {
  for (const each of sections) at(each).hidden = each !== id;
  at("fault").hidden = true;
  if (id !== "ask" && id !== "progress") at(id).focus();
}

function fail(text, back) {
  if (back) show(back);
  at("why").textContent = text;
  at("fault").hidden = false;
  at("fault").focus();
}

class Answered extends Error {}

async function ask(path, question) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json", "Accept-Language": lang },
      body: JSON.stringify(question),
    });
  } catch {
    throw new Answered(says("fault.network"));
  }
  const value = await answer.json().catch(() => null);
  if (!answer.ok || !value) throw new Answered((value && value.error && value.error.message) || says("fault.network"));
  return value;
}

function why(error) {
  if (error instanceof Answered) return error.message;
  switch (error.rule) {
    case "issuer.offer":
      return says("fault.offer");
    case "issuer.key_unlisted":
      return says("fault.unlisted", { n: error.n });
    case "issuer.signatures":
      return says("fault.signatures");
  }
  return error.rule ? tokenSays(error, lang) : says("fault.other");
}

// keep outlasts a reload of this tab: without it an answer that got lost would cost a quarter's tokens.
const keep = (value) => {
  try {
    if (value) sessionStorage.setItem(kept, JSON.stringify(value));
    else sessionStorage.removeItem(kept);
  } catch {
    // no storage: then this page must stay open, as it says
  }
};
const keptBefore = (code) => {
  try {
    const value = JSON.parse(sessionStorage.getItem(kept));
    return value && value.code === code ? value : null;
  } catch {
    return null;
  }
};

let code = "";
let keys = [];

async function offer() {
  try {
    code = codeText(enrolment, parseCode(enrolment, at("code").value)); // every request has one length
  } catch (error) {
    return fail(why(error));
  }
  const before = keptBefore(code);
  if (before) return take(before.tokens, true);
  let on;
  try {
    const offered = await ask("/offer", { code });
    try {
      on = await listed(main.dataset.ledger, offered.county, offered.quarter);
    } catch {
      throw new Answered(says("fault.ledger"));
    }
    keys = checked(offered, on);
    at("term").textContent = says("offered.term", { county: (on[0].name + " " + offered.county).trim(), quarter: offered.quarter });
  } catch (error) {
    return fail(why(error));
  }
  at("keys").replaceChildren(
    ...keys.map((key) => {
      const row = document.createElement("li");
      const id = document.createElement("code");
      id.textContent = Array.from(key.id, (b) => b.toString(16).padStart(2, "0")).join("");
      row.append(id);
      return row;
    }),
  );
  show("offer");
}

const rest = () => new Promise((resolve) => setTimeout(resolve)); // let the page show how far it is

async function take(tokens, again) {
  show("progress");
  const tell = (text) => (at("progress").textContent = text);
  try {
    if (!tokens) {
      tokens = [];
      for (const key of keys) {
        tell(says("working", { n: tokens.length + 1 }));
        await rest();
        tokens.push(...(await blind([key])));
      }
      keep({ code, tokens });
    }
    tell(again ? says("again") : says("sending"));
    const { signatures } = await ask("/issue", { code, blinded: tokens.map((t) => t.blinded) });
    await rest();
    done(await finish(tokens, signatures));
    keep(null);
  } catch (error) {
    fail(why(error), "ask");
  }
}

function done(tokens) {
  at("code").value = code = "";
  keys = [];
  const all = tokens.map(textOf);
  for (let i = all.length - 1; i > 0; i--) {
    const j = crypto.getRandomValues(new Uint32Array(1))[0] % (i + 1); // shown in no order, for nobody to use them in one
    [all[i], all[j]] = [all[j], all[i]];
  }
  at("tokens").replaceChildren(...all.map(row));
  at("save").onclick = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([all.join("\n")], { type: "text/plain" }));
    link.download = "notes.txt"; // a name that says nothing
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  show("done");
}

function row(text, i) {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const area = document.createElement("textarea");
  const button = document.createElement("button");
  area.readOnly = true;
  area.rows = 8;
  area.spellcheck = false;
  area.value = text;
  area.id = "token-" + i;
  label.htmlFor = area.id;
  label.textContent = says("nth", { n: i + 1 });
  button.type = "button";
  button.className = "quiet";
  button.textContent = says("copy");
  button.setAttribute("aria-label", says("copy") + " " + (i + 1));
  button.onclick = async () => {
    let key = "copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      area.select();
      key = "selected";
    }
    button.textContent = says(key);
    setTimeout(() => (button.textContent = says("copy")), 2000);
  };
  item.append(label, area, button);
  return item;
}

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  offer();
});
at("take").onclick = () => take();
at("leave").onclick = () => {
  at("code").value = code = "";
  keys = [];
  show("ask");
};
at("saved").onclick = () => {
  at("tokens").replaceChildren();
  at("save").onclick = null;
  show("gone");
};
show("ask");
