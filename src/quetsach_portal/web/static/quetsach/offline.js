// Says on the page that there is no network, how old it is and what waits; offline-worker.js keeps and sends.
"use strict";
(function () {
  var band = document.querySelector("[data-offline]"), workers = navigator.serviceWorker;
  if (!band || !workers || !window.caches || !window.indexedDB) { return; }
  var words = band.dataset, root = document.documentElement, keptAt = root.getAttribute("data-kept-at");
  var said = band.querySelector("[data-said]"), list = band.querySelector("[data-kept]");
  // What an act answered stands in the kept page too: it would be told again at each visit.
  if (keptAt) { document.querySelectorAll("main > .alert").forEach(function (message) { message.hidden = true; }); }
  var openedAt = keptAt ? new Date(keptAt) : new Date(), known = { mine: [], others: 0, taken: 0, signIn: false }, warned = false, sent = 0;
  // Not of one's account: such a page asks a key anew each time it is read.
  if (!workers.controller && !/^\/account\//.test(location.pathname)) { workers.ready.then(function (place) { place.active.postMessage({ what: "keep", address: location.href }); }); }
  workers.register("/offline-worker.js", { scope: "/", updateViaCache: "none" }).catch(function () { /* The page works without it. */ });

  function ask(what, id) { workers.ready.then(function (place) { place.active.postMessage({ what: what, id: id }); }); }
  function two(number) { return (number < 10 ? "0" : "") + number; }
  function clock(day) {
    var hour = two(day.getHours()) + ":" + two(day.getMinutes());
    return day.toDateString() === new Date().toDateString() ? hour : hour + " " + two(day.getDate()) + "/" + two(day.getMonth() + 1);
  }
  function fill(text, part) { return text.replace("{}", part); }
  function since() {
    var noted = sessionStorage.getItem("offline-since");
    if (!noted) { noted = new Date().toISOString(); sessionStorage.setItem("offline-since", noted); }
    return clock(new Date(noted));
  }
  function counted(rows) {
    var files = rows.reduce(function (sum, row) { return sum + row.files; }, 0), text = fill(words.actCount, rows.length);
    return files ? text + ", " + fill(words.fileCount, files) : text;
  }
  function sentences() {
    var texts = [], waits = known.mine.filter(function (row) { return row.state === "waits"; });
    if (!navigator.onLine) { texts.push(fill(words.since, since()), fill(words.figures, clock(openedAt)), words.acts); }
    else if (keptAt) { texts.push(fill(words.back, clock(openedAt))); }
    if (waits.length) { texts.push(fill(words.waits, counted(waits))); }
    if (sent) { texts.push(fill(words.sent, fill(words.actCount, sent))); }
    if (known.signIn) { texts.push(words.signIn); }
    if (known.others) { texts.push(fill(words.others, known.others)); }
    if (warned) { texts.push(words.leave); }
    return texts;
  }
  function link(text, address) {
    var made = document.createElement("a");
    made.href = address;
    made.textContent = text;
    said.append(" ", made);
  }
  function button(row, text, what) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "link-button";
    made.textContent = text;
    var of = document.createElement("span");
    of.className = "visually-hidden";
    of.textContent = " " + row.label;
    made.append(of);
    made.addEventListener("click", function () { ask(what, row.id); });
    return made;
  }
  function line(row) {
    var item = document.createElement("li"), why = row.state === "unreadable" ? words.unreadable : row.why || fill(words.status, row.status || "?");
    item.textContent = row.label + " (" + clock(new Date(row.at)) + ")";
    if (row.state !== "waits") {
      item.append(" – " + fill(words.refused, why));
      item.append(button(row, words.drop, "drop"));
    }
    return item;
  }
  // Without network only what can be kept may be pressed; what is kept already waits for its answer.
  function still() {
    document.querySelectorAll("form[method=post]").forEach(function (form) {
      var address = new URL(form.action).pathname, keeps = form.getAttribute("data-keep");
      var waiting = keeps === "once" && known.mine.find(function (row) { return row.url === address && row.state === "waits"; });
      var isStill = waiting || (!navigator.onLine && !keeps && address !== "/account/logout/");
      form.querySelectorAll("button, input[type=submit]").forEach(function (press) {
        if (isStill && !press.disabled) { press.disabled = true; press.setAttribute("data-still", ""); }
        if (!isStill && press.hasAttribute("data-still")) { press.disabled = false; press.removeAttribute("data-still"); }
      });
      var note = form.querySelector("[data-waiting]");
      if (note) { note.remove(); }
      if (waiting) {
        note = document.createElement("p");
        note.setAttribute("data-waiting", "");
        note.textContent = fill(words.pending, clock(new Date(waiting.at)));
        form.append(note);
      }
    });
  }
  function show() {
    if (navigator.onLine) { sessionStorage.removeItem("offline-since"); }
    var texts = sentences();
    said.textContent = "";
    texts.forEach(function (text, place) {
      var part = document.createElement(place ? "span" : "strong");
      part.textContent = text;
      said.append(part, " ");
    });
    if (navigator.onLine && (keptAt || sent)) { link(words.reload, location.href.split("#")[0]); }
    if (known.signIn) { link(words.signInLink, "/account/login/?next=" + encodeURIComponent(location.pathname + location.search)); }
    list.textContent = "";
    known.mine.forEach(function (row) { list.append(line(row)); });
    band.hidden = !texts.length && !known.mine.length;
    still();
  }
  workers.addEventListener("message", function (event) { known = event.data; sent += known.taken; show(); });
  if (workers.startMessages) { workers.startMessages(); }
  window.addEventListener("online", function () { show(); ask("send"); });
  window.addEventListener("offline", show);
  show();
  ask(navigator.onLine ? "send" : "list");

  function token() {
    var bytes = crypto.getRandomValues(new Uint8Array(16)), text = "";
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    bytes.forEach(function (byte) { text += (byte < 16 ? "0" : "") + byte.toString(16); });
    return text;
  }
  // A kept page may send its form several times: each is an act of its own. A second press is not.
  document.querySelectorAll("form[data-keep]").forEach(function (form) {
    var label = document.createElement("input"), place = form.querySelector("input[name=token]");
    if (place) { place.value = token(); }
    label.type = "hidden";
    label.name = "kept_label";
    form.append(label);
    form.addEventListener("submit", function () {
      var press = form.querySelector("button, input[type=submit]");
      var heading = document.querySelector("h1").cloneNode(true), help = heading.querySelector(".help-mark");
      if (help) { help.remove(); }
      label.value = heading.textContent.trim() + ": " + (press ? press.textContent.trim() : "");
    });
  });
  document.querySelectorAll('form[action="/account/logout/"]').forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (warned || !(known.mine.length + known.others)) { return; }
      event.preventDefault();
      event.stopPropagation();
      warned = true;
      show();
    });
  });
})();
