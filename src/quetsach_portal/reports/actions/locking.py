"""Lock an expected report, say why nothing can be done to it, and write the trail."""

from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import CampaignNode, CampaignState, Slot, SlotState
from quetsach_portal.people.models import User
from quetsach_portal.reports.models import ReportVersion
from quetsach_portal.reports.places import RELATED, parent_slot
from quetsach_portal.web.problems import Refused

RUNS = (CampaignState.LIVE, CampaignState.CLOSING)
AFTER_THE_END = (*RUNS, CampaignState.CLOSED)
"""Totals are final when a campaign is closed, but corrections and supplements still come."""


def locked(slot: Slot, *, after_the_end: bool = False) -> Slot:
    """Return the slot's row, locked, when a report can be worked on in it. Errors: Refused."""
    row = Slot.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=slot.pk)
    if row.node.campaign.state not in (AFTER_THE_END if after_the_end else RUNS):
        raise Refused(_("The campaign is not running."))
    if row.state == SlotState.EXCUSED:
        raise Refused(_("No report is expected of this unit: %(why)s") % {"why": row.excuse_reason})
    return row


def locked_with_parent(version: ReportVersion) -> tuple[ReportVersion, Slot | None]:
    """Return the version and the slot that it goes into, all locked from the top down.

    Whoever hands in a report holds its slot, so that what is decided below it waits until then.
    Errors: Refused.
    """
    above = parent_slot(version.slot)
    if above is not None:
        above = (
            Slot.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=above.pk)
        )
    slot = locked(version.slot, after_the_end=True)
    row = ReportVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    row.slot = slot
    return row, above


def refuse_when_locked(slot: Slot) -> None:
    """Refuse a first report after the phase was locked, unless more time was granted."""
    locks_at = slot.phase.locks_at
    if locks_at is not None and max(locks_at, slot.due_at) <= timezone.now():
        raise Refused(_("The phase is locked; ask the office above for more time first."))


def refuse_before_it_opens(slot: Slot) -> None:
    """Refuse what comes before the phase opened."""
    if timezone.now() < slot.phase.opens_at:
        raise Refused(_("This phase has not opened yet."))


def noted(action: str, row: Model, node: CampaignNode, actor: User | None, **detail: Any) -> None:
    """Write the act into the trail, under the unit it is about; never a text of the report."""
    record(
        action,
        actor=actor,
        kind=row._meta.model_name or "",
        object_id=row.pk,
        unit_path=node.unit.path,
        detail={"node": node.pk, **detail},
    )
