"""Buttons with the same words do the same: who listens to a page cannot see which row is meant."""

from collections import defaultdict
from html.parser import HTMLParser
from typing import Any

_VOID = {"input", "img", "br", "hr", "meta", "link", "source", "area", "col", "wbr"}
_NOT_ITS_OWN = {"csrfmiddlewaretoken", "token", "next", "kept_label"}
"""Fields that say nothing of what a form does."""


def same_words(source: str) -> list[str]:
    """Return the words that stand on several buttons of a page that do different things."""
    reader = _Buttons()
    reader.feed(source)
    acts: dict[str, set[str]] = defaultdict(set)
    for button in reader.buttons:
        acts[" ".join("".join(button["words"]).split())].add(_act(button))
    return [
        f"{len(does)} different buttons “{words}”: {sorted(does)[:3]}"
        for words, does in acts.items()
        if words and len(does) > 1
    ]


def _act(button: dict[str, Any]) -> str:
    """Return what a button does: whereto, with which fields of its form and of its own."""
    own, form = button["own"], button["form"] or {"own": {}, "hidden": []}
    if "href" in own:
        return f"GET {own['href']}"
    if button["form"] is None or own.get("type") in ("button", "reset"):
        return str(sorted((name, text) for name, text in own.items() if name != "class"))
    action = own.get("formaction", form["own"].get("action", ""))
    fields = [*sorted(form["hidden"]), (own.get("name", ""), own.get("value", ""))]
    return f"{form['own'].get('method', 'get')} {action} {fields}"


class _Buttons(HTMLParser):
    """Collects buttons, submit inputs and links that look like buttons, each with its form."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[dict[str, Any]] = []
        self._forms: dict[str, dict[str, Any]] = {}
        self._form: dict[str, Any] | None = None
        self._open: dict[str, Any] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: text or "" for name, text in attrs}
        if tag == "form":
            self._form = {"own": own, "hidden": []}
            self._forms[own.get("id", "")] = self._form
        is_hidden = tag == "input" and own.get("type") == "hidden"
        if is_hidden and self._form is not None and own.get("name") not in _NOT_ITS_OWN:
            self._form["hidden"].append((own.get("name", ""), own.get("value", "")))
        is_link = tag == "a" and "btn" in own.get("class", "").split()
        is_press = tag == "input" and own.get("type") in ("submit", "image")
        if tag == "button" or is_link or is_press:
            words = own.get("aria-label") or (own.get("value", "") if is_press else "")
            form = self._forms.get(own["form"]) if own.get("form") else self._form
            button = {"own": own, "form": form, "words": [words], "named": bool(words)}
            self.buttons.append(button)
            self._open = None if is_press else button
        elif self._open is not None and tag not in _VOID:
            self._silent += own.get("aria-hidden") == "true" or self._silent > 0

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in ("button", "a"):
            self._open, self._silent = None, 0
        elif self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if self._open is not None and not self._open["named"] and not self._silent:
            self._open["words"].append(data)
