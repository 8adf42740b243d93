// Sends chosen or dropped files one after the other, with progress, cancel and retry. Without this script the form sends one.
(function () {
  "use strict";

  var page = document.querySelector("[data-uploads]");
  if (!page) return;
  var queue = [], running = null;

  function token() {
    var found = document.cookie.split("; ").find(function (part) { return /^[^=]*csrf[^=]*=/.test(part); });
    return found ? decodeURIComponent(found.split("=")[1]) : page.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  function element(name, text, className) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function button(text, name, act) {
    var made = element("button", text, "btn btn-quiet btn-sm");
    made.type = "button";
    made.append(element("span", name, "visually-hidden"));
    made.addEventListener("click", act);
    return made;
  }

  // ---- one file on its way
  function show(job) {
    job.line = element("li", "", "");
    job.bar = element("progress");
    job.bar.max = 100;
    job.bar.value = 0;
    job.bar.setAttribute("aria-label", job.file.name);
    job.note = element("span", "等待上传", "hint");
    job.note.setAttribute("role", "status");
    job.line.append(element("span", job.file.name, "name"), job.note, button("取消", job.file.name, function () { cancel(job); }), job.bar);
    jobs(job.box).append(job.line);
  }

  function jobs(box) {
    var list = box.querySelector("[data-jobs]");
    if (!list) {
      list = element("ul", "", "files plain-list");
      list.dataset.jobs = "";
      var holder = element("div", "", "upload-row border-0 py-0");
      holder.append(list);
      box.append(holder);
    }
    return list;
  }

  function cancel(job) {
    queue = queue.filter(function (other) { return other !== job; });
    if (running === job) job.request.abort();
    job.line.remove();
  }

  function fail(job, message, canRetry) {
    job.line.replaceChildren(element("span", job.file.name, "name"));
    var text = element("p", message, "field-error w-100 mb-0");
    text.setAttribute("role", "alert");
    job.line.append(text);
    if (canRetry) {
      job.line.append(button("重试", job.file.name, function () {
        job.line.remove();
        show(job);
        queue.push(job);
        next();
      }));
    }
    job.line.append(button("知道了", job.file.name, function () { job.line.remove(); }));
  }

  function failLogin(job) {
    fail(job, "登录已过期，这个文件还没有传上去。", true);
    var link = element("a", "在新窗口登录");
    link.href = page.dataset.login;
    link.target = "_blank";
    job.line.querySelector("p").append(" 请", link, "，再回来点“重试”。");
  }

  // ---- sending
  function next() {
    if (running || !queue.length) return;
    running = queue.shift();
    send(running);
  }

  function done() {
    running = null;
    next();
  }

  function send(job) {
    var request = new XMLHttpRequest(), body = new FormData();
    job.request = request;
    job.note.textContent = "正在上传";
    body.append("file", job.file);
    request.open("POST", job.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", function (event) {
      if (!event.lengthComputable) return;
      job.bar.value = (100 * event.loaded) / event.total;
      job.note.textContent = event.loaded < event.total ? Math.round(job.bar.value) + "%" : "正在检查";
    });
    request.addEventListener("load", function () { judge(job, request); done(); });
    request.addEventListener("error", function () { fail(job, "连接断了，文件还没有传完。请检查网络后点“重试”。", true); done(); });
    request.addEventListener("abort", done);
    request.send(body);
  }

  function judge(job, request) {
    var isJson = (request.getResponseHeader("Content-Type") || "").startsWith("application/json");
    if (!isJson) {
      if (request.status === 403 || request.responseURL.indexOf("/login") > 0) return failLogin(job);
      return fail(job, "系统暂时没有收下这个文件。请过一会儿点“重试”。", true);
    }
    var answer = JSON.parse(request.responseText);
    if (request.status < 400) {
      job.line.remove();
      replace(job.box, answer.html);
    } else {
      fail(job, answer.message, request.status === 507);
    }
  }

  // The row comes back as the server sees it; files still on their way stay below it.
  function replace(box, html) {
    var list = box.querySelector("[data-jobs]");
    var holder = list ? list.parentElement : null;
    box.innerHTML = html;
    if (holder) box.append(holder);
    prepare(box);
  }

  // ---- choosing
  function take(box, files) {
    var form = box.querySelector("form[data-upload]"), limits = box.querySelector("[data-limits]");
    if (!form) return;
    Array.from(files).forEach(function (file) {
      var job = { box: box, file: file, action: form.action };
      show(job);
      if (file.size > Number(limits.dataset.maxBytes)) {
        fail(job, limits.dataset.tooBig, false);
      } else {
        queue.push(job);
      }
    });
    next();
  }

  function prepare(box) {
    var form = box.querySelector("form[data-upload]");
    if (!form) return;
    var input = form.querySelector("input[type=file]");
    input.multiple = true;
    form.querySelector("button").hidden = true;
    var label = form.querySelector("label"), shown = element("span", "选择文件");
    shown.setAttribute("aria-hidden", "true");
    label.replaceChildren(element("span", label.textContent, "visually-hidden"), shown);
    label.className = "btn btn-secondary";
    input.classList.add("visually-hidden"); // its own words would be in the browser's language
    form.append(element("span", "选好后自动上传，也可以把文件拖到这里。", "hint"));
    input.addEventListener("change", function () {
      take(box, input.files);
      input.value = "";
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    ["dragover", "dragleave", "drop"].forEach(function (name) {
      form.addEventListener(name, function (event) {
        event.preventDefault();
        form.classList.toggle("over", name === "dragover");
        if (name === "drop") take(box, event.dataTransfer.files);
      });
    });
  }

  page.querySelectorAll("[data-material]").forEach(prepare);
  window.addEventListener("beforeunload", function (event) {
    if (running || queue.length) event.preventDefault();
  });
})();
