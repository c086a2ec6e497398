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
"""The named query of a form's figure beside which a result stands."""

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
    """A sample with its counts; `share` is None where nothing could be told."""

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
        """True when what was declared lies outside the range of what was verified."""
        if self.share is None:
            return False
        declared = self.draw.declared / self.draw.population
        return not self.share.low <= declared <= self.share.high

    @property
    def is_over(self) -> bool:
        """True when the result stands."""
        return self.draw.state == DrawState.CLOSED

    @property
    def is_open(self) -> bool:
        """True while answers are entered."""
        return self.draw.state == DrawState.OPEN

    @property
    def frame(self) -> str:
        """Return from how many was drawn, and who is not among them and why."""
        return _(
            "drawn from %(population)s below, without %(unit)s, which does not check itself"
        ) % {
            "population": number_format(self.draw.population),
            "unit": self.draw.node.name_at_freeze,
        }

    @property
    def undecided(self) -> str:
        """Return how many of those drawn could not be told, "" for none."""
        told = ngettext("%(count)s could not be told", "%(count)s could not be told", self.unknown)
        return told % {"count": number_format(self.unknown)} if self.unknown else ""

    @property
    def sentence(self) -> str:
        """Return "declared 96 %, verified 71 % (64–78)" in the language of the page."""
        if self.share is None:
            return _("declared %(declared)s %%, nothing could be verified") % {
                "declared": self.declared_percent
            }
        point, low, high = self.share.percents()
        return _("declared %(declared)s %%, verified %(point)s %% (%(low)s–%(high)s)") % {
            "declared": self.declared_percent,
            "point": point,
            "low": low,
            "high": high,
        }


def results_of(node: CampaignNode) -> list[SampleResult]:
    """Return all samples of `node`, the newest first. Cost: one query."""
    rows = (
        Draw.objects.filter(node=node).select_related("node", "phase", "drawn_by").order_by("-pk")
    )
    return [_result(one) for one in _counted(rows)]


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
    last = {one.subject: one for one in _counted(rows.filter(state="closed").order_by("pk"))}
    shown = [_result(one) for _subject, one in sorted(last.items())]
    undecided = _undecided([one.draw for one in shown])
    name = slot.node.name_at_freeze
    return tuple(
        reports.RecheckFigures(
            what=WHAT[one.draw.subject],
            share=one.share,
            population=one.draw.population,
            units=UNITS[one.draw.subject],
            declared=one.draw.declared / one.draw.population,
            seed=one.draw.seed,
            field=keys.get(DERIVED[one.draw.subject], ""),
            undecided=undecided.get(one.draw.pk, ()),
            outside=OUTSIDE[one.draw.subject] % {"unit": name},
        )
        for one in shown
        if one.share is not None
    )


def repeat_draw(draw: Draw) -> Sequence[str]:
    """Return what the seed, the frame and the size give: the same as was drawn, or it is wrong."""
    return reports.draw(draw.seed, draw.frame.split("\n"), draw.size)


def _undecided(draws: Sequence[Draw]) -> Mapping[int, tuple[str, ...]]:
    """Return by sample what could not be told: a unit by its name, a device by number and unit."""
    rows = RecheckItem.objects.filter(draw__in=draws, answer=RecheckResult.UNKNOWN).select_related(
        "node"
    )
    names_by_draw: dict[int, tuple[str, ...]] = {}
    for one in rows.order_by("draw", "place"):
        name = one.node.name_at_freeze
        told = name if one.case_id is None else f"{one.ref}, {name}"
        names_by_draw[one.draw_id] = (*names_by_draw.get(one.draw_id, ()), told)
    return names_by_draw


def _counted(rows: QuerySet[Draw]) -> QuerySet[Draw]:
    counts = {
        f"n_{one.value}": Count("items", filter=Q(items__answer=one)) for one in RecheckResult
    }
    return rows.defer("frame").annotate(n_open=Count("items", filter=Q(items__answer="")), **counts)


def _result(draw: Draw) -> SampleResult:
    yes, no, unknown, left = (
        getattr(draw, name) for name in ("n_yes", "n_no", "n_unknown", "n_open")
    )
    return SampleResult(draw, yes, no, unknown, left, reports.share(yes, yes + no))
