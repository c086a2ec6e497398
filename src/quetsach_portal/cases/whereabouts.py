"""Where the machine of a case stands, and whom to call about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.cases.models.case import Case
from quetsach_portal.looks.models import UnitMachine
from quetsach_portal.units.models import DeskRole, UnitContact

MOST_CONTACTS = 2


@dataclass(frozen=True)
class Callee:
    """Somebody to call. Shapes: `phone` as it was written, `dial` its digits for a tel: link."""

    who: str
    role: str
    phone: str
    dial: str


@dataclass(frozen=True)
class Whereabouts:
    """Shapes: `machine` is the row of the unit's own list, None where none or several fit."""

    machine: UnitMachine | None
    place: str
    asset_tag: str
    people: Sequence[Callee]


def whereabouts_of(case: Case) -> Whereabouts:
    """Return where the machine of `case` stands and who can be called. Cost: three queries."""
    machine = _machine_of(case)
    people = []
    if machine is not None and machine.phone:
        user = machine.user_role or _("the user of the machine")
        people.append(_callee(user, _("uses this machine"), machine.phone))
    for contact in _contacts_of(case):
        role = str(DeskRole(contact.role).label)
        people.append(_callee(contact.person or case.node.name_at_freeze, role, contact.phone))
    return Whereabouts(
        machine=machine,
        place=(machine.room if machine is not None else "") or case.device.place,
        asset_tag="" if machine is None else machine.asset_tag,
        people=[person for person in people if person.dial],
    )


def _callee(who: str, role: str, phone: str) -> Callee:
    return Callee(who, str(role), phone, re.sub(r"[^0-9+]", "", phone))


def _machine_of(case: Case) -> UnitMachine | None:
    """Return the one machine of the unit's list with the network card, else the name, of ours."""
    device = case.device
    mac = re.sub(r"[^0-9A-F]", "", device.mac.upper())
    names = {name.lower() for name in (device.host_name, device.label, device.key) if name}
    in_use = UnitMachine.objects.filter(unit_id=case.node.unit_id, ended_at=None)
    by_card, by_name = set(), set()
    for machine, root, macs, hostname, name in in_use.values_list(
        "pk", "same_as", "macs", "hostname", "name"
    ):
        if mac and mac in {word.replace("-", "") for word in macs}:
            by_card.add(root or machine)
        if names & {hostname.lower(), name.lower()}:
            by_name.add(root or machine)
    fitting = by_card or by_name
    return UnitMachine.objects.get(pk=fitting.pop()) if len(fitting) == 1 else None


def _contacts_of(case: Case) -> Sequence[UnitContact]:
    today = timezone.localdate()
    rows = UnitContact.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        unit_id=case.node.unit_id,
        valid_from__lte=today,
    ).exclude(phone="")
    # Who takes letters sits at a desk; a chairman is called last.
    order = {DeskRole.CLERK: 0, DeskRole.RECEIVER: 1, DeskRole.COMPILER: 2}
    ordered = sorted(rows.order_by("pk")[:20], key=lambda row: order.get(DeskRole(row.role), 3))
    return ordered[:MOST_CONTACTS]
