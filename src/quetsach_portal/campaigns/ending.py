"""What is still open when a campaign ends, what the archiving takes away, and what it took away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models import COUNTED, Campaign, CampaignState, Slot, SlotState

GOES = {
    "devices": _lazy("Names, addresses and places of machines"),
    "sightings": _lazy("Contacts of machines with harmful addresses"),
    "case_events": _lazy("Lines in the history of cases"),
    "case_files": _lazy("Photos and proofs of cases"),
    "handlings": _lazy("Notes on handlings, and who did them"),
    "files": _lazy("Files of cases and of the authority's notices"),
    "notices": _lazy("Addresses in the authority's notices"),
    "submissions": _lazy("Notes and findings of what units handed in"),
    "submitted_files": _lazy("Files that units handed in"),
    "receipts": _lazy("Who confirmed receipts, and the notes on them"),
    "declarations": _lazy("Who declared deployments, and the notes on them"),
    "evidence": _lazy("Evidence of deployments"),
    "paper": _lazy("Who recorded reports on paper, and the notes on them"),
    "proofs": _lazy("Scans of receipts, deployments and reports on paper"),
    "extensions": _lazy("Reasons for more time, and who gave them"),
    "mails": _lazy("Mails of the follow-up"),
    "dispatches": _lazy("Addresses and persons to whom letters went"),
    "sheets": _lazy("Printed covering sheets of letters"),
    "contacts": _lazy("Contacts of units that stand in no other campaign"),
    "rechecks": _lazy("Notes on re-checks, and who made them"),
    "public_lists": _lazy("Addresses in lists of the public page"),
    "public_files": _lazy("Files of lists of the public page"),
}
"""What goes, by the names under which the purges of `settings.ARCHIVE_PURGES` count it."""


@dataclass(frozen=True)
class Leftover:
    """Something of a unit that no report has taken in, and where it is decided."""

    unit: str
    what: str
    url: str


@dataclass(frozen=True)
class Purged:
    """The line of the trail that says what was taken away, in words and numbers."""

    seq: int
    at: datetime
    by: str
    rows: Sequence[tuple[str, int]]


def open_slots(campaign: Campaign) -> QuerySet[Slot]:
    """Return the expected reports that have not come and are not excused."""
    rows = Slot.objects.filter(
        ~Q(state=SlotState.EXCUSED),
        phase__campaign=campaign,
        reported_at__isnull=True,
        node__state__in=COUNTED,
    )
    return rows.select_related("phase", "node").order_by("phase__no", "node__path")


def leftovers(campaign: Campaign) -> list[Leftover]:
    """Return what other apps have left over, as `settings.CAMPAIGN_LEFTOVERS` finds it."""
    found: list[Leftover] = []
    for name in settings.CAMPAIGN_LEFTOVERS:
        asked: Callable[[Campaign], Sequence[Leftover]] = import_string(name)
        found += asked(campaign)
    return found


def purged(campaign: Campaign) -> Purged | None:
    """Return what the archiving took away, None before it."""
    line = AuditEvent.objects.filter(
        action="campaign.archived", object_kind="campaign", object_id=str(campaign.pk)
    ).last()
    if line is None:
        return None
    removed: Mapping[str, int] = line.detail.get("removed", {})
    rows = [(str(words), removed[name]) for name, words in GOES.items() if name in removed]
    return Purged(line.seq, line.at, line.actor, rows)


def shown(campaign: Campaign) -> dict[str, Any]:
    """Return what the page of the end shows of all this. Cost: four queries and those of apps."""
    if campaign.state == CampaignState.ARCHIVED:
        return {"purged": purged(campaign)}
    slots = open_slots(campaign)
    return {
        "open_count": slots.count(),
        "open_slots": slots,
        "leftovers": leftovers(campaign),
        "goes": list(GOES.values()),
    }
