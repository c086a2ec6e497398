"""Passages of a document, and values rejoined that a line end or a narrow cell has split.

Two pieces are joined when only the whole is a value. Where a piece is already a value, a mark of
the split must be visible; without one, a person must decide.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from quetsach.indicators.model import IndicatorKind
from quetsach.indicators.options import ListOptions
from quetsach.indicators.text.address_spans import SPAN, SPAN_WORD
from quetsach.indicators.text.defang import refang_text
from quetsach.indicators.text.in_text import find_indicators


@dataclass(frozen=True)
class TextPassage:
    """One line of text, a heading, or one row of a table.

    Shapes: `number` is its line or block from 1; `place` is for people; `cells` are those of a
    row, and `table` the number of the table; `listed` is whether a bare value in it is
    an item of a list and not a page to read (an annex, a code block, a bullet); `asked` are
    words of it that may go on in the line beside it.
    """

    text: str
    number: int
    place: str = ""
    cells: tuple[str, ...] = ()
    table: int = 0
    heading: bool = False
    listed: bool = True
    edge: bool = False
    by_ocr: bool = False
    links: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentContext:
    """Facts about the whole document; `own` are domains of its sender.

    Shapes: `seen_again` are the keys of the values that a second pass of OCR read; None where
    there was no OCR.
    """

    options: ListOptions
    letter: str = ""
    own: frozenset[str] = field(default_factory=frozenset)
    seen_again: frozenset[str] | None = None


_ENDS_OPEN = tuple("-_/?&=%.:~+#[({")
_BEGINS_OPEN = re.compile(r"[._/?&=%~#\[({:]\S|-(?!\s)\S")
_HEX = re.compile(r"[0-9a-fA-F]{8,64}")
_HEX_PIECE = re.compile(r"[0-9a-fA-F]{1,63}")
_HASH_LENGTHS = (32, 40, 64)
_CUT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){1,2}\.?|[0-9a-fA-F]{16,63}")
_BULLET = re.compile(r"\s*(?:[-*+\u2022\u2013\u25cf\u25aa]{1,3}|\d{1,4}[.)])\s")
LONGEST_PIECE = 2048


def whole_kind(text: str, options: ListOptions) -> IndicatorKind | None:
    """Return the kind of `text` if it is exactly one value, else None."""
    if not text or len(text) > LONGEST_PIECE:
        return None
    indicators = find_indicators(text, options)
    if len(indicators) != 1 or indicators[0].start or indicators[0].end < len(text.rstrip(".,;")):
        return None
    return indicators[0].kind


def cell_pieces(cell: str, options: ListOptions, digits: int = 0) -> list[tuple[str, bool]]:
    """Return the texts in a cell of values, and whether a person must decide what was meant.

    Shapes: `digits` is the length of the hashes in this column, 0 where the heading gives none.
    """
    pieces: list[tuple[str, bool]] = []
    for line in _whole_hashes([part.strip() for part in cell.split("\n") if part.strip()], digits):
        if pieces:
            is_word = SPAN_WORD.fullmatch(line) is not None
            if is_word or SPAN.fullmatch(refang_text(f"{pieces[-1][0]} {line}").text):
                pieces[-1] = (f"{pieces[-1][0]} {line}", pieces[-1][1])
                continue
            joined = _joined(pieces[-1][0], line, options, digits)
            if joined is not None:
                pieces[-1] = (pieces[-1][0] + line, pieces[-1][1] or joined == "ask")
                continue
        pieces.append((line, False))
    return pieces


def _whole_hashes(lines: list[str], digits: int) -> list[str]:
    """Return `lines`, or the one hash that a narrow cell has cut into all of them."""
    whole = "".join(lines)
    lengths = (digits,) if digits else _HASH_LENGTHS
    pieces = len(lines) > 1 and all(map(_HEX_PIECE.fullmatch, lines))
    if not pieces or len(whole) not in lengths or any(len(line) in lengths for line in lines):
        return lines
    return [whole]


def _joined(first: str, second: str, options: ListOptions, digits: int) -> str | None:
    """Return "join", "ask", or None for two unrelated texts."""
    if " " in second or " " in first:
        return None
    if digits and _HEX.fullmatch(first) and _HEX.fullmatch(second):
        return "join" if len(first) < digits and len(first) + len(second) <= digits else None
    if whole_kind(first + second, options) is None:
        # A first piece that is none and will be one when the third is there.
        part_of_hash = _HEX.fullmatch(first) and _HEX.fullmatch(second)
        return "join" if part_of_hash and len(first + second) < 64 and len(first) < 32 else None
    alone = whole_kind(first, options)
    if alone is None or first.endswith(_ENDS_OPEN) or _BEGINS_OPEN.match(second):
        return None if alone and whole_kind(second, options) else "join"
    if whole_kind(second, options) or (second.isalpha() and alone is not IndicatorKind.NAME):
        return None
    return "ask"


_DEFANGED_DOT = r"[\[({] ?(?:\.|dot|chấm) ?[\])}]"
_ENDS_IN_DOT = re.compile(rf"[\w\])](?:{_DEFANGED_DOT}|\[\.)$", re.IGNORECASE)
_BEGINS_WITH_DOT = re.compile(rf"(?:{_DEFANGED_DOT}|\.\])\w", re.IGNORECASE)
_SPACED_END = re.compile(r"[\w-] (?:\.|chấm|dot)$", re.IGNORECASE)
_SPACED_BEGIN = re.compile(r"(?:\.|chấm|dot) ?\w", re.IGNORECASE)
_LABEL_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:(?:trang|page)\s)?\d{1,4}(?:\s?/\s?\d{1,4})?\W{0,3}", re.IGNORECASE
)
_LONG_LINE = 55
# Without accents as labels are, and the end of many a sentence before a list.
_LAST_WORDS = frozenset(("sau", "theo", "nay", "tin", "xem", "qua", "cho", "cao", "khai", "quan"))


def rejoin_values(lines: Iterable[TextPassage], options: ListOptions) -> Iterator[TextPassage]:
    """Return `lines`, with values rejoined that a line end has split; a page number is no line."""
    pending: TextPassage | None = None
    for line in lines:
        if pending is not None:
            if _is_open(pending.text) and (line.edge or _PAGE_NUMBER.fullmatch(line.text)):
                if line.edge:
                    yield line
                continue
            glue = _glue(pending.text, line.text, options)
            if glue is not None:
                text = pending.text.rstrip() + glue + line.text.strip()
                pending = replace(pending, text=text, asked=(*pending.asked, *line.asked))
                continue
            above, below = _doubts(pending.text, line.text, options)
            yield replace(pending, asked=(*pending.asked, *above))
            pending = replace(line, asked=(*line.asked, *below)) if below else line
            continue
        pending = line
    if pending is not None:
        yield pending


def _is_open(text: str) -> bool:
    last = text[-LONGEST_PIECE:].rsplit(None, 1)[-1:]
    return bool(last) and ("://" in last[0] or last[0].endswith(_ENDS_OPEN) or "[" in last[0])


def _glue(above: str, below: str, options: ListOptions) -> str | None:
    """Return what stands between two lines of one value, or None."""
    if _continues(above, below, options):
        return ""
    words, first = above.rsplit(None, 3), below.split(None, 1)[:1]
    if not words or not first or len(words[-1]) + len(first[0]) > LONGEST_PIECE:
        return None
    torn = _ENDS_IN_DOT.search(words[-1]) and first[0][0].isalnum()
    if torn and whole_kind(words[-1] + first[0].rstrip(".,;"), options) is not None:
        return ""
    if _BEGINS_WITH_DOT.match(below.lstrip()) and words[-1][-1].isalnum():
        return ""
    spaced = _SPACED_END.search(above.rstrip()) and _LABEL_WORD.match(first[0])
    if spaced or (_SPACED_BEGIN.match(below.lstrip()) and _LABEL_WORD.fullmatch(words[-1])):
        return " "
    if SPAN_WORD.fullmatch(words[-1]) and words[-1][0].isalpha():
        ends = " ".join(words[-2:]) + " " + first[0].rstrip(".,;")
        return " " if SPAN.fullmatch(refang_text(ends).text) else None
    if SPAN_WORD.fullmatch(first[0]) and first[0][0].isalpha():
        ends = words[-1] + " " + " ".join(below.split(None, 2)[:2]).rstrip(".,;")
        return " " if SPAN.fullmatch(refang_text(ends).text) else None
    return None


def _doubts(
    above: str, below: str, options: ListOptions
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words above and below that may be two pieces of one value."""
    words, first = above.rsplit(None, 1), below.split(None, 1)[:1]
    if not words or not first or len(words[-1]) + len(first[0]) > LONGEST_PIECE:
        return (), ()
    last, word = words[-1], first[0].rstrip(".,;)")
    if not word.isascii() or _BULLET.match(below):
        return (), ()
    kind = whole_kind(word, options)
    if last.endswith(".") and _LABEL_WORD.fullmatch(last[:-1]) and kind is not None:
        # The line is full, or the word stands alone: no sentence need have ended there.
        full = len(above.strip()) >= _LONG_LINE or len(above.split()) == 1
        is_mark = last[:-1].isdigit() or len(last) < 3 or last[:-1] in _LAST_WORDS
        return ((), (refang_text(word).text,)) if full and not is_mark else ((), ())
    if kind is None and re.search(r"[/=?&%]|\w\.\w", word) and "://" not in word:
        whole = whole_kind(last, options)
        if whole is IndicatorKind.URL and whole_kind(last + word, options) is not None:
            return (refang_text(last).text,), ()
    return (), ()


def _continues(above: str, below: str, options: ListOptions) -> bool:
    words = above.rsplit(None, 1)
    if not words or not below.strip() or _BULLET.match(below) or len(words[-1]) > LONGEST_PIECE:
        return False
    last, first = words[-1], below.split(None, 1)[0]
    if len(last) < 4 or len(first) > LONGEST_PIECE or not first.isascii():
        return False
    # A full stop ends sentences as well: only clear values are examined further.
    if not (_CUT.fullmatch(last) or "://" in last or "[" in last or "(" in last):
        return False
    plain = refang_text(last)
    if not (plain.hard or _CUT.fullmatch(last) or "://" in last) or whole_kind(first, options):
        return False
    whole = whole_kind(last + first, options)
    if whole is None or whole_kind(last, options) is not None:
        return whole is not None and (
            last.endswith(_ENDS_OPEN[:-3]) or _BEGINS_OPEN.match(first) is not None
        )
    return True
