"""Cases of the world whose opening is an event, and time that goes by for their alerts."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from quetsach_portal.alerts.channels import _box
from quetsach_portal.alerts.models import Alert, AlertChannel, AlertMail
from quetsach_portal.alerts.raising import raise_for, tell
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases import history
from quetsach_portal.cases.models.case import Case
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.cases.rows import make_case
from tests.portal.world import World

LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def mailbox(world: World, *codes: str) -> None:
    """Give the units an address and a telephone."""
    for code in codes:
        address, phone = f"{code.lower()}@coquan.example", f"0294 000 {world.units[code].pk:03}"
        UnitContact.objects.create(unit=world.units[code], mail=address, phone=phone)


def node(world: World, code: str) -> CampaignNode:
    """Return the unit's node with what acts need."""
    nodes = CampaignNode.objects.select_related("campaign", "unit", "parent__unit")
    return nodes.get(pk=world.nodes[code].pk)


def opened(world: World, code: str = "TC01", *, kind: str = "opened") -> Case:
    """Return a case whose history says that it was opened."""
    case = make_case(world, code)
    history.note(case, kind, by=None, detail={"source": "nộp tay"})
    return case


def alerted(world: World, code: str = "TC01", count: int = 1) -> list[Alert]:
    """Return alerts about new machines of the unit, which a mail tells."""
    for _number in range(count):
        opened(world, code)
    alerts = raise_for(node(world, code), LONG_AGO)
    tell(node(world, code))
    return alerts


def let_time_go_by(gone: timedelta) -> None:
    """Let everything about alerts have happened so much earlier."""
    for alert in Alert.objects.all():
        due = None if alert.due_at is None else alert.due_at - gone
        told = None if alert.told_at is None else alert.told_at - gone
        Alert.objects.filter(pk=alert.pk).update(
            raised_at=alert.raised_at - gone, due_at=due, told_at=told
        )
    for mail in AlertMail.objects.all():
        AlertMail.objects.filter(pk=mail.pk).update(
            made_at=mail.made_at - gone, expires_at=mail.expires_at - gone
        )


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """Return a moment of the next Wednesday, or so many days after it, here."""
    today = timezone.localdate()
    wednesday = today + timedelta(days=1 + (1 - today.weekday()) % 7)
    moment = datetime.combine(wednesday + timedelta(days=days), time(hour, minute))
    return timezone.make_aware(moment)


def channel_of(world: World, code: str, url: str) -> AlertChannel:
    """Return a channel of the unit with this address, as if it had been allowed when added."""
    return AlertChannel.objects.create(
        unit=world.units[code],
        kind=url.partition(":")[0],
        host="127.0.0.1",
        secret=_box().encrypt(url.encode()).decode(),
        added_by=world.user(code, Role.CLERK),
    )
