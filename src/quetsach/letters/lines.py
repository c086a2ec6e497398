"""The text of a document as clean lines, in which words are found without their accents."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from quetsach.letters.model import Quote
from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock, ReadDocument

MOST_LINES = 50_000
"""What a letter has at most; the rest is left out, and named."""

MOST_TEXT = 1_000_000
"""How much text outside tables a letter has at most, in characters; the rest is left out."""

LONGEST_LINE = 20_000
"""In characters; the rest of a longer line is left out, and named."""

LONG = 55
"""From this length on a line may be full, and its sentence go on in the next; in characters."""

_SPACES = dict.fromkeys((0x09, 0xA0, 0x2007, 0x202F, 0x3000, 0x0B, 0x0C), " ")
_UNSEEN = dict.fromkeys((0xAD, 0x2060, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)))
_STARS = re.compile(r"(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])")
_GAP = re.compile(r" {3,}|\t+")
_TO_STAMP = re.compile(
    r"(?<=so:)\s+(?=[/0-9])|(?<=so :)\s+(?=[/0-9])|(?<=[0-9])\s+(?=/ ?[a-z])"
    r"|(?<=ngay)\s+(?=[0-9]|thang)|(?<=[0-9])\s+(?=thang|nam)"
    r"|(?<=thang)\s+(?=[0-9]|nam)|(?<=nam)\s+(?=[0-9])"
)
_FIXED = "cong hoa xa hoi chu nghia viet nam|doc lap ?- ?tu do ?- ?hanh phuc|dang cong san viet nam"
# Where two columns of the page ran into one line, they part before these.
_PARTS = re.compile(
    rf"(?<=\S) ?(?=(?:kinh gui ?:|noi nhan ?:|{_FIXED}))"
    rf"|(?<=chu nghia viet nam) |(?<=hanh phuc) |(?<=cong san viet nam) "
)
_HEAD_OR_FOOT = re.compile(
    rf"(?:{_FIXED}|\Aso ?: ?|\Aso [0-9]* ?-|kinh gui|noi nhan|, ngay .{{0,12}}thang"
    r"|(?:^|\n)(?:tm|kt|tl|tuq|t/m|k/t|t/l|q)[.:]? )"
)


class _Folding(dict[int, str]):
    """Each letter without its accent, small; every sign stays one sign, so places agree."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign in "đĐ":
            plain = "d"
        elif unicodedata.category(sign) == "Pd" or sign == "\N{MINUS SIGN}":
            plain = "-"
        else:
            plain = unicodedata.normalize("NFD", sign)[:1].lower()
        self[code] = plain if len(plain) == 1 else sign
        return self[code]


_FOLDING = _Folding()


def fold_accents(text: str) -> str:
    """Return `text` small and without accents, sign for sign."""
    return text.translate(_FOLDING)


@dataclass(frozen=True)
class LetterLine:
    """One line: a paragraph, a half of a line in two columns, or a row of a table.

    Shapes: `text` has single spaces; `cells` are those of a table's row, () for all else;
    `breaks` are places in `text` where the page broke its line.
    """

    text: str
    place: BlockPlace
    cells: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    breaks: tuple[int, ...] = field(default=())

    @cached_property
    def folded(self) -> str:
        """The text without accents, of the same length."""
        return fold_accents(self.text)

    @property
    def source(self) -> Quote:
        """The line as the source of a value."""
        return Quote(self.text, self.place)

    def at(self, start: int, end: int) -> str:
        """Return the words of the span, without spaces around."""
        return self.text[start:end].strip()


def clean(text: str) -> str:
    """Return `text` in NFC with single spaces, without marks of emphasis and unseen signs."""
    plain = unicodedata.normalize("NFC", text).translate(_UNSEEN).translate(_SPACES)
    return " ".join(_STARS.sub("", plain).split())


def lines_of(paper: ReadDocument) -> tuple[list[LetterLine], bool]:
    """Return the lines of `paper` in reading order, and whether any text was left out."""
    layout = _layout_tables(paper.blocks)
    every_line: list[LetterLine] = []
    cut = False
    length = 0
    for block in paper.blocks:
        if block.kind in (BlockKind.HEADER, BlockKind.FOOTER):
            continue
        if len(every_line) >= MOST_LINES or length > MOST_TEXT:
            return every_line, True
        cut = cut or len(block.text) > LONGEST_LINE
        lines = list(_of_block(block, _table(block) in layout))
        length += sum(len(one.text) for one in lines if not one.cells)
        every_line += lines
    return every_line[:MOST_LINES], cut or len(every_line) > MOST_LINES


def _layout_tables(blocks: Sequence[DocumentBlock]) -> set[tuple[object, ...]]:
    """Return the tables that only place the head and the foot of a letter side by side."""
    return {
        _table(one)
        for one in blocks
        if one.kind is BlockKind.ROW
        and len(one.cells) <= 3
        and any(_HEAD_OR_FOOT.search(fold_accents(cell[:400])) for cell in one.cells)
    }


