"""Sums of a past campaign over some of its units: counters, devices, main figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quetsach.api.reports import (
    ChildContribution,
    QuetsachError,
    ReportFormDefinition,
    TableCount,
    add_up,
    format_value,
    with_blocks,
)
from quetsach_portal.campaigns.models.campaign import NodeCounter, Phase, ReportCounter
from quetsach_portal.reports.expected import figures_of, node_key
from quetsach_portal.reports.models.report import STANDS, ReportVersion
from quetsach_portal.reports.phase_forms.changing import form_in_use

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
    figures: Sequence[MainFigure] = ()

    def without(self, parts: "Iterable[ResultSums]") -> "ResultSums":
        """Return what is left of the counters when `parts` are taken off; figures are not."""
        held = list(parts)
        return ResultSums(
            *(getattr(self, one) - sum(getattr(p, one) for p in held) for one in _COUNTERS)
        )


_COUNTERS = (
    "units",
    "deployed",
    "expected",
    "reported",
    "on_time",
    "infected",
    "verified",
    "other",
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
    told = (one.sums.figures for one in rows if one.sums is not None and one.sums.figures)
    return [one.label for one in next(told, ())]


@dataclass(frozen=True)
class ReportSums:
    """All that was counted of some nodes, to be added up by groups of them."""

    tallies: Mapping[int, NodeCounter]
    slots: Mapping[int, ReportCounter]
    versions: Mapping[int, ReportVersion]
    form: ReportFormDefinition | None
    language: str

    def sums_of(self, nodes: Sequence[int]) -> ResultSums:
        """Return what these nodes make together; none of them lies below another."""
        tallies = [self.tallies[one] for one in nodes if one in self.tallies]
        slots = [self.slots[one] for one in nodes if one in self.slots]
        return ResultSums(
            units=sum(one.units for one in tallies),
            deployed=sum(one.deployed for one in tallies),
            expected=sum(one.expected for one in slots),
            reported=sum(one.reported for one in slots),
            on_time=sum(one.on_time for one in slots),
            infected=sum(one.cases_open for one in tallies),
            verified=sum(one.cases_verified for one in tallies),
            other=sum(one.cases_other for one in tallies),
            figures=self._figures([self.versions[one] for one in nodes if one in self.versions]),
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
    """Return the counts that `form` cannot do without, else its first ones."""
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
