"""Which figures of a page open nothing: each number stands in a link, or its row begins with one.

A figure is the number of a card, or a cell of numbers. Zero and "–" have no rows to open; where a
figure has rows that nobody sees one by one, the page says why in an element of the class
`no-rows` in the same card, row or table.
"""

import re
from html.parser import HTMLParser

LEDGERS = ("/oversight/audit/", "/cases/notices/", "/public-figures/")
"""Pages whose numbers are those of the rows themselves, or rounded so that no row can be told."""

_VOID = {"input", "br", "img", "hr", "meta", "link", "path", "rect", "col"}
_NUMBER = re.compile(r"^[\d.,\s\u00a0]*[1-9][\d.,\s\u00a0]*(%|/.*)?$")


class _Box:
    """An element that holds figures: a card, or a row of a table."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.figures: list[str] = []
        self.opens = False
        self.says_why = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.closed: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._boxes: list[_Box] = []
        self._figure: list[str] | None = None
        self._tables: list[list[_Box]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        classes = named.get("class", "").split()
        if tag == "table":
            self._tables.append([])
        inside = [style for _tag, style in self._open]
        if (tag == "li" and inside and "figures" in inside[-1].split()) or tag == "tr":
            self._boxes.append(_Box(tag))
        if self._boxes:
            box = self._boxes[-1]
            box.opens |= tag == "a" and "href" in named
            box.says_why |= "no-rows" in classes
            if (tag == "b" and box.kind == "li") or (tag == "td" and "number" in classes):
                self._figure = []
        if tag not in _VOID:
            self._open.append((tag, named.get("class", "")))

    def handle_data(self, data: str) -> None:
        if self._figure is not None:
            self._figure.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1][0] != tag:
            self._open.pop()
        if self._open:
            self._open.pop()
        if tag in ("b", "td") and self._figure is not None and self._boxes:
            self._boxes[-1].figures.append(" ".join("".join(self._figure).split()))
            self._figure = None
        if self._boxes and tag == self._boxes[-1].kind:
            self._end(self._boxes.pop())
        if tag == "table" and self._tables:
            self._tables.pop()

    def _end(self, box: _Box) -> None:
        if not box.opens and not box.says_why:
            self.closed += [figure for figure in box.figures if _NUMBER.match(figure)]


def closed_figures(page: str) -> list[str]:
    """Return the figures of a page that open nothing."""
    main = page.partition("<main")[2].partition("</main>")[0]
    for noted in re.findall(r'<table[^>]*class="[^"]*no-rows[^"]*".*?</table>', main, re.DOTALL):
        main = main.replace(noted, "")
    reader = _Reader()
    reader.feed(main)
    return reader.closed
