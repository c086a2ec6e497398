"""Log coverage by unit: a strip of days for each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.dashboards.models import CoverageCounter
from quetsach_portal.web.drawing.charts import strip

WINDOW = 30


@dataclass(frozen=True)
class CoverageRow:
    """A unit with all below: its strip, and on how many days anything of it was looked at."""

    node: CampaignNode
    picture: SafeString
    days: int
    units: int
    whole_days: int


@dataclass(frozen=True)
class _Said:
    """What each day says of a unit, its numbers left open; and whether a press opens the unit."""

    titles: Sequence[str]
    opens: bool


def window(last: date | None) -> list[date]:
    """Return the days that are shown: up to `last`, or up to today."""
    today = timezone.localdate()
    # Before the first day of all there is no calendar.
    end = today if last is None else max(min(last, today), date.min + timedelta(days=WINDOW))
    return [end - timedelta(days=one) for one in range(WINDOW - 1, -1, -1)]


def covered(
    nodes: Sequence[CampaignNode], days: Sequence[date], *, opens: bool = False
) -> list[CoverageRow]:
    """Return a row for each node, which has its `tally` with it. Cost: one query.

    Where a unit `opens`, a press on a day leads to those below it as of that day.
    """
    ids = [one.pk for one in nodes]
    rows = CoverageCounter.objects.filter(
        node_id__in=ids, day__gte=days[0], day__lte=days[-1]
    ).values_list("node_id", "day", "units")
    counts = {(node_id, day): units for node_id, day, units in rows}
    # Said once for all rows: a page has some fifteen hundred cells.
    said = _("%(day)s: logs of %(part)s of %(whole)s units")
    shown = [date_format(day, "SHORT_DATE_FORMAT") for day in days]
    titles = [said % {"day": day, "part": "%(part)s", "whole": "%(whole)s"} for day in shown]
    return [_row(node, days, counts, _Said(titles, opens)) for node in nodes]


def _row(
    node: CampaignNode,
    days: Sequence[date],
    unit_counts: dict[tuple[int, date], int],
    texts: _Said,
) -> CoverageRow:
    tally = getattr(node, "tally", None)
    # A unit that left the tree still has its days: the share never passes the whole.
    units = max(1, 0 if tally is None else tally.units)
    counts = [min(units, unit_counts.get((node.pk, day), 0)) for day in days]
    titles = [
        day % {"part": count, "whole": units}
        for day, count in zip(texts.titles, counts, strict=True)
    ]
    opened = [f"?under={node.pk}&on={day.isoformat()}" for day in days] if texts.opens else []
    picture = strip([count / units for count in counts], titles, opened)
    some = sum(1 for count in counts if count)
    return CoverageRow(node, picture, some, units, sum(1 for count in counts if count == units))
