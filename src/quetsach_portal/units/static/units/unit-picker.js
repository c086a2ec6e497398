// Offers units while somebody types: the combobox pattern of WAI-ARIA 1.2. Without it the form asks back.
"use strict";
(function () {
  var count = 0;

  function make(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) { made.textContent = text; }
    return made;
  }

  // The box of several units gets a box of its own to search in; what is chosen becomes a line.
  function searchBox(picker) {
    var area = picker.querySelector("textarea");
    if (!area) { return picker.querySelector("input[type=text]"); }
    var row = make("div", { "class": "unit-search" });
    var box = make("input", { type: "text", id: area.id + "-search", autocomplete: "off", spellcheck: "false" });
    row.appendChild(make("label", { "for": box.id }, picker.dataset.search));
    row.appendChild(box);
    picker.insertBefore(row, area);
    return box;
  }

  function enhance(picker) {
    var box = searchBox(picker), area = picker.querySelector("textarea");
    var id = "unit-list-" + (count += 1);
    var list = make("ul", { "class": "unit-list", id: id, role: "listbox", "aria-label": picker.dataset.label, hidden: "" });
    var said = make("p", { "class": "visually-hidden", role: "status" });
    var at = -1, asked = 0, timer = 0, running = null;
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", id);
    box.setAttribute("aria-expanded", "false");
    box.insertAdjacentElement("afterend", list);
    picker.appendChild(said);

    function close() {
      window.clearTimeout(timer);
      asked += 1;
      said.className = "visually-hidden";
      at = -1;
      list.hidden = true;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }
    function mark(next) {
      var options = list.children;
      if (!options.length) { return; }
      if (options[at]) { options[at].setAttribute("aria-selected", "false"); }
      at = (next + options.length) % options.length;
      options[at].setAttribute("aria-selected", "true");
      options[at].scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", options[at].id);
    }
    function choose(option) {
      var text = option.getAttribute("data-text");
      if (area) {
        var lines = area.value.split("\n").filter(function (line) { return line.trim() && line.trim() !== text; });
        area.value = lines.concat([text]).join("\n");
        box.value = "";
        said.textContent = picker.dataset.added.replace("{unit}", text);
      } else {
        box.value = text;
      }
      close();
      box.focus();
    }
    function show(units) {
      // A later answer takes nobody away from the unit that is marked, if it still stands there.
      var marked = list.children[at] && list.children[at].getAttribute("data-text"), kept = -1;
      list.textContent = "";
      at = -1;
      box.removeAttribute("aria-activedescendant");
      units.forEach(function (unit, number) {
        var option = make("li", { role: "option", id: id + "-" + number, "aria-selected": "false", "data-text": unit.text }, unit.text);
        if (unit.above) { option.appendChild(make("span", { "class": "hint" }, unit.above)); }
        list.appendChild(option);
        if (unit.text === marked) { kept = number; }
      });
      list.hidden = units.length === 0;
      if (kept >= 0) { mark(kept); }
      box.setAttribute("aria-expanded", String(units.length > 0));
      // Who sees the list needs no count of it; that there is none is said to everybody.
      said.className = units.length ? "visually-hidden" : "hint";
      said.textContent = units.length ? picker.dataset.found.replace("{n}", units.length) : picker.dataset.none;
    }
    function ask() {
      var words = box.value.trim(), mine = (asked += 1);
      if (running) { running.abort(); }
      if (words.length < 2) { close(); return; }
      running = new AbortController();
      var address = picker.dataset.lookUp + "?q=" + encodeURIComponent(words);
      window.fetch(address, { credentials: "same-origin", signal: running.signal }).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.json();
      }).then(function (found) {
        if (mine === asked) { show(found.units); }
      }).catch(function () { if (mine === asked) { close(); } });
    }

    box.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, 150);
    });
    box.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) { ask(); } else { mark(event.key === "ArrowDown" ? at + 1 : (at < 0 ? 0 : at) - 1); }
      } else if (event.key === "Enter" && !list.hidden && at >= 0) {
        event.preventDefault();
        choose(list.children[at]);
      } else if (event.key === "Enter" && area && box.value.trim()) {
        // A search is not the form.
        event.preventDefault();
        ask();
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    box.addEventListener("blur", close);
    // What stands in the box of a search when the form is sent is asked back by the form.
    if (area && area.form) {
      area.form.addEventListener("submit", function () {
        if (box.value.trim()) { area.value = (area.value.trim() + "\n" + box.value.trim()).trim(); box.value = ""; }
      });
    }
    // A press must not take the focus from the box before it is a click.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var option = event.target.closest("[role=option]");
      if (option) { choose(option); }
    });
  }

  document.querySelectorAll(".unit-picker").forEach(enhance);
})();
