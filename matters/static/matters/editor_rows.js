// Adds, removes and moves blocks of a list in the page; without this script the same buttons send the form.
// A block keeps its names wherever it goes: the order in which blocks are sent is the order of the list.
(function () {
  "use strict";

  var form = document.querySelector("form[data-editor]");
  if (!form) return;
  var made = 0;

  function listOf(row) { return row.closest("[data-rows]"); }

  function rowsOf(list) { return Array.from(list.querySelectorAll(":scope > [data-row]")); }

  function number(list) {
    rowsOf(list).forEach(function (row, index) {
      row.querySelectorAll(":scope > details > summary [data-number], :scope > .edit-row-buttons [data-number]")
        .forEach(function (place) { place.textContent = String(index + 1); });
    });
  }

  function freshKey(list, input) {
    var last = input.name.split(".").pop();
    var taken = rowsOf(list).map(function (row) {
      var other = row.querySelector('[name="' + CSS.escape(row.dataset.row + "." + last) + '"]');
      return other && other !== input ? other.value : "";
    });
    for (var count = 1; ; count += 1) {
      if (!taken.includes(input.dataset.fresh + count)) return input.dataset.fresh + count;
    }
  }

  // Steps of a procedure are numbered in their order.
  function nextOrder(list, row) {
    var input = row.querySelector('[name="' + CSS.escape(row.dataset.row + ".order") + '"]');
    if (input) input.value = String(rowsOf(list).length);
  }

  function add(name) {
    var list = form.querySelector('[data-rows="' + CSS.escape(name) + '"]');
    var template = document.getElementById("t-" + list.dataset.template);
    made += 1;
    var rowName = name + ".n" + made;
    var holder = document.createElement("ol");
    holder.innerHTML = template.innerHTML.replaceAll("__row__", rowName);
    var row = holder.firstElementChild;
    var marker = row.querySelector(":scope > input[type=hidden]");
    marker.name = name;
    marker.value = "n" + made + ":";
    list.append(row);
    row.querySelectorAll("[data-fresh]").forEach(function (input) { input.value = freshKey(list, input); });
    nextOrder(list, row);
    number(list);
    row.querySelector("input:not([type=hidden]), select, textarea").focus();
  }

  function move(row, other, isBefore) {
    if (!other) return;
    if (isBefore) other.before(row); else other.after(row);
    number(listOf(row));
  }

  function remove(row) {
    var list = listOf(row), name = row.querySelector("[data-title]").textContent;
    var next = row.nextElementSibling || row.previousElementSibling;
    var words = row.querySelector("summary").textContent.replace(/\s+/g, " ").trim();
    if (name && !window.confirm("删除“" + words + "”？里面填写的内容会一起删除。")) return;
    row.remove();
    number(list);
    var focus = next ? next.querySelector("summary") : list.parentElement.querySelector(".edit-add button");
    if (focus) focus.focus();
  }

  function act(button) {
    var space = button.value.indexOf(" ");
    var action = button.value.slice(0, space), name = button.value.slice(space + 1);
    if (action === "add") return add(name);
    var row = button.closest("[data-row]");
    if (action === "remove") return remove(row);
    move(row, action === "up" ? row.previousElementSibling : row.nextElementSibling, action === "up");
    button.focus();
  }

  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-row-button]");
    if (!button) return;
    event.preventDefault();
    act(button);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // The name of a block is that of its content, while it is typed.
  form.addEventListener("input", function (event) {
    var row = event.target.closest("[data-row]");
    var title = row && row.querySelector(":scope > details > summary [data-title]");
    if (title && event.target.name === row.dataset.row + "." + title.dataset.title) {
      title.textContent = event.target.value.slice(0, 36);
    }
  });
})();
