"""A past result shown on the tree of another year: what can be summed is, the rest is marked.

A result is never divided: where a unit was split, or only a part of it went into another, its
figure is shown as belonging to several.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode, Phase
from quetsach_portal.dashboards.pages.past_sums import ReportSums, ResultSums, SumsRow, sum_reports
from quetsach_portal.units.models import EventSide, EventState, EventUnit

_FURTHEST = 20


class TreeFit(models.TextChoices):
    """How a past result stands on another tree."""

    SAME = "same", _lazy("The same unit")
    ADDED = "added", _lazy("Added up from the units that became it")
    PART = "part", _lazy("Only known together with other units")
    NONE = "none", _lazy("No result of that time")


@dataclass(frozen=True)
class UnitResult:
    """A unit of the chosen tree with its past result."""

    node: CampaignNode
    fit: TreeFit
    of: Sequence[str] = ()
    sums: ResultSums = field(default_factory=ResultSums)

    @property
    def tone(self) -> str:
        """Return the colour of the mark."""
        return {TreeFit.SAME: "good", TreeFit.ADDED: "info", TreeFit.PART: "warn"}.get(
            self.fit, "calm"
        )

    @property
    def is_known(self) -> bool:
        """True when the figures are those of this unit alone."""
        return self.fit in (TreeFit.SAME, TreeFit.ADDED)


def display_rows(laid: Sequence[UnitResult], tree_id: int, top_id: int) -> list[SumsRow]:
    """Return the rows as the page shows them; of a unit that is not alone no figure is."""
    return [
        SumsRow(
            [one.node.name_at_freeze],
            str(one.fit.label),
            one.tone,
            () if one.fit == TreeFit.SAME else one.of,
            one.sums if one.is_known else None,
            "" if one.node.pk == top_id else f"tree={tree_id}&under={one.node.pk}",
            is_whole=one.node.pk == top_id,
        )
        for one in laid
    ]


@dataclass
class UnitLineage:
    """Which units became which, by applied events: both directions."""

    before: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    after: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def laid_on(
    nodes: Sequence[CampaignNode], past: int, phase: Phase | None, language: str = "vi"
) -> list[UnitResult]:
    """Return for each of `nodes` what the campaign `past` found, in its `phase`.

    Cost: two queries for each generation of events, and six for the figures.
    """
    lineage = _lineage({one.unit_id for one in nodes})
    wanted = {
        unit for one in nodes for unit in ({one.unit_id} | _related_units(lineage, one.unit_id))
    }
    rows = CampaignNode.objects.filter(campaign_id=past, unit_id__in=list(wanted))
    held = {one.unit_id: one for one in rows}
    found = sum_reports([one.pk for one in held.values()], phase, language)
    return [_unit_result(one, lineage, held, found) for one in nodes]


def _unit_result(
    node: CampaignNode,
    lineage: UnitLineage,
    past_nodes: Mapping[int, CampaignNode],
    sums: ReportSums,
) -> UnitResult:
    if node.unit_id in past_nodes:
        return _summed(node, TreeFit.SAME, [past_nodes[node.unit_id]], sums)
    sources = _sources(node.unit_id, lineage.before, past_nodes)
    if sources:
        whole = all(lineage.after[unit] <= _closed(node.unit_id, lineage) for unit in sources)
        return _summed(
            node, TreeFit.ADDED if whole else TreeFit.PART, _topmost(sources, past_nodes), sums
        )
    heirs = _sources(node.unit_id, lineage.after, past_nodes)
    if heirs:
        alone = all(lineage.before[unit] == {node.unit_id} for unit in heirs)
        return _summed(
            node, TreeFit.ADDED if alone else TreeFit.PART, _topmost(heirs, past_nodes), sums
        )
    return UnitResult(node, TreeFit.NONE)


def _closed(unit: int, lineage: UnitLineage) -> set[int]:
    """Return the unit and all that became it: what went there went nowhere else."""
    lineage_units, layer = {unit}, {unit}
    for _step in range(_FURTHEST):
        layer = {one for unit in layer for one in lineage.before[unit]} - lineage_units
        lineage_units |= layer
        if not layer:
            break
    return lineage_units


def _sources(
    unit: int, way: Mapping[int, set[int]], past_nodes: Mapping[int, CampaignNode]
) -> set[int]:
    """Return the nearest units in this direction that are in the past tree."""
    sources: set[int] = set()
    visited, layer = {unit}, {unit}
    for _step in range(_FURTHEST):
        layer = {one for unit in layer for one in way[unit]} - visited
        visited |= layer
        sources |= {one for one in layer if one in past_nodes}
        layer = {one for one in layer if one not in past_nodes}
        if not layer:
            break
    return sources


def _topmost(units: Iterable[int], held: Mapping[int, CampaignNode]) -> list[CampaignNode]:
    """Return the nodes of `units` without those below another, so that no unit counts twice."""
    nodes = sorted((held[unit] for unit in units), key=lambda one: one.path)
    kept: list[CampaignNode] = []
    for one in nodes:
        if not kept or not one.path.startswith(kept[-1].path):
            kept.append(one)
    return kept


def _summed(
    node: CampaignNode, fit: TreeFit, of: Sequence[CampaignNode], found: ReportSums
) -> UnitResult:
    sums = found.sums_of([one.pk for one in of])
    return UnitResult(node, fit, [one.name_at_freeze for one in of], sums)


def _related_units(lineage: UnitLineage, unit: int) -> set[int]:
    relatives: set[int] = set()
    for way in (lineage.before, lineage.after):
        layer = {unit}
        for _step in range(_FURTHEST):
            layer = {one for each in layer for one in way[each]} - relatives - {unit}
            relatives |= layer
            if not layer:
                break
    return relatives


def _lineage(units: set[int]) -> UnitLineage:
    """Return who became whom around `units`, as far as events lead."""
    lineage = UnitLineage()
    visited: set[int] = set()
    layer = set(units)
    for _step in range(_FURTHEST):
        layer -= visited
        if not layer:
            break
        visited |= layer
        met = EventUnit.objects.filter(unit_id__in=layer, event__state=EventState.APPLIED)
        groups = set(met.values_list("event_id", "group"))
        rows = EventUnit.objects.filter(event_id__in={event for event, _group in groups})
        sides: dict[tuple[int, int], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for event, group, side, unit in rows.values_list("event_id", "group", "side", "unit_id"):
            if (event, group) in groups:
                sides[event, group][side].add(unit)
        layer = set()
        for both in sides.values():
            olds, news = both[EventSide.BEFORE], both[EventSide.AFTER]
            for old in olds:
                lineage.after[old].update(news - {old})
            for new in news:
                lineage.before[new].update(olds - {new})
            layer |= olds | news
    return lineage
