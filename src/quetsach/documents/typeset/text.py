"""Text for official paper: widths in Times New Roman, columns, dates, and what can be printed."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.decree30 import millimetres

# Advance widths in 1/1000 of the size; those of Adobe's Times-Roman and Times-Bold metrics, which
# Times New Roman and Liberation Serif share; ơ and ư as in Liberation Serif 2. No other accent
# widens a letter.
_REGULAR = {
    180: "'",
    200: "|",
    250: " ,.\u00a0",
    278: "/:;ijlt\\",
    333: "!()-I[]fr‘’`",
    389: "Js",
    408: '"',
    444: "?acez“”",
    469: "^",
    480: "{}",
    500: "*0123456789_bdghknopquvxyđ–#$",
    513: "₫",
    529: "ơ",
    541: "~",
    542: "ư",
    556: "FPS",
    564: "+<=>",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYwĐƠ",
    776: "Ư",
    778: "&m",
    833: "%",
    889: "M",
    921: "@",
    944: "W",
    1000: "—…",
}
_BOLD = {
    220: "|",
    250: " ,.\u00a0",
    278: "'/il\\",
    333: "!()-:;[]fjt‘’`",
    389: "Is",
    394: "{}",
    444: "cerz",
    500: "*0123456789?J_agovxy–“”#$",
    513: "₫",
    520: "~",
    554: "ơ",
    556: 'Sbdhknpquđ"',
    570: "+<=>",
    581: "^",
    600: "ư",
    611: "FP",
    667: "BELTZ",
    722: "ACDNRUVXYwĐ",
    778: "GHKOQƠ",
    796: "Ư",
    833: "&m",
    930: "@",
    944: "M",
    1000: "%W—…",
}
_WIDTHS = tuple(
    {char: width for width, chars in table.items() for char in chars} for table in (_REGULAR, _BOLD)
)
_HORN = "\u031b"


def width_pt(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of `text` on one line, set in Times New Roman of `size`.

    Units: points.
    """
    table = _WIDTHS[bold]
    return sum(_advance(char, table) for char in unicodedata.normalize("NFC", text)) * size / 1000


def _advance(char: str, table: dict[str, int]) -> int:
    if char in table:
        return table[char]
    base, *marks = list(unicodedata.normalize("NFD", char))
    if _HORN in marks:
        base = unicodedata.normalize("NFC", base + _HORN)
    if unicodedata.combining(char):
        return 0
    # An unknown letter counts as a wide one: a rule a little too long beats a broken line.
    return table.get(base, 722)


def balanced_lines(text: str, size: float, limit: float, *, bold: bool = False) -> tuple[str, ...]:
    """Return `text` in the fewest lines no wider than `limit` points, of about equal length.

    A word wider than `limit` is broken.
    """
    # A dash stays with the word before it: no line begins with one.
    words = re.split(r"\s+(?![-–]\s)", text.strip()) if text.strip() else []
    words = [piece for word in words for piece in _pieces(word, size, limit, bold)]
    best = _greedy(words, size, limit, bold)
    least = max((width_pt(word, size, bold=bold) for word in words), default=0.0)
    widest = limit
    # Narrow the measure as long as the number of lines stays: that evens the lines out.
    while (widest := widest - size / 2) > least:
        tighter = _greedy(words, size, widest, bold)
        if len(tighter) > len(best):
            break
        best = tighter
    return tuple(best)


def _pieces(word: str, size: float, limit: float, bold: bool) -> list[str]:
    if width_pt(word, size, bold=bold) <= limit:
        return [word]
    pieces, room = [""], limit
    for char in word:
        width = width_pt(char, size, bold=bold)
        if width > room and pieces[-1]:
            pieces.append("")
            room = limit
        pieces[-1] += char
        room -= width
    return pieces


def _greedy(words: list[str], size: float, limit: float, bold: bool) -> list[str]:
    lines: list[str] = []
    room = 0.0
    blank = width_pt(" ", size, bold=bold)
    for word in words:
        width = width_pt(word, size, bold=bold)
        if lines and blank + width <= room:
            lines[-1] += f" {word}"
            room -= blank + width
        else:
            lines.append(word)
            room = limit - width
    return lines


def day(when: date) -> str:
    """Return `when` as 05/02/2026, 12/9/2022: days below 10 and months 1 and 2 get a 0.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.4.
    """
    return "/".join(day_month_year(when))


def day_month_year(when: date) -> tuple[str, str, str]:
    """Return day, month and year, each as it is written: "05", "9", "2022"."""
    month = f"{when.month:02d}" if when.month < 3 else str(when.month)
    return f"{when.day:02d}", month, str(when.year)


STAND_IN = "□"

