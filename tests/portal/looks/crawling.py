"""Read a page as a person does: which numbers of machines stand without what was looked at."""

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.test import Client

from tests.portal.opened_figures import LEDGERS, closed_figures
from tests.whole import daily

NUMBER_OF_MACHINES = re.compile(
    r"\b\d[\d.]*(?<!\.)\s+(?:máy|thiết bị)\b(?!\s+(?:chủ|khách|ảo|in\b))"
)
LOOKED = ("Đã kiểm tra", "Chưa kiểm tra được gì", "đã kiểm tra")
"""How each sentence of what was looked at begins."""

BLOCKS = frozenset({"li", "tr", "p", "h1", "h2", "h3", "dd", "dt", "caption", "figure", "summary"})
ASKED = frozenset({"legend", "label", "option", "script", "style", "title", "textarea"})
"""What asks, or is typed, counts nothing."""
EMPTY = frozenset({"br", "img", "input", "link", "meta", "hr", "wbr", "col", "rect", "path", "use"})


@dataclass
class Element:
    """An element with its children and texts."""

    tag: str
    classes: frozenset[str]
    parent: "Element | None"
    parts: list["Element | str"] = field(default_factory=list)
    link: str = ""

    def text(self) -> str:
        """Return all text in it."""
        return "".join(one if isinstance(one, str) else one.text() for one in self.parts)

    def has_look(self) -> bool:
        """True where it says what was looked at."""
        return "looked" in self.classes or any(
            isinstance(one, Element) and one.has_look() for one in self.parts
        )

    def all(self) -> list["Element"]:
        """Return it and all elements in it."""
        below = [one.all() for one in self.parts if isinstance(one, Element)]
        return [self, *(one for some in below for one in some)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("root", frozenset(), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = frozenset((dict(attrs).get("class") or "").split())
        link = (dict(attrs).get("href") or "") if tag == "a" else ""
        element = Element(tag, classes, self.here, link=link)
        self.here.parts.append(element)
        if tag not in EMPTY:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        place: Element | None = self.here
        while place is not None and place.tag != tag:
            place = place.parent
        if place is not None and place.parent is not None:
            self.here = place.parent

    def handle_data(self, data: str) -> None:
        self.here.parts.append(data)


def read(html: str) -> Element:
    """Return the page as a tree."""
    reader = _Reader()
    reader.feed(html)
    return reader.root


def naked_figures(html: str) -> list[str]:
    """Return the numbers of machines that stand without what was looked at in their block."""
    naked = []
    for element in read(html).all():
        if element.tag not in BLOCKS or _is_asked(element) or element.has_look():
            continue
        own = "".join(
            one if isinstance(one, str) else one.text()
            for one in element.parts
            if isinstance(one, str) or (one.tag not in BLOCKS and one.tag not in ASKED)
        )
        if not any(words in own for words in LOOKED):
            naked += [f"{match} ({' '.join(own.split())})" for match in _numbers(own)]
    return naked


def _numbers(text: str) -> list[str]:
    return [" ".join(match.split()) for match in NUMBER_OF_MACHINES.findall(text)]


def bare_cells(html: str) -> list[str]:
    """Return figures that the tag marks and that have no look in their row, list or sentence."""
    bare = []
    for element in read(html).all():
        if "machine-figure" not in element.classes or element.has_look():
            continue
        place: Element | None = element
        while place is not None and place.tag not in ("tr", "ul", "p", "h1", "main"):
            place = place.parent
        around = [place, place.parent.parent if place and place.parent else None]
        if not any(one is not None and _near_look(one) for one in around):
            bare.append(element.text().strip())
    return bare


def _near_look(element: Element) -> bool:
    """True where it says what was looked at, or what stands right before or in it does."""
    while element.parent is not None and element.tag not in ("main", "root"):
        if element.has_look():
            return True
        element = element.parent
    return element.has_look()


def _is_asked(element: Element) -> bool:
    place: Element | None = element
    while place is not None:
        if place.tag in ASKED:
            return True
        place = place.parent
    return False


def maps_without_islands(html: str) -> list[str]:
    """Return the maps of a page on which Hoàng Sa or Trường Sa is not."""
    maps = re.findall(r'<svg class="draw-(?:tiles|areas).*?</svg>', html, re.DOTALL)
    return [drawn[:60] for drawn in maps if not all(f">{name}<" in drawn for name in ISLANDS)]


ISLANDS = ("Hoàng Sa", "Trường Sa")


@dataclass(frozen=True)
class LinkedFigure:
    """A figure of a card: its number, and the address that its label opens."""

    number: int
    address: str


_LEADING = re.compile(r"^\s*(\d[\d.]*)")
_LISTS = re.compile(r"[?&](?:has|show)=\w+")


def linked_figures(html: str) -> list[LinkedFigure]:
    """Return the figures whose label opens the list of what they count."""
    figures = []
    for element in read(html).all():
        parent = element.parent
        if element.tag != "li" or parent is None or "figures" not in parent.classes:
            continue
        number = next((_LEADING.match(one.text()) for one in element.all() if one.tag == "b"), None)
        links = [one.link for one in element.all() if one.link]
        if number is not None and len(links) == 1 and _LISTS.search(links[0]):
            figures.append(LinkedFigure(int(number[1].replace(".", "")), links[0]))
    return figures


def rows_of(client: Client, address: str) -> int | None:
    """Return how many rows a list says it has, None for a page that tells none."""
    context = client.get(address).context
    if context is None:
        return None
    listed, page, total = (context.get(name) for name in ("listed", "page", "total"))
    for told in (getattr(listed, "total", None), getattr(page, "total", None), total):
        if isinstance(told, int):
            return told
    return None


def disagreeing_counts(client: Client, address: str, html: str) -> list[str]:
    """Return the figures of a page that are not the number of rows which they open."""
    wrong = []
    for figure in linked_figures(html):
        opened = urljoin(address, figure.address.replace("&amp;", "&"))
        rows = rows_of(client, opened)
        if rows is not None and rows != figure.number:
            wrong.append(f"{figure.number} opens {rows} rows: {opened}")
    return wrong


LINK = re.compile(r'href="(/[^"#]*)"')
SKIPPED = re.compile(r"^/(?:account|static|language|api|logout|lists/\d+/)|\.(?:zip|csv|xlsx|pdf)")
MOST_PAGES = daily(10, whole=2000)


def crawled(client: Client) -> list[str]:
    """Return what is wrong on the pages that lead on from the first one."""
    todo, known, wrong = deque(["/"]), {"/"}, []
    pages = 0
    while todo and pages < MOST_PAGES:
        address = todo.popleft()
        response = client.get(address)
        kind = response.headers.get("Content-Type", "")
        if response.status_code != 200 or not kind.startswith("text/html") or response.streaming:
            if response.streaming:
                # Read to its end, so that its file is closed.
                deque(response.streaming_content, maxlen=0)
            continue
        pages += 1
        html = response.content.decode()
        faults = [*naked_figures(html), *bare_cells(html), *maps_without_islands(html)]
        if not address.startswith(LEDGERS):
            faults += [f"{figure} opens nothing" for figure in closed_figures(html)]
        faults += disagreeing_counts(client, address, html)
        wrong += [f"{address}: {fault}" for fault in faults]
        for link in LINK.findall(html):
            plain = link.replace("&amp;", "&")
            shape = re.sub(r"\d+", "N", plain)
            # A few of each shape: a table of a thousand cases is one page.
            few = sum(re.sub(r"\d+", "N", one) == shape for one in known) < 4
            if plain not in known and few and not SKIPPED.search(plain):
                known.add(plain)
                todo.append(plain)
    return wrong
