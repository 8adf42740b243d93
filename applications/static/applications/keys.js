// Keys for people who do this all day. Nothing happens while somebody types, or with Ctrl, Alt or Meta held.
"use strict";

const dialog = document.querySelector("[data-keys]");
const rows = [...document.querySelectorAll("[data-row]")];
let here = -1;

function go(step) {
  const beside = document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]");
  if (!rows.length) return beside?.click();
  here = Math.min(Math.max(here + step, 0), rows.length - 1);
  rows.forEach((row, place) => row.classList.toggle("here", place === here));
  rows[here].querySelector(".what a").focus();
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  o: () => rows[here]?.querySelector(".what a").click(),
  x: () => rows[here]?.querySelector("input[name=case]").click(),
  "/": () => document.querySelector("input[name=q]")?.focus(),
  c: () => document.querySelector("[data-claim] button")?.click(),
  u: () => document.querySelector(".breadcrumb a[href*='/work/']")?.click(),
  "?": () => (dialog.open ? dialog.close() : dialog.showModal()),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
