// The viewer of materials: without this script the links still open in the frame.
"use strict";

const frame = document.querySelector('iframe[name="viewer"]');
const links = [...document.querySelectorAll("a[data-view]")];

function show(link) {
  for (const other of links) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const address = link.href.split("#")[0];
  document.querySelector("[data-open]").href = address;
  document.querySelector("[data-download]").href = `${address}?download`;
  document.querySelector("[data-name]").textContent = link.textContent;
}

if (frame) {
  const first = links.find((link) => link.getAttribute("href") === frame.getAttribute("src"));
  if (first) show(first);
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      frame.contentWindow.location.replace(link.href); // Back leaves the case, not the last material
      show(link);
      const isBelow = frame.getBoundingClientRect().top > link.getBoundingClientRect().bottom;
      if (isBelow) frame.parentElement.scrollIntoView();
    });
  }
}
