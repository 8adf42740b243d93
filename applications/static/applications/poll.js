// Asks for this page again while something on it is still being made, and puts in the part that was waiting.
// Without script there is a link to do it by hand: a page that refreshes itself moves away under its reader.
(function () {
  "use strict";

  var WAIT = 4000, TRIES = 60;

  async function look(part, tries) {
    if (!tries) return;
    var fresh = null;
    try {
      var response = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
      var page = new DOMParser().parseFromString(await response.text(), "text/html");
      fresh = page.getElementById(part.id);
    } catch (error) {
      fresh = null; // the net is gone for a moment
    }
    if (fresh && !fresh.hasAttribute("data-poll")) {
      part.replaceWith(document.importNode(fresh, true));
    } else {
      setTimeout(function () { look(part, tries - 1); }, WAIT);
    }
  }

  document.querySelectorAll("[data-poll]").forEach(function (part) {
    setTimeout(function () { look(part, TRIES); }, WAIT);
  });
})();
