// The viewer of materials: without this script the links still open in the frame, pictures in their full size.
"use strict";

const frame = document.querySelector('iframe[name="viewer"]');
const links = [...document.querySelectorAll("a[data-view]")];

function mark(link) {
  for (const other of links) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const address = link.href.split("#")[0];
  document.querySelector("[data-open]").href = address;
  document.querySelector("[data-download]").href = `${address}?download`;
  document.querySelector("[data-name]").textContent = link.textContent;
}

// A browser shows a picture in a frame uncut and unshrunk; as an image it fits.
function showPicture(link) {
  const picture = frame.parentElement.querySelector("img") ?? document.createElement("img");
  picture.className = "viewer-image";
  picture.alt = link.textContent;
  picture.src = link.href;
  frame.before(picture);
  frame.hidden = true;
}

function showFrame(link) {
  frame.parentElement.querySelector("img")?.remove();
  frame.hidden = false;
  frame.contentWindow.location.replace(link.href); // Back leaves the case, not the last material
}

function view(link) {
  (link.dataset.view === "image" ? showPicture : showFrame)(link);
  mark(link);
}

if (frame) {
  const first = links.find((link) => link.getAttribute("href") === frame.getAttribute("src"));
  if (first?.dataset.view === "image") showPicture(first);
  if (first) mark(first);
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      view(link);
      const isBelow = frame.parentElement.getBoundingClientRect().top > link.getBoundingClientRect().bottom;
      if (isBelow) frame.parentElement.scrollIntoView();
    });
  }
}
