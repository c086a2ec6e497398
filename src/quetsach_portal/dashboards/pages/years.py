"""A past result shown on the tree of another year: what can be summed is, the rest is marked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import (
    ChildContribution,
    QuetsachError,
    ReportFormDefinition,
    TableCount,
    add_up,
    format_value,
    with_blocks,
)
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.looks.figures import LookFigures
from quetsach_portal.reports.models.report import STANDS, ReportVersion
from quetsach_portal.reports.phase_forms.changing import form_in_use
from quetsach_portal.reports.queries import figures_of, node_key
from quetsach_portal.units.models import EventSide, EventState, EventUnit

MOST_FIGURES = 3
"""This many counts of a form are shown where the form requires none."""


@dataclass(frozen=True)
class MainFigure:
    """A main figure of the form: its label and its total in words."""

    label: str
    total: str


@dataclass(frozen=True)
class ResultSums:
    """What some units, each with all below it, make together; `other` are cases ended otherwise."""

    units: int = 0
    deployed: int = 0
    expected: int = 0
    reported: int = 0
    on_time: int = 0
    infected: int = 0
    verified: int = 0
    other: int = 0
    seen: int = 0
    machines: int = 0
    sized: int = 0
    full: int = 0
    partly: int = 0
    figures: Sequence[MainFigure] = ()

    @property
    def look(self) -> LookFigures:
        """What these units looked at."""
        machines = self.machines if self.sized else None
        return LookFigures(
            seen=self.seen,
            machines=machines,
            units=self.units,
            full=self.full,
            partly=self.partly,
            sized=self.sized,
        )

    def without(self, parts: "Iterable[ResultSums]") -> "ResultSums":
        """Return what is left of the counters when `parts` are taken off; figures are not."""
        all_parts = list(parts)
        names = [field.name for field in fields(self) if field.name != "figures"]
        return ResultSums(
            *(
                getattr(self, name) - sum(getattr(part, name) for part in all_parts)
                for name in names
            )
        )


@dataclass(frozen=True)
class SumsRow:
    """A row as a page shows it: of what, where it opens, what its figures are, and these.

    Shapes: `opens` is a query of this page, "" for none; `sums` is None where nothing is known.
    """

    titles: Sequence[str]
    mark: str = ""
    tone: str = ""
    of: Sequence[str] = ()
    sums: ResultSums | None = None
    opens: str = ""
    is_whole: bool = False


def labels_of(rows: Iterable[SumsRow]) -> list[str]:
    """Return the labels of the main figures of `rows`; none where no row has any."""
    figures = (row.sums.figures for row in rows if row.sums is not None and row.sums.figures)
    return [figure.label for figure in next(figures, ())]


@dataclass(frozen=True)
class ReportSums:
    """All that was counted of some nodes, to be added up by groups of them."""

    counters: Mapping[int, NodeCounter]
    slots: Mapping[int, ReportCounter]
    versions: Mapping[int, ReportVersion]
    form: ReportFormDefinition | None
    language: str

    def sums_of(self, nodes: Sequence[int]) -> ResultSums:
        """Return what these nodes make together; none of them lies below another."""
        counters = [self.counters[node] for node in nodes if node in self.counters]
        slots = [self.slots[node] for node in nodes if node in self.slots]
        return ResultSums(
            units=sum(counter.units for counter in counters),
            deployed=sum(counter.deployed for counter in counters),
            expected=sum(slot.expected for slot in slots),
            reported=sum(slot.reported for slot in slots),
            on_time=sum(slot.on_time for slot in slots),
            infected=sum(counter.cases_open for counter in counters),
            verified=sum(counter.cases_verified for counter in counters),
            other=sum(counter.cases_other for counter in counters),
            seen=sum(counter.machines_seen for counter in counters),
            machines=sum(counter.machines for counter in counters),
            sized=sum(counter.machines_sized for counter in counters),
            full=sum(counter.looked_full for counter in counters),
            partly=sum(counter.looked_part for counter in counters),
            figures=self._figures([self.versions[node] for node in nodes if node in self.versions]),
        )

    def _figures(self, versions: Sequence[ReportVersion]) -> list[MainFigure]:
        """Return the main figures, added up as a report over these units would add them up."""
        if self.form is None or not versions:
            return []
        children = [
            ChildContribution(
                node_key(one.slot.node_id), one.code, one.n, one.sha256, figures_of(one)
            )
            for one in versions
        ]
        try:
            together = add_up(self.form, {}, children, {})
        except QuetsachError:
            return []
        return [
            MainFigure(
                row.label.of("vi" if self.language == "vi" else "en"),
                format_value(together[row.id].total),
            )
            for row in main_counts(self.form)
        ]


def main_counts(form: ReportFormDefinition) -> Sequence[TableCount]:
    """Return the required counts of `form`, else its first counts."""
    counts = form.counts()
    return [one for one in counts if one.required] or counts[:MOST_FIGURES]


def sum_reports(nodes: Iterable[int], phase: Phase | None, language: str) -> ReportSums:
    """Return what was counted of `nodes`, with their newest standing reports of `phase`.

    Cost: five queries; it reads a report for each node.
    """
    ids = list(nodes)
    slots = ReportCounter.objects.filter(node_id__in=ids, phase=phase)
    versions = ReportVersion.objects.filter(
        slot__node_id__in=ids, slot__phase=phase, state__in=STANDS
    ).select_related("slot")
    return ReportSums(
        NodeCounter.objects.in_bulk(ids),
        {one.node_id: one for one in slots},
        {one.slot.node_id: one for one in versions.order_by("n")},
        None if phase is None else with_blocks(form_in_use(phase), ()),
        language,
    )


Node = TypeVar("Node", bound=Any)
_FURTHEST = 20


class TreeFit(models.TextChoices):
    """How a past result fits another tree."""

    SAME = "same", _lazy("The same unit")
    ADDED = "added", _lazy("Added up from its predecessor units")
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
    units = {node.unit_id for node in nodes}
    for unit in tuple(units):
        units |= _all_along(unit, lineage.before) | _all_along(unit, lineage.after)
    rows = CampaignNode.objects.filter(campaign_id=past, unit_id__in=list(units))
    past_nodes = {node.unit_id: node for node in rows}
    sums = sum_reports([node.pk for node in past_nodes.values()], phase, language)
    return [_unit_result(node, lineage, past_nodes, sums) for node in nodes]


def _unit_result(
    node: CampaignNode,
    lineage: UnitLineage,
    past_nodes: Mapping[int, CampaignNode],
    sums: ReportSums,
) -> UnitResult:
    sources = {node.unit_id} & past_nodes.keys()
    fit = TreeFit.SAME
    if not sources:
        sources = _sources(node.unit_id, lineage.before, past_nodes)
        closed = {node.unit_id} | _all_along(node.unit_id, lineage.before)
        is_whole = all(lineage.after[unit] <= closed for unit in sources)
        if not sources:
            sources = _sources(node.unit_id, lineage.after, past_nodes)
            is_whole = all(lineage.before[unit] == {node.unit_id} for unit in sources)
        fit = TreeFit.ADDED if is_whole else TreeFit.PART
    if not sources:
        return UnitResult(node, TreeFit.NONE)
    of = topmost(past_nodes[unit] for unit in sources)
    names = [past.name_at_freeze for past in of]
    return UnitResult(node, fit, names, sums.sums_of([past.pk for past in of]))


def _sources(
    unit: int, way: Mapping[int, set[int]], past_nodes: Mapping[int, CampaignNode]
) -> set[int]:
    """Return the nearest units in this direction that are in the past tree."""
    sources: set[int] = set()
    visited, layer = {unit}, {unit}
    for _step in range(_FURTHEST):
        layer = {relative for unit in layer for relative in way[unit]} - visited
        visited |= layer
        sources |= layer & past_nodes.keys()
        layer -= past_nodes.keys()
        if not layer:
            break
    return sources


def topmost(nodes: Iterable[Node]) -> list[Node]:
    """Return `nodes` without those below another, so that no unit counts twice."""
    kept: list[Node] = []
    for node in sorted(nodes, key=lambda node: node.path):
        if not kept or not node.path.startswith(kept[-1].path):
            kept.append(node)
    return kept


def _all_along(unit: int, way: Mapping[int, set[int]]) -> set[int]:
    """Return all units that lie in this direction of `unit`, which is not among them."""
    relatives: set[int] = set()
    layer = {unit}
    for _step in range(_FURTHEST):
        layer = {relative for each in layer for relative in way[each]} - relatives - {unit}
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
