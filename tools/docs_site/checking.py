"""Look through a built site: links that lead nowhere, and what it would load from elsewhere."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
_NOT_LOADED = {"canonical", "alternate", "prev", "next"}
"""Of <link>: what a browser does not fetch by itself."""


class _Page(HTMLParser):
    """The links, anchors and loaded addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = {""}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a tag names."""
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag in _LOADED and _LOADED[tag] in values and values.get("rel") not in _NOT_LOADED:
            self.loaded.append(values[_LOADED[tag]])


def read_page(file: Path) -> _Page:
    """Return what the page in `file` names."""
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def faults(site: Path) -> list[str]:
    """Return what is wrong with the pages below `site`, one line each."""
    pages = {file: read_page(file) for file in sorted(site.rglob("*.html"))}
    rows = []
    for file, page in pages.items():
        name = file.relative_to(site).as_posix()
        rows += [f"{name}: loads {one}" for one in page.loaded if urlsplit(one).netloc]
        if name.endswith("404.html"):  # Its links begin at the root of a server.
            continue
        local = [address for address in page.loaded if not urlsplit(address).netloc]
        for link in (*page.links, *local):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            aim = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if aim.is_dir():
                aim /= "index.html"
            if not aim.is_file():
                rows.append(f"{name}: {link}: no such file")
            elif aim in pages and unquote(parts.fragment) not in pages[aim].anchors:
                rows.append(f"{name}: {link}: no such heading")
    return rows
