// Looks whether the wait is over; the page says the same without it, when it is opened again.
"use strict";
(function () {
  var said = document.getElementById("said"), again = document.getElementById("again");
  if (!said || !window.fetch) { return; }
  function look() {
    if (document.hidden) { setTimeout(look, 30000); return; }
    fetch(said.dataset.from, { cache: "no-store" }).then(function (answer) { return answer.json(); }).then(function (now) {
      if (now.phase !== said.dataset.phase) {
        said.textContent = now.said;
        said.dataset.phase = now.phase;
        said.parentNode.className = "answer " + now.kind;
        again.hidden = now.phase !== "asked" && now.phase !== "held";
      }
    }).catch(function () {}).then(function () { setTimeout(look, 30000); });
  }
  setTimeout(look, 30000);
})();
