// A button for a security key waits for the key; what went wrong is said in words.
"use strict";
(function () {
  // allauth's script sends the form once the key has answered; without scripts the form goes by
  // itself, and the page says that a key is missing.
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-key-button]")) { event.preventDefault(); }
  });
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    var told = document.querySelector("[data-key-error]");
    if (told) { told.hidden = false; }
  });
})();
