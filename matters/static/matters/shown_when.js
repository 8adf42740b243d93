// Hides questions that are not asked (data-shown-when names the question they hang on, data-equals the answer).
// Without this script every question is shown, and the server leaves out what is not asked.
(function () {
  "use strict";

  function answersTo(name, root) {
    return Array.from(root.querySelectorAll('[name="' + CSS.escape(name) + '"]'))
      .filter(function (input) { return (input.type !== "radio" && input.type !== "checkbox") || input.checked; })
      .filter(function (input) { return !input.closest("[hidden]"); })
      .map(function (input) { return input.value; });
  }

  function refresh(root) {
    root.querySelectorAll("[data-shown-when]").forEach(function (input) {
      var field = input.closest(".field");
      if (field) {
        field.hidden = !answersTo(input.dataset.shownWhen, root).includes(input.dataset.equals);
      }
    });
  }

  document.querySelectorAll("form").forEach(function (form) {
    if (form.querySelector("[data-shown-when]")) {
      form.addEventListener("change", function () { refresh(form); });
      refresh(form);
    }
  });
})();
