"""The text of a part of a Word document (body, header, notes), in the order of the document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quetsach.papers.gather import Gathering
from quetsach.papers.word_fonts import Fonts
from quetsach.papers.word_numbers import Numbers

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\xad"}
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}rPr"})
_FIELD = re.compile(r'HYPERLINK\s{1,9}(?:\\[a-z]\s{1,9})?"([^"]{1,4000})"', re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """A paragraph, or a row of a table: then `cells` is set, and `text` is empty."""

    text: str
    links: tuple[str, ...]
    cells: tuple[str, ...] | None = None
    table: int = 0
    row: int = 0


class Story:
    """Walks one part; `targets` are its hyperlinks by their id.

    A text box follows the paragraph that it is anchored in, a nested table the row it stands in.
    """

    def __init__(
        self, out: Gathering, fonts: Fonts, numbers: Numbers, *, targets: Mapping[str, str]
    ) -> None:
        self._out = out
        self._fonts = fonts
        self._numbers = numbers
        self._targets = targets
        self._table = 0

    def pieces(self, root: Any, tables_before: int) -> Iterator[Piece]:
        """Yield the paragraphs and rows below `root`; tables count on from `tables_before`."""
        self._table = tables_before
        yield from self._blocks(root)

    def _blocks(self, parent: Any) -> Iterator[Piece]:
        for child in _shown(parent):
            self._out.check()
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._rows(child)
            elif child.tag not in _GONE:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Any) -> Iterator[Piece]:
        run = _Line(self._fonts, self._targets, paragraph)
        yield Piece(self._numbered(run, paragraph), tuple(dict.fromkeys(run.links)))
        for box in run.boxes:
            yield from self._blocks(box)

    def _numbered(self, run: "_Line", paragraph: Any) -> str:
        label = self._numbers.label(paragraph, run.style)
        text = "".join(run.text)
        return f"{label} {text}".rstrip() if label else text

    def _rows(self, table: Any) -> Iterator[Piece]:
        self._table += 1
        number = self._table
        rows = (row for row in _inner(table, "tr") if row.find(f"{_W}trPr/{_W}del") is None)
        for count, row in enumerate(rows, 1):
            links: list[str] = []
            inside: list[Any] = []
            cells = tuple(self._cell(cell, links, inside) for cell in _inner(row, "tc"))
            yield Piece("", tuple(dict.fromkeys(links)), cells, number, count)
            for one in inside:
                yield from self._rows(one) if one.tag == f"{_W}tbl" else self._blocks(one)

    def _cell(self, cell: Any, links: list[str], inside: list[Any]) -> str:
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        if merged is not None and merged.get(f"{_W}val") != "restart":
            return ""
        lines = []
        for child in _flat(cell):
            self._out.check()
            if child.tag == f"{_W}tbl":
                inside.append(child)
            elif child.tag == f"{_W}p":
                run = _Line(self._fonts, self._targets, child)
                lines.append(self._numbered(run, child))
                links += run.links
                inside += run.boxes
        return "\n".join(lines).strip("\n")


class _Line:
    """The text, links and text boxes of one paragraph."""

    def __init__(self, fonts: Fonts, targets: Mapping[str, str], paragraph: Any) -> None:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        self.style = "" if style is None else style.get(f"{_W}val", "")
        self._fonts = fonts
        self._targets = targets
        self.text: list[str] = []
        self.links: list[str] = []
        self.boxes: list[Any] = []
        self._fields: list[str] = []
        self._walk(paragraph, None)
        self.links += _FIELD.findall("".join(self._fields))

    def _walk(self, parent: Any, run: Any | None) -> None:
        for child in _shown(parent):
            tag = child.tag
            if tag == f"{_W}t":
                self.text.append(self._fonts.reading(child.text or "", run, self.style))
            elif tag == f"{_W}r":
                self._walk(child, child.find(f"{_W}rPr"))
            elif tag == f"{_W}txbxContent":
                self.boxes.append(child)
            elif tag == f"{_W}instrText":
                self._fields.append(child.text or "")
            elif tag == f"{_W}sym":
                self.text.append(_symbol(child.get(f"{_W}char", "")))
            elif tag.startswith(_W) and tag[len(_W) :] in _SIGNS:
                self.text.append(_SIGNS[tag[len(_W) :]])
            elif tag not in _GONE and tag != f"{_W}pPr":
                self._note_link(child, tag)
                self._walk(child, run)

    def _note_link(self, child: Any, tag: str) -> None:
        if tag == f"{_W}hyperlink":
            target = self._targets.get(child.get(f"{_R}id", ""))
            if target:
                self.links.append(target)
        elif tag == f"{_W}fldSimple":
            self._fields.append(child.get(f"{_W}instr", ""))
        elif tag.endswith("}hlinkClick"):
            target = self._targets.get(child.get(f"{_R}id", ""))
            if target:
                self.links.append(target)


def _shown(parent: Any) -> Iterator[Any]:
    """Yield the children; of alternatives for old and new programs the first, not both."""
    for child in parent:
        if child.tag == f"{_MC}AlternateContent":
            chosen = child.find(f"{_MC}Choice")
            chosen = child.find(f"{_MC}Fallback") if chosen is None else chosen
            if chosen is not None:
                yield from _shown(chosen)
        elif isinstance(child.tag, str):
            yield child


def _inner(parent: Any, name: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, also from within content controls."""
    for child in _shown(parent):
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag not in _GONE and child.tag != f"{_W}tbl":
            yield from _inner(child, name)


def _flat(cell: Any) -> Iterator[Any]:
    for child in _shown(cell):
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _GONE:
            yield from _flat(child)


def _symbol(code: str) -> str:
    # Symbol fonts put their signs at U+F000: F02E is the dot, 2E.
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    number = number - 0xF000 if 0xF000 <= number <= 0xF0FF else number
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF else ""
