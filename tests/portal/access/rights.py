"""Who may see the people of a unit, and give, end and hand over roles (campaign.md, section 4)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from quetsach_portal.lifecycle.persons import requests
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles import invitations
from tests.portal.access.row import ALL, EVERYWHERE, Row
from tests.portal.world import World, make_user


def _unit(world: World, code: str) -> Mapping[str, Any]:
    return {"unit_id": world.units[code].pk}


def _invited(world: World, code: str, role: Role) -> invitations.NewInvitation:
    return invitations.invite(
        unit=world.units[code],
        email=f"moi.{role.value}@{code}.example".lower(),
        role=role,
        last_day=None,
        actor=None,
    )


def _clerk_invited(world: World, code: str) -> Mapping[str, Any]:
    return {"invitation_id": _invited(world, code, Role.CLERK).invitation.pk}


def _link(world: World, code: str) -> Mapping[str, Any]:
    address = _invited(world, code, Role.TECHNICIAN).link
    return {"token": address.rstrip("/").rpartition("/")[2]}


def _clerks_role(world: World, code: str) -> Mapping[str, Any]:
    return {"assignment_id": Assignment.objects.get(user=_clerk(world, code)).pk}


def _clerk(world: World, code: str) -> Any:
    # Not one of those who ask.
    return make_user(world.units[code], Role.CLERK, f"vanthu.hai@{code}.example".lower())


def _person(world: World, code: str) -> Mapping[str, Any]:
    return {"user_id": _clerk(world, code).pk}


def _asked_for_erasure(world: World, code: str) -> Mapping[str, Any]:
    clerk = _clerk(world, code)
    requests.ask(clerk, reason="")
    return {"user_id": clerk.pk}


def _switched_off(world: World, code: str) -> Mapping[str, Any]:
    clerk = _clerk(world, code)
    clerk.is_active = False
    clerk.save()
    return {"user_id": clerk.pk}


def _lent(world: World, _code: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    # As the compiler, who is the first to whom the page opens.
    seat = Assignment.objects.get(user=world.user("TC01", Role.COMPILER))
    day = timezone.localdate()
    return {
        "seat": seat.pk,
        "to": world.user("TC01", Role.TECHNICIAN).pk,
        "first_day": day.isoformat(),
        "last_day": (day + timedelta(days=5)).isoformat(),
    }


SEES = {"own": ALL, "child": "LO CO AU"}
"""Names and roles; who may not manage people sees no addresses (test_A4)."""

MANAGES = {"own": "LO CO FP", "child": "LO CO"}
ERASES = {"own": "LO", "child": "LO"}
# An operator makes owners and nobody else.
INVITES = {"own": "LO CO FP OP", "child": "LO CO"}
FORM = {"email": "nguoi.moi@coquan.example", "role": "CK", "last_day": ""}
PASSWORD = {
    "name": "Trần Thị Mới",
    "password": "con meo nho leo cay cau",
    "again": "con meo nho leo cay cau",
}

ROWS = (
    Row("rights:index", get=ALL),
    Row("rights:unit", make=_unit, get=SEES),
    Row("rights:invite", make=_unit, get=INVITES, post=INVITES, seen=SEES, data=FORM),
    Row("rights:send_again", make=_clerk_invited, get=None, post=MANAGES, seen=SEES),
    Row("rights:withdraw", make=_clerk_invited, get=None, post=MANAGES, seen=SEES),
    Row("rights:end", make=_clerks_role, get=MANAGES, post=MANAGES, seen=SEES),
    Row("rights:hand_over", get="CO FP SG CK", post="CO FP SG CK", data=_lent),
    Row("rights:person", make=_person, get=MANAGES, seen=SEES),
    Row("rights:new_link", make=_person, get=MANAGES, post=MANAGES, seen=SEES),
    Row("rights:switch_off", make=_person, get=MANAGES, post=MANAGES, seen=SEES),
    Row("rights:switch_on", make=_switched_off, get=MANAGES, post=MANAGES, seen=SEES),
    Row("rights:drop_factors", make=_person, get=MANAGES, post=MANAGES, seen=SEES),
    Row(
        "erasure",
        make=_asked_for_erasure,
        get=ERASES,
        post=ERASES,
        seen=SEES,
        data={"decision": "refuse", "answer": "Còn chiến dịch"},
    ),
    # Whoever holds the link may use it: that is what it is for.
    Row(
        "invitation",
        make=_link,
        get=EVERYWHERE,
        post=EVERYWHERE,
        data=PASSWORD,
        public=True,
        without_seat=200,
    ),
)
