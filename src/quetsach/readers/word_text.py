"""The text of a part of a Word document (body, header, notes), in the order of the document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quetsach.readers.gather import BlockCollector
from quetsach.readers.legacy_fonts import StyleFonts

# The numbers that Word draws before paragraphs and does not write into their text: "1.", "a)".

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLAIN_BULLETS = frozenset("-+*–—•")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))
_MOST = 999
_MOST_LABEL = 60


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    text: str


class ParagraphNumbers:
    """Counts the numbered paragraphs of a document, in its order.

    Source: ECMA-376 part 1, 17.9; a list's counts go on through all paragraphs that name it.
    """

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        self._styled: dict[str, tuple[str, int]] = {}
        for abstract in () if numbering is None else numbering.iter(f"{_W}abstractNum"):
            levels = {
                _number(level.get(f"{_W}ilvl")): _level(level) for level in _all(abstract, "lvl")
            }
            self._levels[abstract.get(f"{_W}abstractNumId", "")] = levels
        for instance in () if numbering is None else numbering.iter(f"{_W}num"):
            self._add_list(instance)
        for style in () if styles is None else styles.iter(f"{_W}style"):
            named = _named(style.find(f"{_W}pPr/{_W}numPr"))
            if named is not None:
                self._styled[style.get(f"{_W}styleId", "")] = named

    def label(self, paragraph: Any, style: str) -> str:
        """Return the label of the next paragraph, "" for none."""
        named = _named(paragraph.find(f"{_W}pPr/{_W}numPr"))
        named = self._styled.get(style) if named is None else named
        if named is None or named[0] not in self._lists:
            return ""
        number, depth = named
        whole = self._lists[number]
        levels = self._levels.get(whole, {})
        level = levels.get(depth)
        if level is None:
            return ""
        self._count(whole, number, depth, level)
        if level.form == "bullet":
            return level.text if level.text in _PLAIN_BULLETS else "•"
        return re.sub("%([1-9])", lambda at: self._shown(whole, int(at[1]) - 1), level.text)[
            :_MOST_LABEL
        ]

    def _add_list(self, instance: Any) -> None:
        number, whole = instance.get(f"{_W}numId", ""), instance.find(f"{_W}abstractNumId")
        if whole is None or number in ("", "0"):
            return
        self._lists[number] = whole.get(f"{_W}val", "")
        self._restarts[number] = {
            _number(each.get(f"{_W}ilvl")): _number(start.get(f"{_W}val"))
            for each in _all(instance, "lvlOverride")
            for start in _all(each, "startOverride")
        }

    def _count(self, whole: str, number: str, depth: int, level: _Level) -> None:
        counts = self._counts.setdefault(whole, {})
        if number not in self._begun:
            self._begun.add(number)
            counts.update({at: start - 1 for at, start in self._restarts[number].items()})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]

    def _shown(self, whole: str, depth: int) -> str:
        level = self._levels[whole].get(depth)
        if level is None:
            return ""
        return _written(self._counts[whole].get(depth, level.start), level.form)


def _named(properties: Any | None) -> tuple[str, int] | None:
    """Return the list and the level that a paragraph or a style names."""
    if properties is None:
        return None
    number, depth = properties.find(f"{_W}numId"), properties.find(f"{_W}ilvl")
    if number is None:
        return None
    return number.get(f"{_W}val", ""), 0 if depth is None else _number(depth.get(f"{_W}val"))


def _level(level: Any) -> _Level:
    values = {}
    for name, absent in (("start", "1"), ("numFmt", "decimal"), ("lvlText", "")):
        child = level.find(f"{_W}{name}")
        values[name] = absent if child is None else child.get(f"{_W}val", absent)
    return _Level(_number(values["start"]), values["numFmt"], values["lvlText"])


def _written(count: int, form: str) -> str:
    if not 0 < count <= _MOST or form in ("decimal", "decimalZero"):
        return f"{count:02}" if form == "decimalZero" else str(count)
    if form in ("lowerLetter", "upperLetter"):
        # Behind z comes aa, then bb (ECMA-376 part 1, 17.18.59).
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman.upper() if form == "upperRoman" else roman
    return "" if form == "none" else str(count)


def _roman(count: int) -> str:
    hundreds, rest = divmod(count, 100)
    text = ("", "c", "cc", "ccc", "cd", "d", "dc", "dcc", "dccc", "cm")[hundreds]
    for value, letters in (*_ROMAN, (1, "i")):
        times, rest = divmod(rest, value)
        text += letters * times
    return text


def _all(parent: Any, name: str) -> list[Any]:
    return list(parent.findall(f"{_W}{name}"))


def _number(written: str | None) -> int:
    sound = written is not None and written.isascii() and written.isdigit() and len(written) < 10
    return int(written) if sound and written is not None else 0


_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\xad"}
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}rPr"})
_FIELD = re.compile(r'HYPERLINK\s{1,9}(?:\\[a-z]\s{1,9})?"([^"]{1,4000})"', re.IGNORECASE)


@dataclass(frozen=True)
class WordBlock:
    """A paragraph, or a row of a table: then `cells` is set, and `text` is empty."""

    text: str
    links: tuple[str, ...]
    cells: tuple[str, ...] | None = None
    table: int = 0
    row: int = 0


class WordPart:
    """Walks one part; `targets` are its hyperlinks by their id.

    A text box follows the paragraph that it is anchored in, a nested table the row it is in.
    """

    def __init__(
        self,
        out: BlockCollector,
        fonts: StyleFonts,
        numbers: ParagraphNumbers,
        *,
        targets: Mapping[str, str],
    ) -> None:
        self._out = out
        self._fonts = fonts
        self._numbers = numbers
        self._targets = targets
        self._table = 0

    def pieces(self, root: Any, tables_before: int) -> Iterator[WordBlock]:
        """Yield the paragraphs and rows below `root`; tables count on from `tables_before`."""
        self._table = tables_before
        yield from self._blocks(root)

    def _blocks(self, parent: Any) -> Iterator[WordBlock]:
        for child in _shown(parent):
            self._out.check()
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._rows(child)
            elif child.tag not in _GONE:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Any) -> Iterator[WordBlock]:
        run = _Line(self._fonts, self._targets, paragraph)
        yield WordBlock(self._numbered(run, paragraph), tuple(dict.fromkeys(run.links)))
        for box in run.boxes:
            yield from self._blocks(box)

    def _numbered(self, run: "_Line", paragraph: Any) -> str:
        label = self._numbers.label(paragraph, run.style)
        text = "".join(run.text)
        return f"{label} {text}".rstrip() if label else text

    def _rows(self, table: Any) -> Iterator[WordBlock]:
        self._table += 1
        number = self._table
        rows = (row for row in _inner(table, "tr") if row.find(f"{_W}trPr/{_W}del") is None)
        for count, row in enumerate(rows, 1):
            links: list[str] = []
            inside: list[Any] = []
            cells = tuple(self._cell(cell, links, inside) for cell in _inner(row, "tc"))
            yield WordBlock("", tuple(dict.fromkeys(links)), cells, number, count)
            for inner in inside:
                yield from self._rows(inner) if inner.tag == f"{_W}tbl" else self._blocks(inner)

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

    def __init__(self, fonts: StyleFonts, targets: Mapping[str, str], paragraph: Any) -> None:
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
        if tag == f"{_W}fldSimple":
            self._fields.append(child.get(f"{_W}instr", ""))
        elif tag == f"{_W}hyperlink" or tag.endswith("}hlinkClick"):
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
