"""What every page keeps: it can be read, reached, enlarged, and asks nobody else for anything."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT

from tests.portal.browser.buttons import same_words
from tests.portal.browser.english import english_in

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
AXE = {
    "resultTypes": ["violations"],
    "preload": False,
    "runOnly": RULES,
    "rules": {"target-size": {"enabled": True}},
}
CONTRAST = {"resultTypes": ["violations"], "preload": False, "runOnly": ["color-contrast"]}
BAD = ("serious", "critical")

NARROW, ZOOMED, WIDE = 360, 640, 1280
"""A phone; 1280 at 200 % zoom, which leaves 640; an office's screen."""

TOO_WIDE = """() => {
  const width = window.innerWidth, page = document.documentElement.scrollWidth;
  if (page <= width) return "";
  const wide = [...document.querySelectorAll("body *")].filter(
    one => one.getBoundingClientRect().right > width + 0.5 && !one.closest(".table-wrap"));
  const named = one => one.tagName.toLowerCase() + "." + one.className + " " +
    one.textContent.trim().slice(0, 40);
  return page + " px: " + wide.slice(-3).map(named).join(" | ");
}"""

TEXTS = """() => {
  const seen = [document.title], walker = document.createTreeWalker(document.body, 4);
  const elsewhere = "script,style,.code,code,pre,textarea,[lang=en],[data-said]";
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    if (text && !walker.currentNode.parentElement.closest(elsewhere)) seen.push(text);
  }
  for (const name of ["aria-label", "alt", "placeholder", "title", "data-label"])
    for (const one of document.querySelectorAll("[" + name + "]"))
      if (!one.closest("[lang=en]")) seen.push(one.getAttribute(name));
  return seen;
}"""

FRAME = """() => {
  const wrong = [], heads = document.querySelectorAll("h1").length;
  if (heads !== 1) wrong.push(heads + " h1");
  if (document.documentElement.lang !== "vi") wrong.push("lang " + document.documentElement.lang);
  if (!document.title.trim() || document.title.trim().startsWith("·")) wrong.push("no title");
  if (document.querySelectorAll("main").length !== 1) wrong.push("not one main");
  return wrong;
}"""


@dataclass
class Heard:
    """What a page said and asked for while it was open."""

    host: str
    said: list[str] = field(default_factory=list)
    asked_elsewhere: list[str] = field(default_factory=list)

    def listen(self, page: Any) -> None:
        """Note errors and requests to other hosts from now on."""
        page.on("console", lambda one: self._said(one.type, one.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda one: self._asked(one.url))

    def take(self) -> list[str]:
        """Return what was heard since the last time."""
        heard = [f"console: {one[:200]}" for one in self.said]
        heard += [f"asked another host: {one}" for one in self.asked_elsewhere]
        self.said.clear()
        self.asked_elsewhere.clear()
        return heard

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.said.append(text)

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "about") and parts.netloc != self.host:
            self.asked_elsewhere.append(url)


def unsound(page: Any, heard: Heard, source: str) -> list[str]:
    """Return what is wrong with the page that `page` shows and that came as `source`."""
    wrong = shown_wrong(page, heard, source)
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {one}" for one in _violations(page, CONTRAST)]
    page.emulate_media(color_scheme="light")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width in (ZOOMED, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        too_wide = page.evaluate(TOO_WIDE)
        wrong += [f"at {width} px: {too_wide}"] if too_wide else []
    page.set_viewport_size({"width": WIDE, "height": 800})
    # Last, for a skip link that is shown lies over what is below it.
    return wrong + _first_stop(page)


def shown_wrong(page: Any, heard: Heard, source: str) -> list[str]:
    """Return what is wrong with the page as it stands: parts, words, rules, what it asked for."""
    wrong = inline_parts(source) + page.evaluate(FRAME)
    wrong += [f"English: {one!r}" for one in english_in(page.evaluate(TEXTS))]
    wrong += same_words(source)
    wrong += heard.take()
    page.evaluate(AXE_SCRIPT)
    return wrong + _violations(page, AXE)


def _violations(page: Any, options: dict[str, Any]) -> list[str]:
    result = page.evaluate("options => axe.run(options)", options)
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:120]}"
        for one in result["violations"]
        if one["impact"] in BAD
        for node in one["nodes"][:3]
    ]


def _first_stop(page: Any) -> list[str]:
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    return [] if "skip-link" in first else [f"the first stop of the keyboard is {first!r}"]


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        bad = {name for name in named if name == "style" or name.startswith("on")}
        runs = tag == "script" and "src" not in named and named.get("type") != "application/json"
        if bad or tag == "style" or runs:
            self.found.append(f"inline: {self.get_starttag_text()!r:.120}")


def inline_parts(source: str) -> list[str]:
    """Return the tags that hold a style or a script of their own."""
    parser = _Inline()
    parser.feed(source)
    return parser.found
