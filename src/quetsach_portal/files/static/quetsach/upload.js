// Uploads a chosen file in parts, which survives a lost line. Without it the form sends the file whole.
"use strict";
(function () {
  var PART = 4 * 1024 * 1024;
  var MOST_WAITS = 40;
  var MOST_KEPT = 40 * 1024 * 1024;
  var input = document.querySelector("input[type=file][data-upload-to]");
  if (!input || !window.File || !window.FormData || !input.form) { return; }
  var form = input.form;
  var place = form.querySelector("input[name=upload]");
  var shown = form.querySelector("[data-upload-progress]");
  var token = form.querySelector("input[name=csrfmiddlewaretoken]");
  if (!place || !shown || !token) { return; }
  var bar = shown.querySelector("progress");
  var words = shown.querySelector("[role=status]");
  var running = false;

  function say(text) { shown.hidden = false; if (words.textContent !== text) { words.textContent = text; } }
  function show(done, all) {
    var percent = all ? Math.floor(100 * done / all) : 0;
    bar.value = percent;
    say(input.getAttribute("data-upload-said").replace("%p", String(percent)));
  }
  function fail(text) { running = false; say(text); input.disabled = false; form.removeAttribute("data-sent"); }
  function told(request) {
    try { var said = JSON.parse(request.responseText); return said.what + " " + said.todo; } catch (error) { return String(request.status); }
  }
  function ask(method, address, body, headers, done) {
    var request = new XMLHttpRequest();
    request.open(method, address);
    request.timeout = 180000;
    request.setRequestHeader("X-CSRFToken", token.value);
    Object.keys(headers).forEach(function (name) { request.setRequestHeader(name, headers[name]); });
    request.onload = function () { done(request); };
    request.onerror = request.ontimeout = function () { done(null); };
    request.send(body);
  }
  function key(file) { return ["upload", input.getAttribute("data-upload-to"), location.pathname, file.name, file.size, file.lastModified].join("|"); }
  function remember(file, address) { try { localStorage.setItem(key(file), address); } catch (error) { /* A comfort only. */ } }
  function remembered(file) { try { return localStorage.getItem(key(file)); } catch (error) { return null; } }
  function forget(file) { try { localStorage.removeItem(key(file)); } catch (error) { /* A comfort only. */ } }

  // Without network a small file goes whole with its form, which the worker keeps until it can be sent.
  function keeps(file) {
    return form.hasAttribute("data-keep") && navigator.serviceWorker && navigator.serviceWorker.controller && file.size <= MOST_KEPT;
  }
  function begin(file) {
    var body = new FormData();
    body.append("permit", input.getAttribute("data-upload-permit"));
    body.append("name", file.name);
    body.append("size", String(file.size));
    ask("POST", input.getAttribute("data-upload-to"), body, {}, function (request) {
      if (request === null) { if (keeps(file)) { form.submit(); } else { fail(input.getAttribute("data-upload-waits")); } return; }
      if (request.status !== 201) { fail(told(request)); return; }
      var address = JSON.parse(request.responseText).address;
      remember(file, address);
      send(file, address, 0, 0);
    });
  }
  function resume(file, address, waits) {
    ask("HEAD", address, null, {}, function (request) {
      if (request === null || request.status >= 500) { wait(file, address, waits); return; }
      if (request.status !== 200) { forget(file); begin(file); return; }
      send(file, address, Number(request.getResponseHeader("Upload-Offset")), waits);
    });
  }
  function wait(file, address, waits) {
    if (waits >= MOST_WAITS) { fail(input.getAttribute("data-upload-waits")); return; }
    say(input.getAttribute("data-upload-waits"));
    window.setTimeout(function () { resume(file, address, waits + 1); }, Math.min(30000, 1000 * (waits + 1)));
  }
  function send(file, address, offset, waits) {
    show(offset, file.size);
    if (offset >= file.size) { finish(file, address); return; }
    var headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    ask("PATCH", address, file.slice(offset, offset + PART), headers, function (request) {
      if (request === null || request.status >= 500 || request.status === 408 || request.status === 429) { wait(file, address, waits); return; }
      if (request.status === 409) { resume(file, address, waits + 1); return; }
      if (request.status !== 204) { forget(file); fail(told(request)); return; }
      send(file, address, Number(request.getResponseHeader("Upload-Offset")), 0);
    });
  }
  function finish(file, address) {
    forget(file);
    place.value = address.split("/").pop();
    input.disabled = true;
    form.submit();
  }
  form.addEventListener("submit", function (event) {
    var file = input.files && input.files[0];
    if (!file || !file.size || place.value) { return; }
    event.preventDefault();
    if (running) { return; }
    running = true;
    var known = remembered(file);
    if (known) { resume(file, known, 0); } else { begin(file); }
  });
  input.addEventListener("change", function () { place.value = ""; shown.hidden = true; });
})();
