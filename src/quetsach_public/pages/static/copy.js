/* Copies a text of the page when its button is pressed; without it the text can be selected. */
"use strict";
(function () {
  function selected(part) {
    var range = document.createRange();
    range.selectNodeContents(part);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  }
  function copied(part) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(part.textContent).then(function () { return true; }, function () { return selected(part); });
    }
    return Promise.resolve(selected(part));
  }
  document.querySelectorAll("[data-copies]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      copied(document.getElementById(button.dataset.copies)).then(function (done) {
        button.parentNode.nextElementSibling.textContent = done ? button.dataset.done : "";
      });
    });
  });
})();
