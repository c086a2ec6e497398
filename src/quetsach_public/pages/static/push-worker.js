// Shows that there is a newer list, and opens the ticket's page when the message is pressed.
"use strict";
self.addEventListener("push", function (event) {
  var message = { title: "quét sạch", body: "", path: "/hoi-lai" };
  try { message = event.data.json(); } catch (error) { /* Shown without words: a browser wants something shown. */ }
  event.waitUntil(self.registration.showNotification(message.title, { body: message.body, data: message.path, tag: "hoi-lai" }));
});
self.addEventListener("notificationclick", function (event) {
  event.notification.close();
  var path = String(event.notification.data);
  event.waitUntil(self.clients.openWindow(path.charAt(0) === "/" && path.charAt(1) !== "/" ? path : "/hoi-lai"));
});
