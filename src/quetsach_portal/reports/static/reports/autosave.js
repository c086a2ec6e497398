// Saves what was typed a little after the last key; the page works without it.
"use strict";
(function () {
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch) { return; }
  var said = form.querySelector("[data-saved]");
  var timer = 0;
  var busy = false;
  var again = false;
  function save() {
    if (busy) { again = true; return; }
    busy = true;
    window.fetch(form.action || window.location.href, {
      method: "POST", body: new FormData(form), credentials: "same-origin",
      headers: { "X-Autosave": "1" }
    }).then(function (answer) {
      return answer.json().then(function (told) {
        if (!answer.ok) { said.textContent = told.told; return; }
        form.elements.revision.value = told.revision;
        said.textContent = said.dataset.word + " " + new Date().toLocaleTimeString("vi-VN");
      });
    }).catch(function () {
      window.setTimeout(save, 15000);
    }).then(function () {
      busy = false;
      if (again) { again = false; save(); }
    });
  }
  form.addEventListener("input", function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 2500);
  });
  form.addEventListener("submit", function () { window.clearTimeout(timer); });
})();
