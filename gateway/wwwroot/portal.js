// Everything works without this; it only saves a click and speaks the reader's time zone.
// Listeners are on the document: enhanced navigation replaces elements, not the document.

document.addEventListener("change", event => {
  if (event.target.matches("[data-submit]"))
    event.target.form.requestSubmit();
});

function showLocalTimes() {
  for (const time of document.querySelectorAll("time[data-local]"))
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
  for (const zone of document.querySelectorAll("[data-zone]"))
    zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
}

showLocalTimes();
Blazor.addEventListener("enhancedload", showLocalTimes);
