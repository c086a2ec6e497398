"""A map of tiles: each area one square at its place, with its name and its number in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from quetsach_portal.web.drawing.charts import joined, number, rect, with_tooltip
from quetsach_portal.web.drawing.patterns import pattern_defs

TILE, GAP = 54, 3
LEVELS = 4
FEW_COLUMNS = 5


@dataclass(frozen=True)
class Tile:
    """A square at a column and row.

    Shapes: `share` is from 0 to 1, None where nothing is known; `shown` is the number as it is
    read in the square; `title` what it says when it is pointed at; `address` what a press opens.
    """

    column: int
    row: int
    name: str
    share: float | None
    shown: str
    title: str
    address: str = ""


def level_of(share: float | None) -> int:
    """Return 0 where nothing is known, else 1 to 4 by quarters of the whole."""
    if share is None:
        return 0
    return max(1, min(LEVELS, int(share * LEVELS) + 1))


def tile_map(tiles: Sequence[Tile], *, is_patterned: bool = False) -> SafeString:
    """Return the map; it keeps its proportions, and its words are read by nobody twice.

    One of few columns fits on a phone; a wider one is scrolled there, so that names stay readable.
    One that is patterned tells its levels by lines too; the public page has colours and numbers.
    """
    columns = max((one.column for one in tiles), default=0) + 1
    rows = max((one.row for one in tiles), default=0) + 1
    return format_html(
        '<svg class="draw-tiles{}" viewBox="0 0 {} {}" aria-hidden="true">{}{}</svg>',
        " draw-tiles-few" if columns <= FEW_COLUMNS else "",
        number(columns * TILE),
        number(rows * TILE),
        pattern_defs(LEVELS) if is_patterned else "",
        joined(
            with_tooltip(_square(tile, is_patterned=is_patterned), tile.title, tile.address)
            for tile in tiles
        ),
    )


def _square(tile: Tile, *, is_patterned: bool) -> SafeString:
    across, y = tile.column * TILE, tile.row * TILE
    level = level_of(tile.share)
    words = _lines(tile.name)
    parts = [rect(across, y, TILE - GAP, TILE - GAP, tone=f"tile tile-{level}")]
    if is_patterned and level > 1:
        parts = [_patterned(across, y, level)]
    parts += [
        _text(across, y + 14 + 10.5 * place, line, f"tile-name tile-ink-{level}")
        for place, line in enumerate(words)
    ]
    parts.append(_text(across, y + 45, tile.shown, f"tile-number tile-ink-{level}"))
    return joined(parts)


def _patterned(left: float, y: float, level: int) -> SafeString:
    return format_html(
        '<rect class="tile" fill="url(#area-{})" x="{}" y="{}" width="{}" height="{}"/>',
        level,
        number(left),
        number(y),
        number(TILE - GAP),
        number(TILE - GAP),
    )


def _text(left: float, y: float, words: str, tone: str) -> SafeString:
    middle = left + (TILE - GAP) / 2
    return format_html(
        '<text class="{}" x="{}" y="{}">{}</text>', tone, number(middle), number(y), words
    )


def _lines(name: str) -> list[str]:
    """Return the name in at most two lines of ten letters, cut where it is longer."""
    words, lines = name.split(), [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= 10 or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    return [one if len(one) <= 10 else f"{one[:9].rstrip()}…" for one in lines]
