"""Phases: rounds with an exclusive deadline, from which each level's own is computed."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.changes import changed, locked_to_prepare
from quetsach_portal.campaigns.deadlines import MOST_LEVELS, due_at_depth
from quetsach_portal.campaigns.freezing import remove_slots, write_slots
from quetsach_portal.campaigns.models import USUAL_CARRY, Campaign, CampaignNode, Phase
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused

MOST_PHASES = 24


def add_phase(
    campaign: Campaign,
    *,
    title: str,
    due_at: datetime,
    opens_at: datetime | None = None,
    locks_at: datetime | None = None,
    lead_days: dict[str, int] | None = None,
    working_days: bool = True,
    counted_until: date | None = None,
    carry_percent: Decimal = USUAL_CARRY,
    actor: User,
) -> Phase:
    """Return a new last phase, with its expected reports where the tree stands already.

    Errors: Refused for deadlines that cannot be kept, or once the campaign has begun.
    """
    with transaction.atomic():
        row = locked_to_prepare(campaign)
        last = row.phases.order_by("-no").first()
        if last is not None and last.no >= MOST_PHASES:
            raise Refused(_("A campaign has at most 24 phases."))
        phase = Phase(
            campaign=row,
            no=1 if last is None else last.no + 1,
            title=title,
            opens_at=timezone.now() if opens_at is None else opens_at,
            due_at=due_at,
            locks_at=locks_at,
            level_lead_days=dict(lead_days or {}),
            working_days=working_days,
            counted_until=counted_until,
            carry_percent=carry_percent,
        )
        _check(phase)
        _noted("phase.added", phase, actor)
        phase.save()
        _expect(phase)
        changed(row)
    return phase


def set_phase(
    phase: Phase,
    *,
    title: str,
    opens_at: datetime,
    due_at: datetime,
    locks_at: datetime | None,
    lead_days: dict[str, int],
    working_days: bool,
    counted_until: date | None = None,
    carry_percent: Decimal = USUAL_CARRY,
    actor: User,
) -> None:
    """Write the phase anew, and with it all deadlines. Errors: as `add_phase`."""
    with transaction.atomic():
        row = locked_to_prepare(phase.campaign)
        held = Phase.objects.select_for_update().select_related("campaign").get(pk=phase.pk)
        held.title, held.opens_at, held.due_at, held.locks_at = title, opens_at, due_at, locks_at
        held.level_lead_days, held.working_days = dict(lead_days), working_days
        held.counted_until, held.carry_percent = counted_until, carry_percent
        _check(held)
        _noted("phase.changed", held, actor)
        held.save()
        remove_slots(held)
        _expect(held)
        changed(row)


def remove_phase(phase: Phase, *, actor: User) -> None:
    """Take the phase away; those behind it move up. Errors: Refused once the campaign has begun."""
    with transaction.atomic():
        row = locked_to_prepare(phase.campaign)
        held = Phase.objects.select_for_update().select_related("campaign").get(pk=phase.pk)
        _noted("phase.removed", held, actor)
        remove_slots(held)
        held.delete()
        for later in row.phases.filter(no__gt=held.no).order_by("no"):
            later.no -= 1
            later.save(update_fields=["no"])
        changed(row)


def _check(phase: Phase) -> None:
    """Refuse deadlines that no unit could keep."""
    if phase.due_at <= phase.opens_at:
        raise Refused(_("The deadline lies before the phase opens."), field="due_day")
    if phase.locks_at is not None and phase.locks_at < phase.due_at:
        raise Refused(_("The phase is locked before it is due."), field="locks_day")
    last_day = timezone.localtime(phase.due_at).date()
    if phase.counted_until is not None and phase.counted_until > last_day:
        raise Refused(_("The figures would be of a day after the deadline."), field="counted_until")
    before = 0
    for depth in range(1, MOST_LEVELS + 1):
        days = phase.level_lead_days.get(str(depth), before)
        if days < before:
            raise Refused(
                _("A lower level cannot be due later than the level above it."), field="lead_1"
            )
        before = days
    lowest = due_at_depth(
        phase.due_at, phase.level_lead_days, MOST_LEVELS, working_days=phase.working_days
    )
    if lowest <= phase.opens_at:
        raise Refused(_("The lowest level would be due before the phase opens."), field="lead_1")


def _expect(phase: Phase) -> None:
    if CampaignNode.objects.filter(campaign_id=phase.campaign_id).exists():
        write_slots(phase)


def _noted(action: str, phase: Phase, actor: User) -> None:
    record(
        action,
        actor=actor,
        kind="campaign",
        object_id=phase.campaign_id,
        unit_path=phase.campaign.lead_unit.path,
        detail={
            "no": phase.no,
            "due_at": phase.due_at.isoformat(),
            "carry_percent": str(phase.carry_percent),
        },
    )
