"""A page taken apart with the standard library's parser: elements, attributes, visible text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "input", "br", "hr", "img", "link"})


@dataclass
class Page:
    """What stands in a page."""

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
