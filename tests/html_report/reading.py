"""A rendered page, parsed with the standard library: elements, attributes, visible text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from quetsach.html_report.page import render
from quetsach.texts import Language
from tests.html_report import example

VOID = frozenset({"meta", "input", "br", "hr", "img", "link"})


@dataclass
class Page:
    """The parsed content of a page."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All visible text, blanks folded."""
        return " ".join(" ".join(self.words).split())

    def section(self, source: str, name: str) -> str:
        """Return the text of the section with the id `name`."""
        start = source.index(f'<section id="{name}">')
        return read(source[start : source.index("</section>", start)] + "</section>").text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.page.words.append(data)


def read(source: str) -> Page:
    """Return `source` taken apart; unbalanced elements are its faults."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    reader.page.faults += [f"<{tag}> never closed" for tag in reader.open]
    return reader.page


def page(findings: example.Findings, used: Language = "vi") -> str:
    """Return the rendered page of `findings`."""
    return render(*findings, used, example.ZONE).html


def part(name: str, findings: example.Findings | None = None, used: Language = "vi") -> str:
    """Return the text of one section of the page, of the example by default."""
    source = page(example.findings() if findings is None else findings, used)
    return read(source).section(source, name)


def head(findings: example.Findings, used: Language = "vi") -> str:
    """Return the text above the navigation."""
    source = page(findings, used)
    return read(source[source.index("<header") : source.index("<nav")] + "</header>").text
