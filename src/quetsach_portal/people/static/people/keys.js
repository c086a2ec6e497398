// Say in words what went wrong with a security key; allauth tells it by an event.
"use strict";
(function () {
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    var told = document.querySelector("[data-key-error]");
    if (told) { told.hidden = false; }
  });
})();
