// A button for a security key waits for the key; what went wrong is said in words.
"use strict";
(function () {
  // allauth's script sends the form once the key has answered. Pressed before that script listens, a
  // button would do nothing, so the page comes with a disabled one; allauth hears this event first.
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-key-button]").forEach(function (button) {
      button.disabled = false;
    });
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-key-button]")) { event.preventDefault(); }
  });
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    var told = document.querySelector("[data-key-error]");
    if (told) { told.hidden = false; }
  });
})();
