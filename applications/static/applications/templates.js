// Put a template of an opinion into the box it stands above; what was typed before stays, on a line of its own.
"use strict";

for (const select of document.querySelectorAll("[data-template]")) {
  select.hidden = false;
  select.addEventListener("change", () => {
    const box = document.getElementById("id_opinion") ?? document.getElementById("id_reason");
    if (!box || !select.value) return;
    box.value = box.value ? `${box.value}\n${select.value}` : select.value;
    select.value = "";
    box.focus();
  });
}
