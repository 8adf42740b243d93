// Opens what a link of the editor's page leads to: a problem may stand inside closed blocks.
(function () {
  "use strict";

  function show(name) {
    var target = name && document.getElementById(name);
    if (!target) return;
    for (var here = target; here; here = here.parentElement) {
      if (here.tagName === "DETAILS") here.open = true;
      if (here.matches(".edit-row")) here.querySelector(":scope > details").open = true;
    }
    if (target.matches(".edit-row")) target.querySelector(":scope > details").open = true;
    target.scrollIntoView({ block: "start" });
    var input = target.querySelector("input:not([type=hidden]), select, textarea, summary");
    if (input) input.focus({ preventScroll: true });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest(".editor a[href^='#']");
    if (!link) return;
    event.preventDefault();
    var list = document.querySelector("[data-fields-list]");
    if (list && link.closest("[data-fields-list]") && window.innerWidth < 992) list.open = false;
    show(decodeURIComponent(link.hash.slice(1)));
  });

  // On a telephone the list of fields and the preview begin closed.
  if (window.innerWidth < 992) {
    document.querySelectorAll("[data-fields-list], [data-preview]").forEach(function (part) { part.open = false; });
  }
  show(decodeURIComponent(location.hash.slice(1)));
})();
