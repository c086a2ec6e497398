"""An SVG grid that a reader can tell apart in black and white: no log, log, log with sightings."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 336
"""Width of every plot in its own units: on a screen of 360 px its labels can still be read."""

_LABEL = 72
_NOTE = 54
_TOP = 16
_ROW = 18
_FEW, _SOME = 3, 10


@dataclass(frozen=True)
class Cell:
    """One span of time: the share of it that a log covers (0 to 1), its count and its name."""

    covered: float
    count: int = 0
    name: str = ""


@dataclass(frozen=True)
class Row:
    """One row: its label, its cells from left to right (None: no such time), a note behind them.

    A row without cells is a gap; its note says how much was left out.
    """

    label: str
    cells: Sequence[Cell | None]
    note: str = ""


@dataclass(frozen=True)
class Plot:
    """A plot: its title and description in words, the head of its notes, its columns and rows."""

    key: str
    title: str
    description: str
    note_head: str
    columns: int
    ticks: Sequence[tuple[int, str]]
    rows: Sequence[Row]


def drawn(plot: Plot) -> Markup:
    """Return `plot` as an inline SVG; its hatching is the pattern `no-log` of the page."""
    height = _TOP + _ROW * len(plot.rows) + 2
    head = Markup(
        '<svg class="plot" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{k}-t {k}-d">'
        '<title id="{k}-t">{title}</title><desc id="{k}-d">{desc}</desc>'
    ).format(w=WIDTH, h=height, k=plot.key, title=plot.title, desc=plot.description)
    wide = (WIDTH - _LABEL - _NOTE) / plot.columns
    parts = [head, *(_tick(at, text, wide) for at, text in plot.ticks)]
    parts.append(_note(plot.note_head, 11, "tick"))
    for index, row in enumerate(plot.rows):
        parts.append(_row(row, _TOP + _ROW * index, wide))
    parts += [_rule(at, height, wide) for at, _text in plot.ticks]
    return Markup("").join([*parts, Markup("</svg>")])


def _rule(at: int, height: int, wide: float) -> Markup:
    x = _at(_LABEL + at * wide)
    return Markup('<line class="rule" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>').format(
        x, _TOP - 2, height - 4
    )


def _tick(at: int, text: str, wide: float) -> Markup:
    return Markup('<text class="tick" x="{}" y="11">{}</text>').format(
        _at(_LABEL + at * wide), text
    )


def _row(row: Row, y: int, wide: float) -> Markup:
    if not row.cells:
        return Markup('<text class="gap" x="{}" y="{}">{}</text>').format(_LABEL, y + 12, row.note)
    parts = [
        Markup('<text class="label" x="{}" y="{}">{}</text>').format(_LABEL - 5, y + 12, row.label)
    ]
    parts += _ground(row.cells, y, wide)
    for index, cell in enumerate(row.cells):
        if cell is not None and cell.count:
            parts.append(_dot(cell, _LABEL + (index + 0.5) * wide, y))
    parts.append(_note(row.note, y + 12, "note"))
    return Markup("").join(parts)


def _note(text: str, y: int, kind: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(
        kind, WIDTH - _NOTE + 5, y, text
    )


def _ground(cells: Sequence[Cell | None], y: int, wide: float) -> list[Markup]:
    """Return the ground under a row, cells of the same kind drawn as one rectangle."""
    parts: list[Markup] = []
    start = 0
    for index in range(1, len(cells) + 1):
        if index < len(cells) and _share(cells[index]) == _share(cells[start]):
            continue
        if cells[start] is not None:
            parts.append(_span(_share(cells[start]), start * wide, (index - start) * wide, y))
        start = index
    return parts


def _share(cell: Cell | None) -> float | None:
    return None if cell is None else cell.covered


def _span(share: float | None, x: float, width: float, y: int) -> Markup:
    tall = _ROW - 3
    box = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>')
    left = _at(_LABEL + x)
    if not share:
        return box.format("none", left, y, _at(width), tall)
    filled = max(2.0, tall * min(share, 1.0))
    part = box.format("log", left, _at(y + tall - filled), _at(width), _at(filled))
    return part if filled >= tall else box.format("part", left, y, _at(width), tall) + part


def _dot(cell: Cell, x: float, y: int) -> Markup:
    radius = 2.2 if cell.count < _FEW else 3.2 if cell.count < _SOME else 4.4
    return Markup('<circle class="hit" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
        _at(x), _at(y + (_ROW - 3) / 2), radius, cell.name
    )


def _at(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
