// Small helps for every page; each page works without them.
"use strict";

// The summary of errors is read first, wherever it stands.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// A second click on "submit" must not send the form twice. The server refuses doubles too.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  for (const button of event.target.querySelectorAll("button[data-once]")) {
    setTimeout(() => { button.disabled = true; button.setAttribute("aria-busy", "true"); });
  }
});

// Coming back by the Back button shows the page as it was left: with its button disabled.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[data-once][disabled]")) button.disabled = false;
});

// <form data-auto-submit>: filters take effect when changed.
for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// <button data-print>
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
