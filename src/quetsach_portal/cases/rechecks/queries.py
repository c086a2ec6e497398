"""What a re-check found: the verified share with its range, beside what was declared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach.api import reports
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.cases.models.recheck import (
    Draw,
    DrawState,
    RecheckItem,
    RecheckResult,
    RecheckSubject,
)

DERIVED = {
    RecheckSubject.DEVICES.value: "devices_cleaned",
    RecheckSubject.UNITS.value: "organisations_deployed",
}
"""The named query of the form's figure that a result is compared with."""

# These go on paper, which is Vietnamese whatever the language of the page.
WHAT = {
    RecheckSubject.DEVICES.value: "Máy đã được xử lý sạch",
    RecheckSubject.UNITS.value: "Cơ quan, đơn vị đã triển khai Chiến dịch",
}
OUTSIDE = {
    RecheckSubject.DEVICES.value: "không có máy của chính %(unit)s, "
    "vì không đơn vị nào tự kiểm tra mình",
    RecheckSubject.UNITS.value: "không có chính %(unit)s, vì không đơn vị nào tự kiểm tra mình",
}
UNITS = {RecheckSubject.DEVICES.value: "máy", RecheckSubject.UNITS.value: "đơn vị"}


@dataclass(frozen=True)
class SampleResult:
    """A sample with its counts; `share` is None where nothing could be determined."""

    draw: Draw
    yes: int
    no: int
    unknown: int
    open: int
    share: reports.SampleShare | None

    @property
    def declared_percent(self) -> int:
        """Return the declared share of the whole in whole per cent."""
        return 100 * self.draw.declared // self.draw.population

    @property
    def percents(self) -> tuple[int, int, int] | None:
        """Return the verified share with its range in whole per cent, None where there is none."""
        return None if self.share is None else self.share.percents()

    @property
    def differs(self) -> bool:
        """True when the declared share is outside the range of the verified one."""
        if self.share is None:
            return False
        declared = self.draw.declared / self.draw.population
        return not self.share.low <= declared <= self.share.high

    @property
    def is_over(self) -> bool:
        """True when the result is final."""
        return self.draw.state == DrawState.CLOSED

    @property
    def is_open(self) -> bool:
        """True while answers are entered."""
        return self.draw.state == DrawState.OPEN

    @property
    def frame(self) -> str:
        """Return from how many was drawn, and who is not among them and why."""
        text = _("drawn from %(population)s below, without %(unit)s, which does not check itself")
        population, unit = number_format(self.draw.population), self.draw.node.name_at_freeze
        return text % {"population": population, "unit": unit}

    @property
    def undecided(self) -> str:
        """Return how many of those drawn could not be determined, "" for none."""
        text = ngettext(
            "%(count)s could not be determined", "%(count)s could not be determined", self.unknown
        )
        return text % {"count": number_format(self.unknown)} if self.unknown else ""

    @property
    def sentence(self) -> str:
        """Return "declared 96 %, verified 71 % (64–78)" in the language of the page."""
        percents = {"declared": self.declared_percent}
        if self.share is None:
            return _("declared %(declared)s %%, nothing could be verified") % percents
        percents |= zip(("point", "low", "high"), self.share.percents(), strict=True)
        return _("declared %(declared)s %%, verified %(point)s %% (%(low)s–%(high)s)") % percents


def results_of(node: CampaignNode) -> list[SampleResult]:
    """Return all samples of `node`, the newest first. Cost: one query."""
    rows = Draw.objects.filter(node=node).select_related("node", "phase", "drawn_by")
    return [_result(draw) for draw in _counted(rows.order_by("-pk"))]


def result_of(draw: Draw) -> SampleResult:
    """Return the sample with its counts. Cost: one query."""
    return _result(_counted(Draw.objects.filter(pk=draw.pk)).get())


def items_of(draw: Draw) -> QuerySet[RecheckItem]:
    """Return what was drawn, in the order of the draw."""
    return draw.items.select_related("node", "case", "checker", "answered_by").order_by("place")


def printed(
    slot: ExpectedReport, beside: Mapping[str, str] | None = None, *, until: datetime | None = None
) -> tuple[reports.RecheckFigures, ...]:
    """Return what is printed beside the totals of this report: the last finished sample of each.

    Shapes: `beside` has, by the derived query of a figure, its key in the form. With `until`, only
    what had ended by then: a report that is printed again says what it said before.
    Cost: two queries.
    """
    rows = Draw.objects.filter(node_id=slot.node_id, phase_id=slot.phase_id)
    rows = rows if until is None else rows.filter(ended_at__lte=until)
    keys = {} if beside is None else beside
    last = {draw.subject: draw for draw in _counted(rows.filter(state="closed").order_by("pk"))}
    shown = [_result(draw) for _subject, draw in sorted(last.items())]
    undecided = _undecided([result.draw for result in shown])
    name = slot.node.name_at_freeze
    return tuple(
        reports.RecheckFigures(
            what=WHAT[result.draw.subject],
            share=result.share,
            population=result.draw.population,
            units=UNITS[result.draw.subject],
            declared=result.draw.declared / result.draw.population,
            seed=result.draw.seed,
            field=keys.get(DERIVED[result.draw.subject], ""),
            undecided=undecided.get(result.draw.pk, ()),
            outside=OUTSIDE[result.draw.subject] % {"unit": name},
        )
        for result in shown
        if result.share is not None
    )


def _undecided(draws: Sequence[Draw]) -> Mapping[int, tuple[str, ...]]:
    """Return by sample what could not be determined: a unit, or a device by number and unit."""
    rows = RecheckItem.objects.filter(draw__in=draws, answer=RecheckResult.UNKNOWN).select_related(
        "node"
    )
    names_by_draw: dict[int, tuple[str, ...]] = {}
    for item in rows.order_by("draw", "place"):
        name = item.node.name_at_freeze
        shown = name if item.case_id is None else f"{item.ref}, {name}"
        names_by_draw[item.draw_id] = (*names_by_draw.get(item.draw_id, ()), shown)
    return names_by_draw


def _counted(rows: QuerySet[Draw]) -> QuerySet[Draw]:
    counts = {
        f"n_{result.value}": Count("items", filter=Q(items__answer=result))
        for result in RecheckResult
    }
    return rows.defer("frame").annotate(n_open=Count("items", filter=Q(items__answer="")), **counts)


def _result(draw: Draw) -> SampleResult:
    counts = {name: getattr(draw, f"n_{name}") for name in ("yes", "no", "unknown", "open")}
    share = reports.share(counts["yes"], counts["yes"] + counts["no"])
    return SampleResult(draw, share=share, **counts)
