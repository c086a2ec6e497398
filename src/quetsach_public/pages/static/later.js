// Offers to be told in this browser when there is a newer list; without it the ticket is asked by hand.
"use strict";
(function () {
  var part = document.querySelector("[data-push-key]");
  if (!part || !navigator.serviceWorker || !window.PushManager || !window.Notification) { return; }
  var button = part.querySelector("button"), said = part.querySelector("[role=status]"), words = part.dataset;
  part.hidden = false;
  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/") + "===".slice((text.length + 3) % 4));
    return Uint8Array.from(raw, function (sign) { return sign.charCodeAt(0); });
  }
  function text(buffer) {
    var raw = Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join("");
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function subscribed(place) {
    return place.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(words.pushKey) });
  }
  function sent(subscription) {
    var form = new URLSearchParams({
      phieu: words.pushTicket, endpoint: subscription.endpoint,
      p256dh: text(subscription.getKey("p256dh")), auth: text(subscription.getKey("auth"))
    });
    return fetch(words.pushTo, { method: "POST", body: form }).then(function (answer) {
      if (!answer.ok) { return subscription.unsubscribe().then(function () { throw new Error(answer.status); }); }
    });
  }
  button.addEventListener("click", function () {
    button.disabled = true;
    navigator.serviceWorker.register(words.pushWorker, { scope: "/hoi-lai" }).then(function () {
      return navigator.serviceWorker.getRegistration("/hoi-lai");
    }).then(function (place) {
      if (place.active) { return place; }
      return new Promise(function (resolve) {
        var worker = place.installing || place.waiting;
        worker.addEventListener("statechange", function () { if (worker.state === "activated") { resolve(place); } });
      });
    }).then(subscribed).then(sent).then(function () { said.textContent = words.pushDone; }, function () {
      button.disabled = false;
      said.textContent = words.pushFailed;
    });
  });
})();
