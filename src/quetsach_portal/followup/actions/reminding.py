"""Remind the silent ones, and nobody else: one reminder a unit and day."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import CampaignNode, Phase, Slot
from quetsach_portal.followup.actions.running import locked_node
from quetsach_portal.followup.mails import queue, reminder
from quetsach_portal.followup.models import Reminder
from quetsach_portal.followup.silent import silent_of
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused

MOST_AT_ONCE = 5000


def remind(
    parent: CampaignNode,
    *,
    waits_for: str,
    days: int,
    phase: Phase | None,
    chosen: Collection[int] | None,
    actor: User,
) -> int:
    """Remind the silent units directly below `parent`; return how many were reminded.

    Shapes: `chosen` are node ids, None for all silent ones. Whoever is not silent any more, or was
    reminded today, is left out whatever was chosen. Errors: Refused when nobody is left.
    """
    with transaction.atomic():
        row = locked_node(parent)
        children = CampaignNode.objects.filter(parent=row).select_related("campaign", "unit")
        silent = silent_of(children, waits_for, days, phase)
        if chosen is not None:
            silent = silent.filter(pk__in=list(chosen)[:MOST_AT_ONCE])
        today = timezone.localdate()
        told_today = Reminder.objects.filter(day=today).values("node_id")
        nodes = list(silent.exclude(pk__in=told_today).order_by("path")[:MOST_AT_ONCE])
        if not nodes:
            raise Refused(_("None of these units is silent and not yet reminded today."))
        record(
            "reminder.sent",
            actor=actor,
            kind="campaignnode",
            object_id=row.pk,
            unit_path=row.unit.path,
            detail={"units": len(nodes), "waits_for": waits_for},
        )
        Reminder.objects.bulk_create(
            [
                Reminder(node=one, phase=phase, day=today, waits_for=waits_for, by=actor)
                for one in nodes
            ],
            ignore_conflicts=True,
        )
        slots = _slots(nodes, phase)
        mails = [mail for one in nodes for mail in reminder(one, waits_for, slots.get(one.pk))]
        queue(mails, key=f"reminder:{row.pk}:{timezone.now():%Y%m%d%H%M%S%f}")
    return len(nodes)


def _slots(nodes: list[CampaignNode], phase: Phase | None) -> dict[int, Slot]:
    if phase is None:
        return {}
    rows = Slot.objects.filter(phase=phase, node_id__in=[one.pk for one in nodes])
    return {row.node_id: row for row in rows}