_FIT = re.compile(
    # Latin with every Vietnamese letter, the marks NFC could not join, Cyrillic, common signs.
    "[ -~\u00a0-\u00ac\u00ae-\u017f\u0192\u01a0\u01a1\u01af\u01b0\u01fc-\u01ff"
    "\u0401-\u040c\u040e-\u044f\u0451-\u045c\u045e\u045f\u0490\u0491"
    "\u1e80-\u1e85\u1ea0-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026"
    "\u2030\u2039\u203a\u20ab\u20ac\u2122\u2212\u25a1\n]"
)
# Blanks of other widths, and the narrow one that keeps thousands together.
_BLANKS = {**dict.fromkeys(map(ord, "\t\u1680\u205f\u3000"), " "), 0x202F: "\u00a0"}
_BLANKS |= dict.fromkeys(range(0x2000, 0x200B), " ")
_AROUND = 24
"""How many characters of context on each side show the place of a character."""


@dataclass(frozen=True)
class UnprintableCharacter:
    """A character that cannot be printed, and the words around its first place, □ in its stead."""

    sign: str
    beside: str

    @property
    def named(self) -> str:
        """Return the character and its number: "漢 (U+6F22)"; a control by that alone."""
        code = f"U+{ord(self.sign):04X}"
        return f"{self.sign} ({code})" if self.sign.isprintable() else code


def printable(
    text: str, shows: Callable[[str], bool] = lambda _sign: False
) -> tuple[str, frozenset[str]]:
    """Return `text` as it can be printed, and the characters that a □ had to replace.

    Tabs, other blanks and line ends of any kind are kept as blanks and line breaks. What Times New
    Roman lacks is kept where `shows` says that something else shows it.
    """
    joined = _joined(text)
    unfit = frozenset(sign for sign in beyond_times(joined) if not shows(sign))
    for sign in unfit:
        joined = joined.replace(sign, STAND_IN)
    return joined, unfit


def beyond_times(text: str) -> frozenset[str]:
    """Return the characters of `text` that Times New Roman and its metric twins may lack."""
    return frozenset(_FIT.sub("", text))


def unfit_in(text: str, signs: frozenset[str]) -> Iterator[UnprintableCharacter]:
    """Yield each of `signs` with the words around its first place in `text`."""
    if not signs:
        return
    joined = _joined(text)
    boxed = "".join(STAND_IN if sign in signs else sign for sign in joined)
    for sign in signs:
        at = joined.index(sign)
        first, last = max(0, at - _AROUND), at + 1 + _AROUND
        beside = " ".join(boxed[first:last].split())
        yield UnprintableCharacter(sign, f"{'…' * (first > 0)}{beside}{'…' * (last < len(boxed))}")


def _joined(text: str) -> str:
    joined = unicodedata.normalize("NFC", text)
    return re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", joined).translate(_BLANKS)


_PADDING_MM = 4.0
_LOOKED_AT = 300
"""How many rows of a table are measured; the rest is like them."""

_CENTRED_MM = 22.0
"""A column whose texts are all this narrow is centred, as numbers and dates are."""

_NARROWEST_MM = 9.0
_OPEN_MM = 24.0
"""How wide an empty column is: it is there to be filled in by hand."""


def column_widths(
    heads: Sequence[str], rows: Sequence[Sequence[str]], room: float = decree.TEXT_WIDTH_MM
) -> tuple[float, ...]:
    """Return a width for each column, `room` in all: its longest word first, then its whole text.

    Units: millimetres.
    """
    texts = [[head, *(row[at] for row in rows[:_LOOKED_AT])] for at, head in enumerate(heads)]
    most = room / len(heads) * 1.4
    least = [min(most, max(_narrowest(column), _longest_word(column))) for column in texts]
    total = sum(least)
    if total >= room:
        return tuple(width * room / total for width in least)
    wanted = [
        max(0.0, _average(column) - width) for column, width in zip(texts, least, strict=True)
    ]
    shares = wanted if sum(wanted) else [1.0] * len(heads)
    spare = room - total
    return tuple(
        width + spare * share / sum(shares) for width, share in zip(least, shares, strict=True)
    )


def column_aligns(rows: Sequence[Sequence[str]], columns: int) -> tuple[str, ...]:
    """Return "center" for each column of short texts, "left" for the others."""
    shown = rows[:_LOOKED_AT]
    return tuple(
        "center" if all(_width(row[at]) <= _CENTRED_MM for row in shown) else "left"
        for at in range(columns)
    )


def _narrowest(column: Sequence[str]) -> float:
    return _NARROWEST_MM if any(cell.strip() for cell in column[1:]) else _OPEN_MM


def _longest_word(texts: Iterable[str]) -> float:
    words = (word for text in texts for word in text.split())
    return max((_width(word, bold=True) for word in words), default=0.0) + _PADDING_MM


def _average(texts: Sequence[str]) -> float:
    """Return how wide the texts are on average, the longest ones capped."""
    return sum(min(_width(text), decree.TEXT_WIDTH_MM) for text in texts) / len(texts)


def _width(text: str, *, bold: bool = False) -> float:
    # A very long text is cut before it is measured.
    return millimetres(width_pt(text[:400], decree.GRID_PT, bold=bold))
