// Small comforts; every page works without them.
"use strict";
(function () {
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }
  // The page says what is missing, in its own language and beside the field; the browser says it in its own.
  document.querySelectorAll("form[method=post]").forEach(function (form) { form.noValidate = true; });
  // A form that was sent is not sent twice by a second press.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-many")) { return; }
    if (form.getAttribute("data-sent") === "1") { event.preventDefault(); return; }
    form.setAttribute("data-sent", "1");
    window.setTimeout(function () { form.removeAttribute("data-sent"); }, 8000);
  });
  // Ctrl-K goes to the search: the page's own box, else the box in the head, else the page of the search.
  document.addEventListener("keydown", function (event) {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) { return; }
    var boxes = Array.from(document.querySelectorAll("#find-words, .site-find input"));
    var box = boxes.find(function (input) { return input.offsetParent !== null; });
    var link = document.querySelector(".site-find-link");
    if (!box && !link) { return; }
    event.preventDefault();
    if (box) { box.focus(); box.select(); } else { link.click(); }
  });
  // A folded part that the address names is open.
  function unfold() {
    var part = document.getElementById(window.location.hash.slice(1));
    if (part && part.tagName === "DETAILS") { part.open = true; }
  }
  unfold();
  window.addEventListener("hashchange", unfold);
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-print]");
    if (button) { window.print(); }
  });
  // A part that is still under way is asked for again; once it has ended, the page is loaded anew.
  function askAgain(part, pause) {
    window.setTimeout(function () {
      window.fetch(part.dataset.again, { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        if (answer.headers.get("X-Ended")) { window.location.reload(); return; }
        return answer.text().then(function (text) {
          var fresh = new DOMParser().parseFromString(text, "text/html");
          part.innerHTML = fresh.querySelector("[data-again]").innerHTML;
          askAgain(part, 3000);
        });
      }).catch(function () { askAgain(part, Math.min(2 * pause, 60000)); });
    }, pause);
  }
  document.querySelectorAll("[data-again]").forEach(function (part) { askAgain(part, 3000); });
  // What is folded away on the screen belongs on the paper.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open])").forEach(function (one) {
      one.setAttribute("open", "");
    });
  });
})();
