"""The map of the units below: true outlines where an owner imported them, else a schematic."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.dashboards.pages import ranking
from quetsach_portal.dashboards.pages.ranking import ISLANDS, RankedUnit
from quetsach_portal.register.shapes import UnitShape, shapes_on
from quetsach_portal.web.drawing.areas import ShownArea, area_map
from quetsach_portal.web.drawing.patterns import swatch
from quetsach_portal.web.drawing.tiles import LEVELS

MOST_AREAS = 250
"""Of a true map; what else there is stands in the table."""


@dataclass(frozen=True)
class LegendEntry:
    """A level: how it is drawn, and from which share on."""

    picture: SafeString
    words: str


@dataclass(frozen=True)
class AreaMap:
    """The map of one page.

    Shapes: `is_schematic` where places and forms are not true; `credits` the sources with their
    licences that stand beside it; `without_outline` how many units are squares below it; `off`
    are the units that the picture has no room for.
    """

    picture: SafeString
    is_schematic: bool
    credits: Sequence[str]
    without_outline: int
    legend: Sequence[LegendEntry]
    off: Sequence[RankedUnit]


def map_of(
    rows: Sequence[RankedUnit],
    day: date,
    opening: str,
    *,
    title: str,
    legend: Sequence[str] = (),
) -> AreaMap:
    """Return the map of `rows` with the outlines of `day`; a press on a unit leads to `opening`
    and its number.

    Shapes: `legend` has the words of the levels, lowest first, () for shares.
    Hoàng Sa and Trường Sa are on every map. Cost: one query for some hundred units.
    """
    words = _legend(legend or _shares())
    shapes = shapes_on([unit.unit_id for unit in rows if unit.unit_id is not None], day)
    if not shapes:
        picture = ranking.drawn(rows, opening)
        return AreaMap(picture, True, (), 0, words, ranking.off_the_map(rows))
    ordered = sorted(rows, key=lambda unit: unit.unit_id not in shapes)
    drawn = [unit for unit in ordered if unit.area not in ISLANDS or unit.unit_id in shapes]
    areas = [_area(unit, shapes, opening) for unit in drawn[:MOST_AREAS]]
    on_map = {unit.area for unit in drawn[:MOST_AREAS] if unit.unit_id in shapes}
    islands = [_island(code, rows, opening) for code in ISLANDS if code not in on_map]
    credited = Counter(f"{shape.source} ({shape.licence})" for shape in shapes.values())
    without = sum(unit.unit_id not in shapes for unit in drawn[:MOST_AREAS])
    picture = area_map(areas, islands, title=title)
    return AreaMap(picture, False, list(credited), without, words, drawn[MOST_AREAS:])


def _area(unit: RankedUnit, shapes: dict[int, UnitShape], opening: str) -> ShownArea:
    shape = shapes.get(unit.unit_id or 0)
    address = ranking.address_of(unit, opening)
    outline = () if shape is None else shape.outline
    name = ISLANDS[unit.area][0] if unit.area in ISLANDS else ranking.short_name(unit.name)
    return ShownArea(name, unit.share, unit.shown, address, outline, unit.title)


def _island(code: str, rows: Sequence[RankedUnit], opening: str) -> ShownArea:
    unit = next((row for row in rows if row.area == code), None)
    if unit is None:
        return ShownArea(ISLANDS[code][0], None, "")
    return _area(unit, {}, opening)


def _shares() -> list[str]:
    words = [_("nothing to share")]
    for level in range(1, LEVELS + 1):
        low, high = 100 * (level - 1) // LEVELS, 100 * level // LEVELS
        words.append(f"{low}–{high} %" if level == LEVELS else f"{low}–{high - 1} %")
    return words


def _legend(words: Sequence[str]) -> list[LegendEntry]:
    return [LegendEntry(swatch(level), text) for level, text in enumerate(words)]
