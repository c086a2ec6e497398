"""Column widths of a table, from the texts in its cells."""

from collections.abc import Iterable, Sequence

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.decree30 import millimetres
from quetsach.documents.typeset.text import width_pt

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
