// Sends a form to its data-autosave address a few seconds after the last key, says when it was saved, and tries again when
// the net or the login is gone. What is typed stays in the page all the time.
(function () {
  "use strict";

  var form = document.querySelector("form[data-autosave]");
  if (!form) return;
  var state = form.querySelector("[data-save-state]");
  var PAUSE = 3000, RETRY = 10000;
  var typed = 0, saved = 0, timer = null, sending = false, leaving = false;

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

  // Logging in again renews the token: the cookie has the new one, the page still the old.
  function token() {
    var found = document.cookie.split("; ").find(function (part) { return /^[^=]*csrf[^=]*=/.test(part); });
    return found ? decodeURIComponent(found.split("=")[1]) : form.elements.csrfmiddlewaretoken.value;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function finish(turn, answer) {
    saved = turn;
    say("已保存 " + answer.saved_at, false);
    if (typed > saved) later(PAUSE);
  }

  async function judge(turn, response) {
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      sayLogin();
      return later(RETRY);
    }
    if (response.ok) return finish(turn, await response.json());
    if (response.status === 409) return say((await response.json()).message, true);
    say("没有保存上，正在重试……您填写的内容还在本页。", true);
    later(RETRY);
  }

  async function save() {
    if (sending || leaving || saved === typed) return;
    sending = true;
    var turn = typed, body = new FormData(form);
    body.set("csrfmiddlewaretoken", token());
    try {
      var response = await fetch(form.dataset.autosave, {
        method: "POST",
        body: body,
        headers: { Accept: "application/json" },
        redirect: "manual",
        credentials: "same-origin",
      });
      await judge(turn, response);
    } catch (error) {
      say("未连接：网络断了，内容还没有保存，正在重试……", true);
      later(RETRY);
    } finally {
      sending = false;
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
  });
  window.addEventListener("online", save);
  window.addEventListener("focus", save);
  window.addEventListener("pageshow", function () { leaving = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && saved !== typed) event.preventDefault();
  });
})();
