"""OpenDocument texts (ODT), as LibreOffice writes them."""

import re
from collections.abc import Iterator
from typing import Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.attachments import AttachedDocuments, PartReader
from quetsach.readers.contract import BlockKind, BlockPlace, ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.packages import ZipPackage, kind_in, parse_xml
from quetsach.texts import _

_NS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE, _OFFICE = (
    f"{_NS}{one}:1.0}}" for one in ("text", "table", "style", "office")
)
_HREF = "{http://www.w3.org/1999/xlink}href"
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_GONE = frozenset(
    {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_OFFICE}scripts"}
)
_SPACE = re.compile("[ \t\r\n]+")
_MOST_REPEATS = 10_000
_MOST_COLUMNS = 1_024
_MOST_SPACES = 1_000


class OpenText:
    """Reads an OpenDocument text: headers, body with tables and notes, footers.

    Tracked deletions and annotations are left out. A repeated row or cell is repeated, but not
    without end.
    """

    name = "odt"
    title = "OpenDocument text (ODT)"

    def __init__(self, read_part: PartReader) -> None:
        self._read_part = read_part

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is an OpenDocument text."""
        return ".opendocument.text" in kind_in(raw)

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the document.

        Errors: E411, E412 or E414 when nothing of it can be read.
        """
        package = ZipPackage(raw, name, limits)
        manifest = "META-INF/manifest.xml"
        if manifest in package and b"encryption-data" in package.read(manifest):
            raise QuetsachError("E412", name)
        out = BlockCollector(name, self.name, limits)
        with out.bounded():
            _Reading(package, out).run(AttachedDocuments(out, self._read_part))
        return out.paper(raw)


class _Reading:
    def __init__(self, package: ZipPackage, out: BlockCollector) -> None:
        self._package = package
        self._out = out
        self._line = 0
        self._table = 0

    def run(self, parts: AttachedDocuments) -> None:
        styles = self._xml("styles.xml") if "styles.xml" in self._package else None
        self._margins(styles, "header", BlockKind.HEADER)
        self._blocks(self._xml("content.xml"), BlockKind.PARAGRAPH)
        for member in self._package.names:
            if member.startswith("Object ") and member.endswith("/content.xml"):
                self._blocks(self._xml(member), BlockKind.PARAGRAPH)
        self._margins(styles, "footer", BlockKind.FOOTER)
        parts.pictures(self._package, "Pictures/")
        if any(name.startswith("Basic/") for name in self._package.names):
            self._out.problem("E415")

    def _margins(self, styles: Any | None, name: str, kind: BlockKind) -> None:
        if styles is None:
            return
        for margin in styles.iter(f"{_STYLE}{name}", f"{_STYLE}{name}-first"):
            self._blocks(margin, kind)

    def _blocks(self, parent: Any, kind: BlockKind) -> None:
        for child in parent:
            self._out.check()
            if child.tag in _PARAGRAPHS:
                self._paragraph(child, kind)
            elif child.tag == f"{_TABLE}table":
                self._rows(child)
            elif child.tag not in _GONE:
                self._blocks(child, kind)

    def _paragraph(self, paragraph: Any, kind: BlockKind) -> None:
        line = _Line(paragraph)
        self._line += 1
        self._out.paragraph(
            line.written(),
            BlockPlace(line=self._line),
            kind=kind,
            links=tuple(dict.fromkeys(line.links)),
        )
        for inner in line.inside:
            self._blocks(inner, kind)

    def _rows(self, table: Any) -> None:
        self._table += 1
        number, count = self._table, 0
        for table_row in _below(table, f"{_TABLE}table-row"):
            cells: list[str] = []
            links: list[str] = []
            inside: list[Any] = []
            for cell in table_row:
                if len(cells) < _MOST_COLUMNS:
                    cells += self._cell(cell, links, inside)
            while cells and not cells[-1]:
                cells.pop()
            times = _count(table_row, f"{_TABLE}number-rows-repeated")
            for again in range(min(times, _MOST_REPEATS) if cells else 0):
                place = BlockPlace(table=number, row=count + again + 1)
                self._out.row(cells, place, links=tuple(dict.fromkeys(links)))
            if cells and times > _MOST_REPEATS:
                limit = _("%(count)s times the same row") % {"count": _MOST_REPEATS}
                self._out.problem("E413", limit=limit)
            count += times
            for inner in inside:
                if inner.tag == f"{_TABLE}table":
                    self._rows(inner)
                else:
                    self._blocks(inner, BlockKind.PARAGRAPH)

    def _cell(self, cell: Any, links: list[str], inside: list[Any]) -> list[str]:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            return []
        lines = []
        for child in _below(cell, *_PARAGRAPHS, f"{_TABLE}table"):
            if child.tag == f"{_TABLE}table":
                inside.append(child)
                continue
            line = _Line(child)
            lines.append(line.written())
            links += line.links
            inside += line.inside
        text = "" if cell.tag.endswith("covered-table-cell") else "\n".join(lines)
        return [text] * min(_count(cell, f"{_TABLE}number-columns-repeated"), _MOST_COLUMNS)

    def _xml(self, member: str) -> Any:
        root, damage = parse_xml(self._package.read(member), f"{self._out.name}, {member}")
        if damage:
            self._out.problem("E411", member, reason=damage)
        return root


class _Line:
    """The text and links of a paragraph, and what hangs in it: notes and text boxes."""

    def __init__(self, paragraph: Any) -> None:
        self._text: list[str] = []
        self.links: list[str] = []
        self.inside: list[Any] = []
        self._walk(paragraph)

    def written(self) -> str:
        """Return the text."""
        return "".join(self._text)

    def _walk(self, element: Any) -> None:
        self._text.append(_squeezed(element.text))
        for child in element:
            tag = child.tag
            if tag == f"{_TEXT}s":
                self._text.append(" " * min(_count(child, f"{_TEXT}c"), _MOST_SPACES))
            elif tag == f"{_TEXT}tab":
                self._text.append("\t")
            elif tag == f"{_TEXT}line-break":
                self._text.append("\n")
            elif tag == f"{_TEXT}note":
                self.inside += child.iter(f"{_TEXT}note-body")
            elif tag.endswith("}text-box"):
                self.inside.append(child)
            elif tag not in _GONE:
                if child.get(_HREF) and tag.endswith("}a"):
                    self.links.append(child.get(_HREF))
                self._walk(child)
            self._text.append(_squeezed(child.tail))


def _below(parent: Any, *tags: str) -> Iterator[Any]:
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag not in _GONE:
            yield from _below(child, *tags)


def _count(element: Any, name: str) -> int:
    written = element.get(name, "1")
    # Longer numbers than any program writes, and what is no number, count as one.
    is_number = written.isascii() and written.isdigit() and len(written) < 10
    return max(1, int(written)) if is_number else 1


def _squeezed(text: str | None) -> str:
    # OpenDocument 1.2, 6.1.2: white space counts as one space.
    return _SPACE.sub(" ", text) if text else ""
