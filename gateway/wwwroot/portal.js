// Everything works without this; it saves clicks, speaks the reader's time zone and keeps what goes on up to date.
// Listeners are on the document: enhanced navigation replaces elements, not the document.

document.addEventListener("change", event => {
  if (event.target.matches("[data-submit]"))
    event.target.form.requestSubmit();
});

// Browsers that do not yet know command="show-modal".
if (!("command" in HTMLButtonElement.prototype))
  document.addEventListener("click", event => {
    const dialog = event.target.closest("[command=show-modal]")?.getAttribute("commandfor");
    document.getElementById(dialog)?.showModal();
  });

// Enhanced navigation would take this click and leave the focus behind.
document.addEventListener("click", event => {
  if (!event.target.closest(".skip"))
    return;
  event.preventDefault();
  document.getElementById("main").focus();
}, true);

// data-dialog: a link to a question that is a page of its own without this, and here a dialog. Its focus comes back by itself.
document.addEventListener("click", event => {
  const dialog = document.getElementById(event.target.closest("[data-dialog]")?.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey)
    return;
  event.preventDefault();
  dialog.showModal();
}, true);

// Enhanced navigation keeps what is open: a menu closes with the link that is followed in it.
document.addEventListener("click", event => {
  if (event.target.closest("[popover] a[href]") && !(event.ctrlKey || event.metaKey || event.shiftKey))
    document.querySelector(":popover-open")?.hidePopover();
}, true);

// A form that comes back to its page may find its button elsewhere: enhanced navigation renews elements in place, so that the focus would
// stay where the button was.
let pressed, toast;
document.addEventListener("submit", event => {
  pressed = event.submitter?.id;
  toast = undone ? undefined : event.submitter?.dataset.toast;
  undone = false;
});

function focusPressed() {
  const button = pressed && document.getElementById(pressed);
  button?.focus({ preventScroll: true });
  // A refusal is another page, without the button.
  if (button && toast)
    say(toast, button.id);
  pressed = toast = undefined;
}

// Whoever tabs out of an open menu sees what has the focus then. Its own button closes it by itself.
document.addEventListener("focusin", event => {
  for (const menu of document.querySelectorAll("[popover]:popover-open"))
    if (!menu.contains(event.target) && event.target.popoverTargetElement !== menu)
      menu.hidePopover();
});

// data-toast: what the button has done; pressed once more, the button that then has its id takes it back.
let undone = false, hiding;

function say(words, id) {
  const undo = document.createElement("button");
  undo.textContent = "Undo";
  undo.onclick = () => {
    undone = true;
    hush();
    document.getElementById(id)?.click();
  };
  const text = document.createElement("span");
  text.textContent = words;
  const box = document.getElementById("toasts");
  box.replaceChildren(text, undo);
  clearTimeout(hiding);
  hiding = setTimeout(() => box.matches(":hover, :focus-within") ? hiding = setTimeout(hush, 10000) : hush(), 10000);
}

const hush = () => document.getElementById("toasts")?.replaceChildren();

// The session may end elsewhere: the stream closes, the next one is refused, and all open pages go where the server sends them.
const ended = new BroadcastChannel("session-ended");
// The page that signs out or switches is on its way already: going elsewhere now would cut that way off.
let leaving = false;
document.addEventListener("click", event =>
  leaving ||= !!event.target.closest("a[data-switches]") && !(event.ctrlKey || event.metaKey || event.shiftKey));
document.addEventListener("submit", event => leaving ||= event.target.matches("[data-session]"));
ended.onmessage = () => !leaving && document.querySelector("[data-session]") && location.replace(location.pathname + location.search);

async function watchSession() {
  while (document.querySelector("[data-session]")) {
    try {
      const stream = await fetch("/session-events", { redirect: "manual" });
      if (stream.type === "opaqueredirect") {
        ended.postMessage("");
        return ended.onmessage();
      }
      await stream.body.pipeTo(new WritableStream());
      if (stream.ok)
        continue;
    } catch {
      // The network or the gateway is away; what is shown stays.
    }
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

// One stream for all pages of a browser: over HTTP/1.1 it has only six connections.
if (document.querySelector("[data-session]"))
  navigator.locks ? navigator.locks.request("session-stream", watchSession) : watchSession();

function showLocalTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    time.title = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
    if ("local" in time.dataset)
      time.textContent = at.toLocaleString(undefined, time.dataset.local === "short"
        ? { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" } : { dateStyle: "medium", timeStyle: "short" });
  }
  for (const zone of document.querySelectorAll("[data-zone]"))
    zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
}

// data-live: the address of server-sent events, each the whole HTML of this place.
let streams = [];

function goLive() {
  streams.forEach(stream => stream.close());
  streams = [...document.querySelectorAll("[data-live]")].map(place => {
    const stream = new EventSource(place.dataset.live);
    const lost = is => document.querySelectorAll("[data-live-lost]").forEach(words => words.hidden = !is);
    stream.onopen = () => lost(false);
    stream.onerror = () => lost(true);
    stream.onmessage = event => swap(place, event.data);
    stream.addEventListener("end", () => stream.close());
    return stream;
  });
}

// data-finds: the id of the list in which this field leaves only the labels with all its words. What is ticked stays ticked, also unseen.
document.addEventListener("input", event => {
  const list = document.getElementById(event.target.dataset?.finds), words = event.target.value?.toLowerCase().split(/\s+/);
  const labels = list?.querySelectorAll("label:has([type=checkbox])") ?? [];
  for (const label of labels)
    label.hidden = !words.every(word => label.textContent.toLowerCase().includes(word));
  list?.querySelector("[role=status]").replaceChildren(`${[...labels].filter(label => !label.hidden).length} shown`);
});
document.addEventListener("keydown", event =>
  event.key === "Enter" && event.target.dataset?.finds && event.preventDefault()); // It would send the form around it.

// The focus and the ticks stay where they are, and what is spoken when it changes is not replaced by its equal.
function swap(place, html) {
  const focused = place.contains(document.activeElement) && document.activeElement.id;
  const fresh = document.createRange().createContextualFragment(html);
  for (const box of place.querySelectorAll("input[type=checkbox][id]:checked"))
    fresh.getElementById(box.id)?.toggleAttribute("checked", true);
  for (const status of fresh.querySelectorAll("[role=status][id]")) {
    const spoken = document.getElementById(status.id);
    if (spoken && spoken.textContent !== status.textContent)
      spoken.textContent = status.textContent;
    if (spoken)
      status.replaceWith(spoken);
  }
  place.replaceChildren(fresh);
  place.querySelectorAll("[data-part]").forEach(fetchPart);
  if (focused)
    document.getElementById(focused)?.focus({ preventScroll: true });
  showLocalTimes();
}

// data-part: the address of a part of the page whose service had not answered in time.
async function fetchPart(place) {
  const address = place.dataset.part;
  delete place.dataset.part;
  try {
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok)
      throw new Error(answer.status);
    place.outerHTML = await answer.text();
    showLocalTimes();
  } catch {
    place.querySelector("[role=status]").textContent = "This did not load. Reload the page to try again.";
  }
}

function refresh() {
  showLocalTimes();
  document.querySelectorAll("[data-part]").forEach(fetchPart);
  goLive();
}

refresh();
Blazor.addEventListener("enhancedload", () => {
  refresh();
  focusPressed();
});
