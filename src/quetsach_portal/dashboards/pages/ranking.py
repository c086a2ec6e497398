"""Units below compared by a share: ranked, and as a tile map; small units are joined."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode, Phase, ReportCounter
from quetsach_portal.participation.queries import FEW, suppressed_units
from quetsach_portal.web.drawing.tiles import Tile, tile_map

MOST = 2000


class By(models.TextChoices):
    """What a unit is ranked by."""

    REPORTED = "reported", _lazy("Reports received")
    ON_TIME = "on_time", _lazy("Reports in time")
    DEPLOYED = "deployed", _lazy("Units that deployed")
    JOINED = "joined", _lazy("Presses of staff codes")
    LOOKED = "looked", _lazy("Units that checked machines")
    VERIFIED = "verified", _lazy("Devices proven clean")


DEVICES = frozenset({By.VERIFIED})
"""Shown only to users who see counts of devices."""


@dataclass(frozen=True)
class RankedUnit:
    """A unit with all below, at its place; `node_id` is None for the small units together.

    Shapes: `unit_id` is that of the register; `is_leaf` where no unit is below it; `page` is what
    a press on a map opens, "" for what `address_of` says.
    """

    place: int | None
    name: str
    node_id: int | None
    part: int
    whole: int
    area: str = ""
    unit_id: int | None = None
    is_leaf: bool = False
    page: str = ""

    @property
    def share(self) -> float | None:
        """Return the share from 0 to 1, never more; None where there is nothing to share."""
        return None if self.whole <= 0 else max(0.0, min(1.0, self.part / self.whole))

    @property
    def shown(self) -> str:
        """Return "37 %", rounded down; "–" where there is nothing to share."""
        if self.whole <= 0:
            return "–"
        return f"{max(0, min(100, 100 * self.part // self.whole))} %"

    @property
    def title(self) -> str:
        """Return what the unit says on a map when it is pointed at."""
        return f"{self.name}: {self.shown}"


def shares_of(node: CampaignNode, by: By, phase: Phase | None) -> list[tuple[RankedUnit, int]]:
    """Return the children of `node` with their shares and their staff. Cost: two queries."""
    rows = CampaignNode.objects.filter(parent=node, state__in=COUNTED, tally__isnull=False)
    nodes = list(rows.select_related("tally", "unit").order_by("name_at_freeze", "pk")[:MOST])
    slots: dict[int, ReportCounter] = {}
    if by in (By.REPORTED, By.ON_TIME):
        counters = ReportCounter.objects.filter(node__parent=node, phase=phase)
        slots = {counter.node_id: counter for counter in counters}
    return [(_unit_share(child, by, slots.get(child.pk)), child.tally.staff) for child in nodes]


def alone(rows: Sequence[tuple[RankedUnit, int]], by: By) -> list[RankedUnit]:
    """Return each row alone, for a map; the share of a few people is left out."""
    hidden = _hidden(rows, by)
    return [
        replace(one, part=0, whole=0) if by == By.JOINED and place in hidden else one
        for place, (one, _staff) in enumerate(rows)
    ]


def ranked(rows: Sequence[tuple[RankedUnit, int]], by: By) -> list[RankedUnit]:
    """Return the rows by share, equal shares with equal rank; the small units last, as one row."""
    hidden = _hidden(rows, by)
    large = [unit for place, (unit, _staff) in enumerate(rows) if place not in hidden]
    big = [unit for unit in large if unit.share is not None]
    nothing = [unit for unit in large if unit.share is None]
    small = [rows[place][0] for place in sorted(hidden)]
    big.sort(key=lambda unit: (-(unit.share or 0), unit.name))
    placed: list[RankedUnit] = []
    for number, unit in enumerate(big, 1):
        same = placed and placed[-1].share == unit.share
        place = placed[-1].place if same else number
        placed.append(RankedUnit(place, unit.name, unit.node_id, unit.part, unit.whole, unit.area))
    if small:
        parts, wholes = sum(unit.part for unit in small), sum(unit.whole for unit in small)
        placed.append(RankedUnit(None, "", None, parts, wholes))
    return [*placed, *nothing]


def _hidden(rows: Sequence[tuple[RankedUnit, int]], by: By) -> frozenset[int]:
    """Return the indexes of the small units, which are not shown separately."""
    staff = [number for _unit_share, number in rows]
    if by == By.JOINED:
        return suppressed_units(staff)
    return frozenset(place for place, number in enumerate(staff) if number < FEW)


def _unit_share(node: CampaignNode, by: By, slots: ReportCounter | None) -> RankedUnit:
    counter, reports = node.tally, slots or ReportCounter()
    cases = counter.cases_open + counter.cases_verified + counter.cases_other
    part, whole = {
        By.REPORTED: (reports.reported, reports.expected),
        By.ON_TIME: (reports.on_time, reports.expected),
        By.DEPLOYED: (counter.deployed, counter.units),
        By.JOINED: (counter.joined_staff, counter.staff),
        By.LOOKED: (min(counter.units, counter.looked_full + counter.looked_part), counter.units),
        By.VERIFIED: (counter.cases_verified, cases),
    }[by]
    area = node.unit.area_code
    is_leaf = counter.units <= 1
    return RankedUnit(None, node.name_at_freeze, node.pk, part, whole, area, node.unit_id, is_leaf)


def address_of(unit: RankedUnit, opening: str) -> str:
    """Return what a press on the unit opens: those below it, or itself where there are none.

    Shapes: `opening` is a query up to a unit's number, "" where the person opens none.
    """
    if unit.page or not opening or unit.node_id is None:
        return unit.page
    if unit.is_leaf:
        return reverse("followup:node", args=[unit.node_id])
    return f"{opening}{unit.node_id}"


# Places of the 34 provinces and cities of 2025 on the tile map; both archipelagos are on each map.

_GRID = """
    .. 12 15 08 04
    11 14 25 19 20
    .. .. 01 24 31 22
    .. .. 37 33
    .. .. 38
    .. .. 40
    .. .. 42
    .. .. .. 44
    .. .. .. 46
    .. .. .. .. 48
    .. .. .. .. 51
    .. .. .. .. 52
    .. .. .. .. 66
    .. .. .. 68 56
    .. 80 75
    91 82 79
    .. 92 86
    .. 96
