"""A true map: each area its own outline, filled by level with colour and pattern, and numbered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from quetsach_portal.web.drawing.charts import joined, number
from quetsach_portal.web.drawing.outlines import FINENESS, Outline, PlacedOutline, laid_out
from quetsach_portal.web.drawing.patterns import pattern_defs
from quetsach_portal.web.drawing.tiles import LEVELS, level_of

WIDTH, MOST_HEIGHT = 420.0, 560.0
MARGIN, SQUARE = 4.0, 54.0
MOST_LETTERS = 24_000
LETTERS_OF_ALL = 44_000
"""Of the whole picture, so that its page stays below 60 KB with 200 areas."""
LETTERS_BESIDE_A_PATH = 170
_NUMBER_ROOM = 26.0
_LETTER_WIDTH = 5.2


@dataclass(frozen=True)
class ShownArea:
    """What is drawn of a unit.

    Shapes: `share` is from 0 to 1, None where nothing is known; `shown` is the number in words;
    `address` what a press opens, "" for nothing; `outline` is in degrees, () for a square; `title`
    is what it says when it is pointed at, "" for its name and number.
    """

    name: str
    share: float | None
    shown: str
    address: str = ""
    outline: Outline = ()
    title: str = ""


def area_map(areas: Sequence[ShownArea], islands: Sequence[ShownArea], *, title: str) -> SafeString:
    """Return the map: areas with an outline in their places, `islands` at the right, the others as
    squares below.

    The levels are told by colour, by pattern and by the number, and each area is a link.
    """
    with_outline = [area for area in areas if area.outline]
    squares = [area for area in areas if not area.outline]
    spare = LETTERS_OF_ALL - LETTERS_BESIDE_A_PATH * (len(areas) + len(islands))
    laid = laid_out(
        tuple(area.outline for area in with_outline),
        width=WIDTH,
        most_height=MOST_HEIGHT,
        most_letters=max(2_000, min(MOST_LETTERS, spare)),
    )
    wide = max(WIDTH, laid.width) + SQUARE + 3 * MARGIN
    placed_squares = [
        (island, wide - SQUARE - MARGIN, MARGIN + laid.height * (0.35 + 0.4 * place))
        for place, island in enumerate(islands)
    ]
    top = max([laid.height, *(y + SQUARE for _area, _x, y in placed_squares)]) + 3 * MARGIN
    columns = int((wide - MARGIN) // (SQUARE + MARGIN))
    for place, area in enumerate(squares):
        row, column = divmod(place, columns)
        across, down = MARGIN + column * (SQUARE + MARGIN), top + row * (SQUARE + MARGIN)
        placed_squares.append((area, across, down))
    rows = (len(squares) + columns - 1) // columns
    return format_html(
        '<svg class="draw-areas" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}{}</svg>',
        number(wide),
        number(top + rows * (SQUARE + MARGIN)),
        title,
        pattern_defs(LEVELS),
        _outlines(with_outline, laid.outlines),
        joined(_square(area, x, y) for area, x, y in placed_squares),
    )


def _outlines(areas: Sequence[ShownArea], placed: Sequence[PlacedOutline]) -> SafeString:
    """Return the outlines by level, then all numbers above them."""
    pairs = list(zip(areas, placed, strict=True))
    groups = []
    for level in range(LEVELS + 1):
        drawn = [
            _linked(area, format_html('<path d="{}"/>', place.path))
            for area, place in pairs
            if level_of(area.share) == level
        ]
        if drawn:
            groups.append(
                format_html('<g class="area" fill="url(#areas-{0})">{1}</g>', level, joined(drawn))
            )
    numbers = joined(_label(area, place) for area, place in pairs)
    return format_html(
        '<g transform="translate({0} {0}) scale({1})">{2}</g>'
        '<g class="area-numbers" transform="translate({0} {0})" aria-hidden="true">{3}</g>',
        number(MARGIN),
        str(1 / FINENESS),
        joined(groups),
        numbers,
    )


def _label(area: ShownArea, place: PlacedOutline) -> SafeString:
    parts = []
    if place.room >= _NUMBER_ROOM:
        parts.append(_text(place.label_x, place.label_y + 7, area.shown, ""))
    if place.room >= _LETTER_WIDTH * len(area.name):
        parts.append(_text(place.label_x, place.label_y - 7, area.name, "area-name"))
    return joined(parts)


def _text(x: float, y: float, words: str, tone: str) -> SafeString:
    named = format_html(' class="{}"', tone) if tone else ""
    return format_html('<text{} x="{}" y="{}">{}</text>', named, round(x), round(y), words)


def _square(area: ShownArea, across: float, down: float) -> SafeString:
    level = level_of(area.share)
    name = area.name
    words = name if len(name) <= 10 else f"{name[:9].rstrip()}…"
    drawn = format_html(
        '<rect class="area" fill="url(#area-{})" x="{}" y="{}" width="{}" height="{}"/>',
        level,
        number(across),
        number(down),
        number(SQUARE),
        number(SQUARE),
    )
    texts = [
        _text(across + SQUARE / 2, down + 20, words, "area-name"),
        _text(across + SQUARE / 2, down + 40, area.shown, ""),
    ]
    return format_html(
        '{}<g class="area-numbers" aria-hidden="true">{}</g>', _linked(area, drawn), joined(texts)
    )


def _linked(area: ShownArea, drawn: SafeString) -> SafeString:
    title = area.title or (f"{area.name}: {area.shown}" if area.shown else area.name)
    if area.address:
        return format_html('<a href="{}"><title>{}</title>{}</a>', area.address, title, drawn)
    return format_html("<g><title>{}</title>{}</g>", title, drawn)
