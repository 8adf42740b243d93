// Keeps the draft a moment after typing stops, says so, puts problems at their inputs and draws the preview again.
// What is typed stays in the page all the time; when somebody else saved the draft, the form is sent to be compared.
(function () {
  "use strict";

  var form = document.querySelector("form[data-editor]");
  if (!form) return;
  var state = form.querySelector("[data-save-state]");
  var PAUSE = 1500, RETRY = 8000;
  var typed = 0, saved = 0, timer = null, sending = false, leaving = false, stopped = false;

  function say(text, isTrouble) {
    state.textContent = text;
    state.classList.toggle("field-error", Boolean(isTrouble));
    state.classList.toggle("saved-state", !isTrouble);
  }

  function sayLogin() {
    var link = document.createElement("a");
    link.href = form.dataset.login;
    link.target = "_blank";
    link.textContent = "在新窗口登录";
    say("登录已过期，您填写的内容还在本页。请", true);
    state.append(link, "，再回到这里，会接着保存。");
  }

  function sayMoved(message) {
    stopped = true;
    say(message, true);
    var button = document.createElement("button");
    button.className = "btn btn-secondary btn-sm";
    button.textContent = "对照后再保存";
    state.append(" ", button);
  }

  function token() {
    var found = document.cookie.split("; ").find(function (part) { return /^[^=]*csrf[^=]*=/.test(part); });
    return found ? decodeURIComponent(found.split("=")[1]) : form.elements.csrfmiddlewaretoken.value;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  // ---- blocks: what was sent as the third one is the third one of the saved draft
  function orderNow() {
    return Array.from(form.querySelectorAll("[data-rows]")).map(function (list) {
      return { list: list, rows: Array.from(list.querySelectorAll(":scope > [data-row]")) };
    });
  }

  function remember(order) {
    order.forEach(function (entry) {
      entry.rows.forEach(function (row, index) {
        var marker = row.querySelector(":scope > input[type=hidden]");
        marker.value = marker.value.split(":")[0] + ":" + index;
      });
    });
  }

  // The element that a saved name means, in the order that was sent; the nearest around it when it is not there.
  function find(name, order) {
    var here = null, path = "";
    name.split(".").some(function (part) {
      var entry = order.find(function (known) { return known.list.dataset.rows === path; });
      var row = entry && /^\d+$/.test(part) ? entry.rows[Number(part)] : null;
      path = row ? row.dataset.row : (path ? path + "." + part : part);
      var found = form.querySelector('[data-problems="' + CSS.escape(path) + '"]');
      if (found) here = found;
      return false;
    });
    return here;
  }

  // ---- what the answer says
  function icon() {
    var holder = form.querySelector(".icon-for-problems");
    return holder ? holder.content.cloneNode(true) : document.createDocumentFragment();
  }

  function message(text) {
    var line = document.createElement("p"), words = document.createElement("span");
    line.className = "field-error";
    words.textContent = text;
    line.append(icon(), words);
    return line;
  }

  function showProblems(problems, order) {
    var places = new Map(), list = document.createElement("ul");
    problems.forEach(function (problem) {
      var place = find(problem.name, order), item = document.createElement("li");
      if (place) places.set(place, (places.get(place) || []).concat(problem.message));
      var link = document.createElement("a");
      link.href = "#" + (place ? place.dataset.problems : "");
      link.textContent = problem.label + "：" + problem.message;
      item.append(link);
      list.append(item);
    });
    form.querySelectorAll("[data-problems]").forEach(function (place) {
      var wanted = places.get(place) || [];
      var there = Array.from(place.children).map(function (child) { return child.textContent; });
      if (there.join("\n") !== wanted.join("\n")) place.replaceChildren.apply(place, wanted.map(message));
    });
    showSummary(problems.length, list);
    countInRows(order);
  }

  function showSummary(count, list) {
    var summary = form.querySelector("[data-summary]");
    summary.hidden = !count;
    summary.querySelector("[data-summary-count]").textContent = String(count);
    summary.querySelector("ul").replaceWith(list);
    document.querySelector("[data-total]").textContent = count ? "还有 " + count + " 个问题" : "没有问题";
  }

  function countInRows(order) {
    order.forEach(function (entry) {
      entry.rows.forEach(function (row) {
        var count = row.querySelectorAll("[data-problems] > .field-error").length;
        row.querySelector("[data-count]").textContent = count ? "有 " + count + " 个问题" : "";
      });
    });
  }

  function showStates(states) {
    states.forEach(function (entry) {
      document.querySelectorAll('[data-state="' + CSS.escape(entry.name) + '"]').forEach(function (place) {
        place.textContent = entry.words;
        place.className = "editor-state editor-state-" + entry.kind;
      });
    });
  }

  // ---- what can be offered by now: materials, questions, form fields
  function optionFor(pair) {
    var option = document.createElement("option");
    option.value = pair[0];
    option.textContent = pair[1];
    return option;
  }

  function refill(select, pairs) {
    var value = select.value, first = select.querySelector('option[value=""]');
    var known = pairs.map(function (pair) { return pair[0]; });
    var stray = value && !known.includes(value) ? [[value, value + "（不在可选范围内）"]] : [];
    select.replaceChildren.apply(select, (first ? [first] : []).concat(pairs.concat(stray).map(optionFor)));
    select.value = value;
  }

  function boxFor(name, pair, isOn) {
    var label = document.createElement("label"), box = document.createElement("input"), words = document.createElement("span");
    box.type = "checkbox";
    box.name = name;
    box.value = pair[0];
    box.checked = isOn;
    words.textContent = pair[1];
    label.append(box, words);
    return label;
  }

  function reboxes(group, pairs) {
    var on = Array.from(group.querySelectorAll("input:checked")).map(function (box) { return box.value; });
    var known = pairs.map(function (pair) { return pair[0]; });
    var stray = on.filter(function (value) { return !known.includes(value); })
      .map(function (value) { return [value, value + "（不在可选范围内）"]; });
    var all = pairs.concat(stray), before = Array.from(group.querySelectorAll("label"));
    var same = all.length === before.length && all.every(function (pair, index) {
      return before[index].firstChild.value === pair[0] && before[index].textContent === pair[1];
    });
    if (same || (!all.length && group.querySelector("[data-nothing]"))) return;
    group.replaceChildren.apply(group, all.map(function (pair) {
      return boxFor(group.dataset.boxes, pair, on.includes(pair[0]));
    }));
  }

  function offerIn(root, offers) {
    Object.keys(offers).forEach(function (name) {
      root.querySelectorAll('select[data-offer="' + name + '"]').forEach(function (select) {
        if (select !== document.activeElement) refill(select, offers[name]);
      });
      root.querySelectorAll('[data-boxes][data-offer="' + name + '"]').forEach(function (group) {
        if (!group.contains(document.activeElement)) reboxes(group, offers[name]);
      });
      root.querySelectorAll('datalist[data-list="' + name + '"]').forEach(function (list) {
        list.replaceChildren.apply(list, offers[name].map(optionFor));
      });
    });
  }

  function drawPreview() {
    var frame = document.querySelector(".editor-frame");
    var part = document.querySelector("[data-preview]");
    if (frame && part && part.open) frame.contentWindow.location.reload();
  }

  function finish(turn, order, answer) {
    saved = turn;
    form.elements.seen.value = String(answer.revision);
    form.elements.marks.value = answer.marks;
    remember(order);
    showProblems(answer.problems, order);
    showStates(answer.states);
    offerIn(form, answer.offers);
    document.querySelectorAll("template[id^='t-']").forEach(function (template) { offerIn(template.content, answer.offers); });
    drawPreview();
    say("已保存 " + answer.saved_at, false);
    if (typed > saved) later(PAUSE);
  }

  async function judge(turn, order, response) {
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      sayLogin();
      return later(RETRY);
    }
    if (response.ok) return finish(turn, order, await response.json());
    if (response.status === 409 || response.status === 400) {
      var answer = await response.json();
      return answer.code === "moved" ? sayMoved(answer.message) : say(answer.message, true);
    }
    say("没有保存上，正在重试……您填写的内容还在本页。", true);
    later(RETRY);
  }

  async function save() {
    if (sending || leaving || stopped || saved === typed) return;
    sending = true;
    var turn = typed, order = orderNow(), body = new URLSearchParams(new FormData(form));
    body.set("csrfmiddlewaretoken", token());
    say("正在保存……", false);
    try {
      var response = await fetch(form.dataset.editor, {
        method: "POST",
        body: body,
        headers: { Accept: "application/json" },
        redirect: "manual",
        credentials: "same-origin",
      });
      await judge(turn, order, response);
    } catch (error) {
      say("没有网络：内容还没有保存，正在重试……您填写的内容还在本页。", true);
      later(RETRY);
    } finally {
      sending = false;
      if (typed > turn && !timer) later(PAUSE);
    }
  }

  function changed(event) {
    if (event.target.name === "csrfmiddlewaretoken") return;
    typed += 1;
    later(PAUSE);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", function () {
    leaving = true;
    clearTimeout(timer);
    form.elements.csrfmiddlewaretoken.value = token();
    var open = form.querySelector("details.editor-field[open]");
    form.elements.opened.value = open ? open.dataset.field : "";
  });
  window.addEventListener("online", save);
  window.addEventListener("focus", save);
  window.addEventListener("pageshow", function () { leaving = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && saved !== typed) event.preventDefault();
  });
})();