"""
PLACES: Mapping[str, tuple[int, int]] = {
    code: (column, row)
    for row, line in enumerate(_GRID.strip().splitlines())
    for column, code in enumerate(line.split())
    if code != ".."
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


def tiles_of(rows: Sequence[RankedUnit], opening: str = "") -> list[Tile]:
    """Return a tile for each unit, and for Hoàng Sa and Trường Sa, which are on every map."""
    provinces = {unit.area: unit for unit in rows if unit.area in PLACES}
    if provinces:
        # Read here: only the map of provinces needs the national table.
        from quetsach_portal.units.areas.read import areas

        names = areas(2025)
        tiles = [
            _tile(provinces[area], opening, *place)
            if area in provinces
            else _empty(names[area].name, *place)
            for area, place in PLACES.items()
        ]
        return tiles + [
            _island(code, rows, opening, *place) for code, place in ISLAND_PLACES.items()
        ]
    shown = [unit for unit in rows if unit.area not in ISLANDS][:MOST_TILES]
    called = Counter(short_name(unit.name) for unit in shown)
    tiles = [
        _tile(
            unit,
            opening,
            n % MOST_COLUMNS,
            n // MOST_COLUMNS,
            in_full=called[short_name(unit.name)] > 1,
        )
        for n, unit in enumerate(shown)
    ]
    last = (len(shown) + MOST_COLUMNS - 1) // MOST_COLUMNS
    islands = [
        _island(code, rows, opening, MOST_COLUMNS - 2 + n, last) for n, code in enumerate(ISLANDS)
    ]
    return tiles + islands


def drawn(rows: Sequence[RankedUnit], opening: str = "") -> SafeString:
    """Return the map of `rows`; with `opening`, a query up to a unit's number, each opens it."""
    return tile_map(tiles_of(rows, opening), is_patterned=True)


def off_the_map(rows: Sequence[RankedUnit]) -> list[RankedUnit]:
    """Return the units that have no place on a map of provinces, to be listed beside it."""
    if not any(one.area in PLACES for one in rows):
        return list(rows[MOST_TILES:])
    return [one for one in rows if one.area not in PLACES and one.area not in ISLANDS]


def _tile(
    unit: RankedUnit, opening: str, column: int, tile_row: int, *, in_full: bool = False
) -> Tile:
    name = _area(unit.name) if in_full else short_name(unit.name)
    address = address_of(unit, opening)
    return Tile(column, tile_row, name, unit.share, unit.shown, unit.title, address)


def _empty(name: str, column: int, row: int) -> Tile:
    title = _("%(name)s: not in this campaign") % {"name": name}
    return Tile(column, row, name, None, "–", title)


def _island(
    code: str, rows: Sequence[RankedUnit], opening: str, column: int, tile_row: int
) -> Tile:
    name, full = ISLANDS[code]
    own = next((one for one in rows if one.area == code), None)
    if own is None:
        return Tile(column, tile_row, name, None, "", full)
    tile = _tile(own, opening, column, tile_row)
    return replace(tile, name=name, title=f"{full}: {tile.shown}")


def short_name(name: str) -> str:
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
