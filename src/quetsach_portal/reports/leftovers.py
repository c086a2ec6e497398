"""Changes from below that no report above has taken in, for who ends the campaign."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.reports.models import ChangeNotice, NoticeState


@dataclass(frozen=True)
class Leftover:
    """Something of a unit that no report has taken in, and where it is decided."""

    unit: str
    what: str
    url: str


def unsent_supplements(campaign: Campaign) -> list[Leftover]:
    """Return the units whose next supplement was never made. Cost: one query."""
    rows = ChangeNotice.objects.filter(
        parent_slot__phase__campaign=campaign,
        state__in=(NoticeState.OPEN, NoticeState.CARRIED),
        resolved_by__isnull=True,
    )
    by_slot = rows.values_list(
        "parent_slot", "parent_slot__phase__no", "parent_slot__node__name_at_freeze"
    ).annotate(changes=Count("pk"))
    return [
        Leftover(
            name,
            ngettext(
                "phase %(phase)s: %(count)s change from below in no report",
                "phase %(phase)s: %(count)s changes from below in no report",
                changes,
            )
            % {"phase": phase, "count": changes},
            reverse("reports:slot", args=[slot]),
        )
        for slot, phase, name, changes in by_slot.order_by(
            "parent_slot__phase__no", "parent_slot__node__path"
        )
    ]
