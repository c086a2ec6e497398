// Keeps the figures up to date; without it the page is loaded again.
"use strict";
(function () {
  var part = document.querySelector("[data-live]");
  var words = document.querySelector("[data-live-on]");
  if (!part || !window.EventSource) { return; }
  var events = new EventSource(part.dataset.live);
  events.onmessage = function (event) {
    // The server escapes what programs sent; no script of it would run here, by the policy.
    part.innerHTML = JSON.parse(event.data);
    words.textContent = words.dataset.liveOn;
  };
  events.onerror = function () { words.textContent = words.dataset.liveOff; };
  window.addEventListener("pagehide", function () { events.close(); });
})();
