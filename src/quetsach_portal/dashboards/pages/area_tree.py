"""A past result shown on the national areas of 2022 or 2025, which the portal ships.

Areas and the campaign's units meet by the codes of areas. An area that was divided, or put
together with others, is never divided: areas that cannot be separated form one row.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode, Phase
from quetsach_portal.dashboards.pages.years import (
    ReportSums,
    ResultSums,
    SumsRow,
    sum_reports,
    topmost,
)
from quetsach_portal.people.roles.scope import below
from quetsach_portal.units.areas.read import YEARS, Area, Year, areas, moves

REFORM = date(2025, 7, 1)
PROVINCE, DISTRICT, COMMUNE = 1, 2, 3


class AreaFit(models.TextChoices):
    """How a past result fits the areas of a year."""

    SAME = "same", _lazy("The same area")
    ADDED = "added", _lazy("Added up from the units of that time")
    TOGETHER = "together", _lazy("Cannot be separated")


@dataclass(frozen=True, slots=True)
class UnitArea:
    """A unit of the campaign with the code of its area."""

    pk: int
    path: str
    name: str
    area: str


@dataclass(frozen=True)
class AreaResult:
    """Areas with their common result; mostly a single area."""

    areas: Sequence[Area]
    fit: AreaFit
    of: Sequence[str]
    sums: ResultSums
    opens: str = ""

    @property
    def tone(self) -> str:
        """Return the colour of the mark."""
        return {AreaFit.SAME: "good", AreaFit.ADDED: "info"}.get(self.fit, "warn")


@dataclass(frozen=True)
class AreaPage:
    """The rows of an area with what they make; `rest` is of units without an area among them.

    Shapes: `path` leads from the country to the area, which is left out; `whole` is None where a
    row reaches beyond it.
    """

    year: Year
    path: Sequence[Area]
    rows: Sequence[AreaResult]
    rest: ResultSums | None
    whole: ResultSums | None


def laid_on_areas(
    top: CampaignNode, phase: Phase | None, year: Year, code: str, language: str
) -> AreaPage:
    """Return the result of what lies below `top`, on the areas of `year` in the area `code`.

    Shapes: no code, or none of that year, is the whole country.
    Cost: seven queries, and a report read for each unit that is shown.
    """
    placed = _placed(top)
    own = year_of({one.area for one in placed}, top.campaign.frozen_on)
    area = areas(year).get(code)
    level = PROVINCE
    if area is not None:
        level = DISTRICT if year == 2022 and area.level == PROVINCE else COMMUNE
    inside = {one.code for one in areas(year).values() if area and one.parent == area.code}
    groups = [
        (targets, nodes)
        for targets, nodes in together(placed, own, year, level)
        if area is None or targets & inside
    ]
    unit_ids = _holding(placed, own, year, area) if area else [top.pk]
    group_ids = (unit.pk for _targets, units in groups for unit in units)
    sums = sum_reports({*unit_ids, *group_ids}, phase, language)
    rows = [_area_result(targets, nodes, sums, (own, year)) for targets, nodes in groups]
    rows.sort(key=lambda row: [area.name for area in row.areas])
    is_inside = all(area is None or targets <= inside for targets, _nodes in groups)
    whole = sums.sums_of(unit_ids) if unit_ids and is_inside else None
    rest = whole.without(one.sums for one in rows) if whole else None
    is_rest = rest is not None and any((rest.units, rest.expected, rest.infected, rest.verified))
    return AreaPage(year, _path_to(year, area), rows, rest if is_rest else None, whole)


def year_of(codes: Iterable[str], frozen_on: date | None) -> Year:
    """Return the year of a campaign's area codes, by the national table that knows more of them."""
    held = set(codes)
    known = {year: sum(code in areas(year) for code in held) for year in YEARS}
    if known[2022] != known[2025]:
        return 2022 if known[2022] > known[2025] else 2025
    return 2025 if frozen_on is None or frozen_on >= REFORM else 2022


