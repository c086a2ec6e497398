"""The tile map below a unit: provinces at their places, or the units in rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.dashboards.pages.ranking import RankedUnit
from quetsach_portal.web.drawing.tiles import Tile, tile_map

# Places of the 34 provinces and cities of 2025 on the tile map; both archipelagos are on each map.


PLACES: Mapping[str, tuple[int, int]] = {
    "12": (1, 0),
    "15": (2, 0),
    "08": (3, 0),
    "04": (4, 0),
    "11": (0, 1),
    "14": (1, 1),
    "25": (2, 1),
    "19": (3, 1),
    "20": (4, 1),
    "01": (2, 2),
    "24": (3, 2),
    "31": (4, 2),
    "22": (5, 2),
    "37": (2, 3),
    "33": (3, 3),
    "38": (2, 4),
    "40": (2, 5),
    "42": (2, 6),
    "44": (3, 7),
    "46": (3, 8),
    "48": (4, 9),
    "51": (4, 10),
    "52": (4, 11),
    "66": (4, 12),
    "68": (3, 13),
    "56": (4, 13),
    "80": (1, 14),
    "75": (2, 14),
    "91": (0, 15),
    "82": (1, 15),
    "79": (2, 15),
    "92": (1, 16),
    "86": (2, 16),
    "96": (1, 17),
}
"""Column and row by the code of the province."""

HOANG_SA, TRUONG_SA = "20333", "22736"
ISLANDS: Mapping[str, tuple[str, str]] = {
    HOANG_SA: ("Hoàng Sa", "Đặc khu Hoàng Sa, thành phố Đà Nẵng"),
    TRUONG_SA: ("Trường Sa", "Đặc khu Trường Sa, tỉnh Khánh Hòa"),
}
"""Names by the code of the special zone; drawn on every map, whatever it shows."""

ISLAND_PLACES: Mapping[str, tuple[int, int]] = {HOANG_SA: (6, 8), TRUONG_SA: (6, 14)}
"""East of the coast, on the map of provinces."""

MOST_COLUMNS = 5
"""Of a map of units in rows: as many as a phone shows whole, both archipelagos among them."""


MOST_TILES = 400
_COMMITTEE = "Ủy ban nhân dân "
_KINDS = ("tỉnh ", "thành phố ", "huyện ", "xã ", "phường ", "thị trấn ", "thị xã ", "quận ")


def tiles_of(rows: Sequence[RankedUnit]) -> list[Tile]:
    """Return a tile for each unit, and for Hoàng Sa and Trường Sa, which are on every map."""
    provinces = {one.area: one for one in rows if one.area in PLACES}
    if provinces:
        places = [(provinces.get(area), *place) for area, place in PLACES.items()]
        names = _province_names()
        drawn = [
            _tile(one, column, row) if one else _empty(names[area], column, row)
            for area, (one, column, row) in zip(PLACES, places, strict=True)
        ]
        return drawn + [_island(code, rows, *place) for code, place in ISLAND_PLACES.items()]
    shown = [one for one in rows if one.area not in ISLANDS][:MOST_TILES]
    called = Counter(_short(one.name) for one in shown)
    drawn = [
        _tile(one, n % MOST_COLUMNS, n // MOST_COLUMNS, in_full=called[_short(one.name)] > 1)
        for n, one in enumerate(shown)
    ]
    last = (len(shown) + MOST_COLUMNS - 1) // MOST_COLUMNS
    return drawn + [
        _island(code, rows, MOST_COLUMNS - 2 + n, last) for n, code in enumerate(ISLANDS)
    ]


def drawn(rows: Sequence[RankedUnit], opening: str = "") -> SafeString:
    """Return the map of `rows`; with `opening`, a query up to a unit's number, each opens it."""
    if opening:
        rows = [replace(one, address=f"{opening}{one.node_id}") for one in rows]
    return tile_map(tiles_of(rows))


def off_the_map(rows: Sequence[RankedUnit]) -> list[RankedUnit]:
    """Return the units that have no place on a map of provinces, to be listed beside it."""
    if not any(one.area in PLACES for one in rows):
        return list(rows[MOST_TILES:])
    return [one for one in rows if one.area not in PLACES and one.area not in ISLANDS]


def _tile(unit: RankedUnit, column: int, tile_row: int, *, in_full: bool = False) -> Tile:
    share = unit.share
    shown = "–" if share is None else f"{max(0, min(100, 100 * unit.part // unit.whole))} %"
    name = _area(unit.name) if in_full else _short(unit.name)
    return Tile(column, tile_row, name, share, shown, f"{unit.name}: {shown}", unit.address)


def _empty(name: str, column: int, row: int) -> Tile:
    return Tile(column, row, name, None, "–", _("%(name)s: not in this campaign") % {"name": name})


def _island(code: str, rows: Sequence[RankedUnit], column: int, tile_row: int) -> Tile:
    name, full = ISLANDS[code]
    own = next((one for one in rows if one.area == code), None)
    if own is None:
        return Tile(column, tile_row, name, None, "", full)
    tile = _tile(own, column, tile_row)
    return replace(tile, name=name, title=f"{full}: {tile.shown}")


def _province_names() -> dict[str, str]:
    # Read where it is used: only the map of provinces needs the national table.
    from quetsach_portal.units.areas.read import areas

    held = areas(2025)
    return {code: held[code].name for code in PLACES}


def _short(name: str) -> str:
    """Return the name of a committee's area alone; that of any other body as it is."""
    if not name.startswith(_COMMITTEE):
        return name
    area = name.removeprefix(_COMMITTEE)
    kind = next((one for one in _KINDS if area.startswith(one)), "")
    return area.removeprefix(kind)


def _area(name: str) -> str:
    """Return the same with its kind: a town and the commune around it often have one name."""
    area = name.removeprefix(_COMMITTEE)
    return area[:1].upper() + area[1:]
