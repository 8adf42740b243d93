// Adds and removes rows of a repeating part without sending the page. Without this script the same buttons send it.
(function () {
  "use strict";

  function counter(box) {
    return box.closest("form").elements[box.dataset.rows + "-TOTAL_FORMS"];
  }

  function shown(box) {
    return Array.from(box.querySelectorAll(":scope > [data-row]")).filter(function (row) { return !row.hidden; });
  }

  function refresh(box) {
    var rows = shown(box);
    rows.forEach(function (row, place) {
      row.querySelector("[data-row-number]").textContent = place + 1;
      var remove = row.querySelector("[data-remove-row]");
      if (remove) remove.hidden = rows.length === 1;
    });
    var add = box.closest("form").querySelector("[data-add-row]");
    if (add) add.disabled = rows.length >= Number(box.dataset.max);
    // Questions that hang on others, and the saving, look at the form anew.
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function add(box) {
    var total = counter(box);
    var holder = document.createElement("div");
    holder.innerHTML = box.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    var row = holder.querySelector("[data-row]");
    box.insertBefore(row, box.querySelector("template"));
    total.value = Number(total.value) + 1;
    refresh(box);
    var first = row.querySelector("input, select, textarea");
    if (first) first.focus();
  }

  function remove(button) {
    var row = button.closest("[data-row]");
    var box = row.parentElement;
    var mark = document.createElement("input");
    mark.type = "hidden";
    mark.name = button.name;
    mark.value = "on";
    row.append(mark);
    row.hidden = true;
    refresh(box);
    var rest = shown(box);
    var target = rest.length ? rest[rest.length - 1].querySelector("input, select, textarea") : null;
    if (target) target.focus();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-add-row], [data-remove-row]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-remove-row]")) {
      remove(button);
    } else {
      add(button.closest("form").querySelector("[data-rows]"));
    }
  });
})();