def together(
    placed: Sequence[UnitArea], own: Year, year: Year, level: int
) -> list[tuple[frozenset[str], list[UnitArea]]]:
    """Return the areas of `year` on `level` that the units reach, each with those that hang on it.

    Areas that share a unit are grouped, transitively.
    """
    source_level = level if own == 2022 or level != DISTRICT else COMMUNE
    nodes: dict[str, list[UnitArea]] = defaultdict(list)
    for unit in placed:
        source = _at_level(own, unit.area, source_level)
        if source:
            nodes[source].append(unit)
    sources: dict[str, set[str]] = defaultdict(set)
    targets: dict[str, set[str]] = {}
    for source in nodes:
        targets[source] = set(_targets(source, own, year, level))
        for target in targets[source]:
            sources[target].add(source)
    groups = []
    placed_areas: set[str] = set()
    for first in sources:
        if first in placed_areas:
            continue
        group, todo, used = {first}, [first], set[str]()
        while todo:
            fresh = sources[todo.pop()] - used
            used |= fresh
            more = {unit for source in fresh for unit in targets[source]} - group
            group |= more
            todo += more
        placed_areas |= group
        groups.append(
            (frozenset(group), topmost(unit for source in used for unit in nodes[source]))
        )
    return groups


def display_rows(page: AreaPage) -> list[SumsRow]:
    """Return the rows as the page shows them, then what has no area of its own, then the whole."""
    rows = [
        SumsRow(
            [each.full_name for each in one.areas],
            str(one.fit.label),
            one.tone,
            () if one.fit == AreaFit.SAME else one.of,
            one.sums,
            f"tree=areas-{page.year}&area={one.opens}" if one.opens else "",
        )
        for one in page.rows
    ]
    if page.rest is not None:
        rows.append(SumsRow([_("Units without an area of their own here")], sums=page.rest))
    if page.whole is not None:
        rows.append(SumsRow([_("Grand total")], sums=page.whole, is_whole=True))
    return rows


def _area_result(
    targets: frozenset[str], nodes: Sequence[UnitArea], sums: ReportSums, years: tuple[Year, Year]
) -> AreaResult:
    own, year = years
    unit_areas = sorted((areas(year)[code] for code in targets), key=lambda one: one.name)
    fit, first = AreaFit.TOGETHER, unit_areas[0]
    if len(unit_areas) == 1:
        is_same = len(nodes) == 1 and is_one_to_one(nodes[0].area, first.code, own, year)
        fit = AreaFit.SAME if is_same else AreaFit.ADDED
    is_lowest = len(unit_areas) > 1 or first.level == COMMUNE
    of = sorted(unit.name for unit in nodes)
    area_sums = sums.sums_of([unit.pk for unit in nodes])
    return AreaResult(unit_areas, fit, of, area_sums, "" if is_lowest else first.code)


def is_one_to_one(source: str, target: str, own: Year, year: Year) -> bool:
    """Whether the area `source` of the year `own` is, whole and alone, `target` of `year`."""
    if own == year:
        return source == target
    old, new = (source, target) if own == 2022 else (target, source)
    return [move.new for move in moves().get(old, ())] == [new] and _olds().get(new) == [old]


def _holding(placed: Sequence[UnitArea], own: Year, year: Year, area: Area) -> list[int]:
    """Return the units that make up exactly `area`; none where there is no such set."""
    for targets, nodes in together(placed, own, year, area.level):
        if targets == {area.code}:
            return [one.pk for one in nodes]
    return []


def _targets(source: str, own: Year, year: Year, level: int) -> Iterator[str]:
    if own == year:
        yield source
    elif own == 2022:
        yield from (move.new for move in moves().get(source, ()))
    else:
        for old in _olds().get(source, ()):
            at = _at_level(2022, old, level)
            if at:
                yield at


@lru_cache(maxsize=1)
def _olds() -> Mapping[str, Sequence[str]]:
    """Return by area of 2025 the areas of 2022 that were merged into it."""
    olds: dict[str, list[str]] = defaultdict(list)
    for old, some in moves().items():
        for move in some:
            olds[move.new].append(old)
    return dict(olds)


def _at_level(year: Year, code: str, level: int) -> str:
    """Return the area on `level` in which `code` lies; "" where it lies in none."""
    areas_by_code = areas(year)
    area = areas_by_code.get(code)
    if area is not None and area.level == DISTRICT and level == COMMUNE and code in moves():
        # Hoàng Sa and the other islands had no communes in 2022: the district itself was converted.
        return code
    while area is not None and area.level > level:
        area = areas_by_code.get(area.parent)
    return area.code if area is not None and area.level == level else ""


def _path_to(year: Year, area: Area | None) -> list[Area]:
    path: list[Area] = []
    while area is not None:
        path.insert(0, area)
        area = areas(year).get(area.parent)
    return path


def _placed(top: CampaignNode) -> list[UnitArea]:
    rows = CampaignNode.objects.filter(
        below(top.path), campaign_id=top.campaign_id, state__in=COUNTED
    ).exclude(unit__area_code="")
    values = rows.values_list("pk", "path", "name_at_freeze", "unit__area_code")
    return [UnitArea(*one) for one in values.order_by("path")]
