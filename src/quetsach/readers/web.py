"""Web pages (HTML, XHTML): text, tables and link targets; scripts and styles are left out."""

import codecs
import re
from dataclasses import dataclass, field

from quetsach.decoding import decode
from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import BlockPlace, ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.text import decoded

# The tags of a web page, one by one, turned into paragraphs and rows.

_SPACE = re.compile("[ \t\r\n\f]+")
_UNSEEN = frozenset({"script", "style", "template", "noframes", "object"})
_BREAK_TAGS = """
address article aside blockquote body center dd div dl dt fieldset figcaption figure footer
form h1 h2 h3 h4 h5 h6 head header hr html li main nav ol option p pre section table tbody
tfoot thead title tr ul
"""
_BREAKS = frozenset(_BREAK_TAGS.split())
_MOST_TABLES_DEEP = 50


@dataclass
class _Table:
    number: int
    row: int = 0
    cells: list[str] | None = None
    links: list[str] = field(default_factory=list)
    in_cell: bool = False


class TagCollector:
    """Takes the events of a parser (lxml's parser target); a row ends with its cells.

    A table within a cell comes before the rest of the row that it is in.
    """

    def __init__(self, out: BlockCollector) -> None:
        self._out = out
        self._text: list[str] = []
        self._links: list[str] = []
        self._tables: list[_Table] = []
        self._kept: list[list[str]] = []
        self._count = 0
        self._line = 0
        self._unseen = 0
        self._as_written = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note that `tag` opens."""
        self._out.check()
        if tag in _UNSEEN:
            self._unseen += 1
        if tag == "a" and attributes.get("href"):
            self._links.append(attributes["href"].strip())
        if tag == "br":
            self._text.append("\n")
        elif tag == "table":
            self._open_table()
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._open_cell()
        elif tag in _BREAKS:
            self._break()
        self._as_written += tag == "pre"

    def end(self, tag: str) -> None:
        """Note that `tag` closes."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag == "table":
            self._close_table()
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in _BREAKS:
            self._break()
        if tag == "pre":
            self._as_written = max(0, self._as_written - 1)

    def data(self, text: str) -> None:
        """Note text between tags."""
        if not self._unseen:
            self._text.append(text if self._as_written else _SPACE.sub(" ", text))

    def close(self) -> None:
        """Note that the page ends."""
        while self._tables:
            self._close_table()
        self._break()

    def _break(self) -> None:
        if self._tables and self._tables[-1].in_cell:
            self._text.append("\n")
            return
        text, self._text = "".join(self._text), []
        links, self._links = tuple(dict.fromkeys(self._links)), []
        for line in _lines(text):
            self._line += 1
            self._out.paragraph(line, BlockPlace(line=self._line), links=links)
            links = ()
        if links:
            self._line += 1
            self._out.paragraph("", BlockPlace(line=self._line), links=links)

    def _open_table(self) -> None:
        self._break()
        if len(self._tables) >= _MOST_TABLES_DEEP:
            return
        # The text of the cell around it waits until the table is over.
        self._kept.append(self._text)
        self._text = []
        self._count += 1
        self._tables.append(_Table(self._count))

    def _close_table(self) -> None:
        if not self._tables:
            return
        self._end_row()
        self._tables.pop()
        self._text = self._kept.pop()

    def _open_cell(self) -> None:
        if not self._tables:
            self._break()
            return
        self._end_cell()
        table = self._tables[-1]
        if table.cells is None:
            # A caption, or text outside of all cells.
            self._break()
            table.cells = []
        table.in_cell = True

    def _end_cell(self) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None or not table.in_cell or table.cells is None:
            return
        table.cells.append("\n".join(_lines("".join(self._text))))
        table.links += self._links
        self._text, self._links = [], []
        table.in_cell = False

    def _end_row(self) -> None:
        self._end_cell()
        table = self._tables[-1] if self._tables else None
        if table is None or table.cells is None:
            self._break()
            return
        table.row += 1
        place = BlockPlace(table=table.number, row=table.row)
        self._out.row(table.cells, place, links=tuple(dict.fromkeys(table.links)))
        table.cells, table.links = None, []


def _lines(text: str) -> list[str]:
    lines = (line.strip(" \t\r\f") for line in text.split("\n"))
    return [line for line in lines if line]


_HEAD = 4096
_STARTS = re.compile(
    r"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--.{0,2000}?-->\s{0,200}){0,9}"
    r"<(?:!doctype\s{1,20}html|html|head|body|meta|table|div|p|title|style|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class WebPageReader:
    """Reads a web page by libxml2's events: no tree is built, so nesting costs nothing."""

    name = "html"
    title = "Web page (HTML)"

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` begins as HTML."""
        head = decode(raw[:_HEAD])
        return head is not None and _STARTS.match(head) is not None

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the page.

        Errors: E411 when it is no text.
        """
        out = BlockCollector(name, self.name, limits)
        with out.bounded():
            take_html(_text(raw, name), out)
        return out.paper(raw)


def take_html(text: str, out: BlockCollector) -> None:
    """Take what the page `text` says into `out`."""
    from lxml import etree

    tags = TagCollector(out)
    parser = etree.HTMLParser(
        target=tags, encoding="utf-8", no_network=True, recover=True, huge_tree=True
    )
    # A lone half of a pair has no UTF-8; it encodes nothing that could be read.
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError as err:
        tags.close()
        if str(err) not in ("None", "no element found"):
            out.problem("E411", reason=str(err))


def _text(raw: bytes, name: str) -> str:
    declared = _CHARSET.search(raw[:_HEAD])
    if declared and not raw.startswith(_MARKS) and b"\0" not in raw[:_HEAD]:
        text = in_charset(raw, declared[1].decode("ascii"))
        if text is not None:
            return text
    text = decoded(raw)
    if text is None:
        raise QuetsachError("E411", name, reason="\\0")
    return text


def in_charset(raw: bytes, charset: str) -> str | None:
    """Return the text of `raw` in `charset`, or None for a charset that is unknown or wrong."""
    charset = charset.strip().lower()
    # Source: WHATWG Encoding: browsers read Latin-1 and ASCII as Windows-1252.
    latin = {"iso-8859-1": "cp1252", "us-ascii": "cp1252", "latin1": "cp1252"}
    try:
        return raw.decode(latin.get(charset, charset))
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