def _table(block: DocumentBlock) -> tuple[object, ...]:
    place = block.place
    if block.place.table is None:
        return (place.part, place.page, place.sheet, place.row, place.line)
    return (place.part, place.sheet, place.page, place.table)


def _of_block(block: DocumentBlock, layout: bool) -> Iterator[LetterLine]:
    if block.kind is BlockKind.ROW and not layout:
        cells = tuple(clean(cell[:LONGEST_LINE]) for cell in block.cells[:200])
        yield LetterLine(" ".join(filter(None, cells)), block.place, cells, block.links)
        return
    texts: tuple[str, ...] = (block.text,)
    if block.kind is BlockKind.ROW and any("\n" in cell for cell in block.cells):
        texts = block.cells
    for text in texts:
        for written in text[:LONGEST_LINE].split("\n"):
            yield from _of_written(written, block)


def _of_written(written: str, block: DocumentBlock) -> Iterator[LetterLine]:
    written = written.replace("\xa0", " ").strip()
    if "\t" in written and _is_row(written):
        cells = tuple(clean(cell) for cell in written.split("\t"))
        yield LetterLine(" ".join(filter(None, cells)), block.place, cells, block.links)
        return
    for piece in _GAP.split(_closed(written)):
        text = clean(piece)
        start = 0
        for part in _PARTS.finditer(fold_accents(text)):
            if text[start : part.start()].strip():
                yield LetterLine(text[start : part.start()].strip(), block.place, (), block.links)
            start = part.end()
        if text[start:].strip():
            yield LetterLine(text[start:].strip(), block.place, (), block.links)


def _closed(written: str) -> str:
    """Return the line without the gaps that were left for a stamp: "Số:        /UBND-TH"."""
    pieces, start = [], 0
    for gap in _TO_STAMP.finditer(fold_accents(written)):
        pieces.append(written[start : gap.start()])
        start = gap.end()
    return " ".join((*pieces, written[start:]))


def _is_row(written: str) -> bool:
    """Tell whether tabs part the cells of a table, rather than the two columns of a head."""
    first = fold_accents(clean(written.split("\t", 1)[0]))
    return bool(re.fullmatch(r"(?:s?tt|so tt|no\.?|[0-9]{1,6}[.)]?)", first))


_MARK = re.compile(
    r"(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[.)]|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}|[ivxlc]{1,6}[.)]"
    r"|[a-zđ][.)]|[-+*•–·]) ?(?=\S)",
)
_OWN_LINE = re.compile(
    r"(?:kinh gui|noi nhan|v/v|phu luc|can cu|thuc hien|de nghi|giao |yeu cau|tren day|\(?kem theo"
    r"|so ?:|dear |subject ?:|luu ?:|[.…_]{3,})"
)


def is_marked(line: LetterLine) -> bool:
    """Tell whether the line begins with a number, a letter or a dash of a list."""
    return _MARK.match(line.folded) is not None


def paragraphs(lines: Iterable[LetterLine]) -> list[LetterLine]:
    """Return the lines with those joined that the page broke apart."""
    joined: list[LetterLine] = []
    pending: list[LetterLine] = []
    for line in lines:
        if pending and _goes_on(pending[-1], line, sum(len(one.text) for one in pending)):
            pending.append(line)
            continue
        joined += _joined(pending)
        pending = [line]
    return joined + _joined(pending)


def _goes_on(before: LetterLine, line: LetterLine, length: int) -> bool:
    if before.cells or line.cells or length > LONGEST_LINE:
        return False
    if is_marked(line):
        # "Cục An toàn thông tin / - Bộ Thông tin ...": a dash inside a sentence, and no item.
        broken = len(before.text) >= LONG and before.text[-1:] not in ".;:,!?"
        return broken and line.text.startswith("- ")
    if before.text[-1:] in ".;:!?…":
        return False
    if line.text[:1].islower():
        return True
    return len(before.text) >= LONG and _OWN_LINE.match(line.folded) is None


def _joined(pending: Sequence[LetterLine]) -> list[LetterLine]:
    if len(pending) < 2:
        return list(pending)
    text, breaks = pending[0].text, []
    for line in pending[1:]:
        # A web address broken after a character continues without a space.
        tail = text[-200:].rsplit(" ", 1)[-1]
        in_url = "://" in tail and tail[-1] in "/-_=&?." and tail[-1:] != ""
        text += ("" if in_url else " ") + line.text
        breaks.append(len(text) - len(line.text))
    links = tuple(dict.fromkeys(link for line in pending for link in line.links))
    return [replace(pending[0], text=text, links=links, breaks=tuple(breaks))]
