// The keys, and the palette: go to an account, a page, a report, or search, without leaving the keyboard (Shortcuts.razor).
// Listeners are on the document, as in portal.js.

const palette = () => document.getElementById("palette");
const part = selector => palette().querySelector(selector);
const options = () => [...palette().querySelectorAll("a[role=option]:not([hidden])")];

document.addEventListener("keydown", event => {
  if (!palette() || event.isComposing)
    return;
  const plainly = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key?.toLowerCase() === "k" && event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    palette().open ? palette().close() : openPalette();
  } else if (event.target.matches("#palette [role=combobox]"))
    choose(event);
  else if (plainly && !isTyping(event.target) && !document.querySelector("dialog[open]") && localStorage.singleKeys !== "off")
    pressed(event);
});

function pressed(event) {
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("everywhere").select();
    document.getElementById("everywhere").focus();
  } else if (event.key === "?") {
    event.preventDefault();
    document.getElementById("keys").showModal();
  } else if (/^[1-9]$/.test(event.key))
    document.querySelector(`[data-nth="${event.key}"]`)?.click();
}

const isTyping = element => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// The browser puts the focus back where it was when the dialog closes.
async function openPalette() {
  if (document.querySelector("dialog[open]"))
    return;
  palette().showModal();
  part("input").value = "";
  if (!part("[role=listbox]").childElementCount && !await fill(part("[role=listbox]"), part("[role=status]")))
    return;
  filter();
}

async function fill(list, status) {
  status.textContent = "Loading …";
  try {
    const answer = await fetch(list.dataset.from, { redirect: "manual" });
    if (answer.type === "opaqueredirect")
      location.reload(); // The session has ended; the server knows where to go.
    if (!answer.ok)
      throw new Error(answer.status);
    list.innerHTML = await answer.text();
    return true;
  } catch {
    status.textContent = "The list is not answering right now. Close it and try again.";
    return false;
  }
}

// Zoë's "FIN-2" is found by "zoe" and by "fin 2".
const wordsOf = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(word => word);

function filter() {
  const typed = part("input").value.trim(), wanted = wordsOf(typed);
  for (const option of palette().querySelectorAll("a[role=option]"))
    if (option.dataset.with) {
      option.hidden = !typed;
      option.href = option.dataset.with + encodeURIComponent(typed);
      option.querySelector("b").textContent = typed;
    } else {
      option.words ??= wordsOf(`${option.textContent} ${option.dataset.words ?? ""}`);
      option.hidden = !wanted.every(start => option.words.some(word => word.startsWith(start)));
    }
  for (const group of palette().querySelectorAll("[role=group]"))
    group.hidden = !group.querySelector("[role=option]:not([hidden])");
  const found = options();
  part("[role=status]").textContent = `${found.length} to choose from`;
  mark(found[0]);
}

function mark(option) {
  for (const other of palette().querySelectorAll("a[role=option]"))
    other.setAttribute("aria-selected", other === option);
  option ? part("input").setAttribute("aria-activedescendant", option.id) : part("input").removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function choose(event) {
  const found = options(), at = found.findIndex(option => option.ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step)
    mark(found.at((at + step) % found.length));
  else if (event.key === "Enter")
    found[at]?.click();
  else
    return;
  event.preventDefault();
}

document.addEventListener("input", event => event.target.matches("#palette input") && filter());

document.addEventListener("click", event => {
  if (event.target.closest("[data-palette]"))
    openPalette();
  // Before the link is followed: the focus that comes back must not take it from the next page.
  if (event.target.closest("#palette a") && !(event.ctrlKey || event.metaKey || event.shiftKey))
    palette().close();
}, true);

document.addEventListener("change", event => {
  if (event.target.matches("[data-single-keys]"))
    localStorage.singleKeys = event.target.checked ? "on" : "off";
});

function showSetting() {
  for (const box of document.querySelectorAll("[data-single-keys]"))
    box.checked = localStorage.singleKeys !== "off";
}

showSetting();
Blazor.addEventListener("enhancedload", showSetting);
