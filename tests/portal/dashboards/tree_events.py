"""Changes of the tree that took effect, for tests."""

from datetime import date

from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import EventSide, EventState, EventUnit, OrgEvent
from tests.portal.world import World


def happened(
    world: World, kind: str, before: list[str], after: list[str], day: date | None = None
) -> OrgEvent:
    """Return an event that took effect on `day`, today by default, between units by code."""
    event = OrgEvent.objects.create(
        kind=kind,
        state=EventState.APPLIED,
        effective_on=day or timezone.localdate(),
        legal_doc="NQ 1",
        path=world.units["TC"].path,
        proposed_by=world.user("TC", Role.LEAD_OWNER),
        decided_by=world.user("TC", Role.COMPILER),
    )
    for side, codes in ((EventSide.BEFORE, before), (EventSide.AFTER, after)):
        for code in codes:
            EventUnit.objects.create(event=event, unit=world.units[code], side=side)
    return event
