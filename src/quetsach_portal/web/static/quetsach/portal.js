// Small comforts; every page works without them.
"use strict";
(function () {
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }
  // A form that was sent is not sent twice by a second press.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-many")) { return; }
    if (form.getAttribute("data-sent") === "1") { event.preventDefault(); return; }
    form.setAttribute("data-sent", "1");
    window.setTimeout(function () { form.removeAttribute("data-sent"); }, 8000);
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-print]");
    if (button) { window.print(); }
  });
  // What is folded away on the screen belongs on the paper.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open])").forEach(function (one) {
      one.setAttribute("open", "");
    });
  });
})();
