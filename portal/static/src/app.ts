// What scripts add to pages that are complete without them: a key for the search, a button to copy a hash,
// and a picture and its table that point at each other. Styles belong to the stylesheet; nothing is fetched.

const words = document.documentElement.lang.startsWith("zh")
  ? { copy: "复制", copied: "已复制", selected: "已选中" }
  : { copy: "Copy", copied: "Copied", selected: "Selected" };

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}

// "/" goes to the page's search field, Escape leaves it.
function searchKey(): void {
  const field = document.querySelector<HTMLInputElement>('input[type="search"]');
  if (!field) return;
  field.setAttribute("aria-keyshortcuts", "/");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isTyping(event.target)) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "Escape" && document.activeElement === field) {
      field.blur();
    }
  });
}

// Where the clipboard is closed to the page (no TLS), the text is selected for the reader to copy.
async function copy(from: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(from.dataset.copy || from.textContent?.trim() || "");
    return words.copied;
  } catch {
    getSelection()?.selectAllChildren(from);
    return words.selected;
  }
}

// A button beside each [data-copy]; the attribute's value is copied, or the element's text where it is empty.
function copyButtons(): void {
  for (const from of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      button.textContent = await copy(from);
      setTimeout(() => (button.textContent = words.copy), 2000);
    });
    from.after(button);
  }
}

// Pointing at a step, or focusing it, sets data-lit on all that show the same step: bar and row find each other.
// A [data-steps] around a picture and its table keeps two pictures of one page apart.
function linkedSteps(): void {
  const stepOf = (target: EventTarget | null) => (target instanceof Element ? target.closest("[data-step]") : null);
  const light = (on: boolean) => (event: Event) => {
    const step = stepOf(event.target);
    if (!step) return;
    const name = step.getAttribute("data-step");
    for (const each of (step.closest("[data-steps]") ?? document).querySelectorAll("[data-step]")) {
      if (each.getAttribute("data-step") === name) each.toggleAttribute("data-lit", on);
    }
  };
  for (const begin of ["pointerover", "focusin"]) document.addEventListener(begin, light(true));
  for (const end of ["pointerout", "focusout"]) document.addEventListener(end, light(false));
}

searchKey();
copyButtons();
linkedSteps();
