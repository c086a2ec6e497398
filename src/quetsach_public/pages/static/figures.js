// New figures each minute: fetched from here alone, less often when it fails, not while hidden.
"use strict";
(function () {
  var MINUTE = 60000, LONGEST = 15 * MINUTE, HOUR = 60 * MINUTE, SVG = "http://www.w3.org/2000/svg";
  var root = document.getElementById("figures"), stale = document.getElementById("stale");
  if (!root || !window.fetch) { return; }
  var failed = 0, timer = 0, due = 0, shown = "";

  function find(selector) { return root.querySelector(selector); }
  function grouped(n) { return String(n).replace(/\B(?=(\d{3})+$)/g, root.dataset.dot); }
  function number(n) { return n === null ? root.dataset.few : grouped(n); }
  function when(iso) {
    return iso.slice(11, 16) + ", " + iso.slice(8, 10) + "/" + iso.slice(5, 7) + "/" + iso.slice(0, 4);
  }
  function said(element, name, iso) { element.textContent = element.dataset[name].replace("{when}", when(iso)); }
  function cell(row, text, kind) {
    var td = document.createElement("td");
    td.textContent = text;
    if (kind) { td.className = kind; }
    row.appendChild(td);
  }
  function filled(id, rows, write) {
    var body = document.getElementById(id);
    body.textContent = "";
    rows.forEach(function (one, place) {
      var tr = document.createElement("tr");
      write(tr, one, place);
      body.appendChild(tr);
    });
  }
  function part(tone, x, y, width, height) {
    var rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", tone);
    rect.setAttribute("x", x); rect.setAttribute("y", y);
    rect.setAttribute("width", width); rect.setAttribute("height", height);
    return rect;
  }
  function columns(days) {
    var svg = find("#days svg"), highest = 1;
    if (!svg) { return; }
    days.forEach(function (one) { highest = Math.max(highest, one[1]); });
    svg.textContent = "";
    svg.setAttribute("viewBox", "0 0 " + Math.max(1, days.length) * 12 + " 121");
    days.forEach(function (one, place) {
      var high = one[1] > 0 ? Math.max(1.5, 120 * one[1] / highest) : 0;
      var group = document.createElementNS(SVG, "g"), title = document.createElementNS(SVG, "title");
      title.textContent = one[0].slice(8, 10) + "/" + one[0].slice(5, 7) + ": " + one[1];
      group.appendChild(title);
      group.appendChild(part("draw-part", place * 12, 120 - high, 10, high));
      svg.appendChild(group);
    });
    svg.appendChild(part("draw-floor", 0, 120, Math.max(1, days.length) * 12, 1));
  }
  function tiles(all) {
    var groups = root.querySelectorAll("#map g");
    if (groups.length !== all.length) { return; }
    all.forEach(function (one, place) {
      var texts = groups[place].querySelectorAll("text"), last = texts[texts.length - 1];
      var title = groups[place].querySelector("title");
      groups[place].querySelector("rect").setAttribute("class", "tile tile-" + one[0]);
      Array.prototype.forEach.call(texts, function (text) {
        text.setAttribute("class", (text === last ? "tile-number" : "tile-name") + " tile-ink-" + one[0]);
      });
      if (one[1]) { title.textContent = title.textContent.replace(/: [^:]*$/, "") + ": " + one[1]; }
      last.textContent = one[1];
    });
  }
  function bands(figures) {
    var words = root.dataset.bands.split("|");
    var rows = figures.rows.map(function (one) {
      return [one.name, grouped(one.deployed) + "/" + grouped(one.units), one.band, one.questioned ? " ?" : ""];
    });
    if (figures.group) { rows.push([root.dataset.small, grouped(figures.group.units), figures.group.band]); }
    filled("band-rows", rows, function (tr, one) {
      cell(tr, one[0]); cell(tr, one[1], "n"); cell(tr, (words[one[2]] || "–") + (one[3] || ""), "n");
    });
  }
  function show(figures) {
    var counters = figures.counters;
    Array.prototype.forEach.call(root.querySelectorAll("[data-figure]"), function (dd) {
      dd.textContent = number(counters[dd.dataset.figure]);
    });
    said(find("[data-as-of]"), "asOf", figures.at);
    said(find("[data-hourly]"), "hourly", figures.units_at);
    columns(figures.days);
    filled("day-rows", figures.days.slice().reverse(), function (tr, one) {
      cell(tr, one[0].slice(8, 10) + "/" + one[0].slice(5, 7) + "/" + one[0].slice(0, 4));
      cell(tr, grouped(one[1]), "n"); cell(tr, grouped(one[2]), "n");
    });
    tiles(figures.tiles);
    bands(figures);
  }
  function warn(kind) {
    stale.textContent = kind ? stale.dataset[kind] : "";
    stale.hidden = !kind;
  }
  function next() {
    // Phones that opened the page together do not ask together for ever.
    var wait = Math.min(LONGEST, MINUTE * Math.pow(2, failed)) + Math.random() * 10000;
    due = Date.now() + wait;
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }
  function ask() {
    if (document.hidden) { return; }
    fetch("/figures.json", { cache: "no-cache", credentials: "omit" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      var now = Date.parse(answer.headers.get("Date")) || Date.now();
      return answer.json().then(function (figures) {
        failed = 0;
        if (figures.at !== shown) { show(figures); shown = figures.at; }
        warn(now - Date.parse(figures.at) > HOUR ? "old" : "");
      });
    }).catch(function () {
      failed += 1;
      if (failed > 2) { warn("offline"); }
    }).then(next);
  }
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && Date.now() >= due) { ask(); }
  });
  next();
})();
