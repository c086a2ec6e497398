"""The made-up people of a rehearsal: one for each role, and none has a password."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.rehearsals.copying import DOMAIN
from quetsach_portal.units.models import OrgUnit


@dataclass(frozen=True)
class MadeUpPerson:
    """Somebody as whom the rehearsal can be seen.

    Shapes: `key` is the part of the address before @; without `in_lead` the role is one in a unit
    at the bottom of the tree.
    """

    key: str
    role: Role
    in_lead: bool
    name: str
    title: Any


PEOPLE = (
    MadeUpPerson(
        "chu-tri-1", Role.LEAD_OWNER, True, "Chủ trì 1 (diễn tập)", _lazy("Campaign owner")
    ),
    MadeUpPerson(
        "chu-tri-2", Role.LEAD_OWNER, True, "Chủ trì 2 (diễn tập)", _lazy("Second campaign owner")
    ),
    MadeUpPerson("dau-moi", Role.FOCAL_POINT, False, "Đầu mối (diễn tập)", _lazy("Unit clerk")),
    MadeUpPerson(
        "ky-thuat",
        Role.TECHNICIAN,
        False,
        "Kỹ thuật viên (diễn tập)",
        _lazy("Technician of the unit"),
    ),
    MadeUpPerson(
        "thu-truong", Role.SIGNER, False, "Thủ trưởng (diễn tập)", _lazy("Head of the unit")
    ),
    MadeUpPerson(
        "lanh-dao", Role.SIGNER, True, "Lãnh đạo (diễn tập)", _lazy("Chief of the lead office")
    ),
    MadeUpPerson(
        "phan-tich",
        Role.LEAD_ANALYST,
        True,
        "Phân tích (diễn tập)",
        _lazy("Analyst of the lead office"),
    ),
    MadeUpPerson(
        "tong-hop", Role.COMPILER, True, "Tổng hợp (diễn tập)", _lazy("Compiler of the lead office")
    ),
    MadeUpPerson(
        "van-thu", Role.CLERK, True, "Văn thư (diễn tập)", _lazy("Records clerk of the lead office")
    ),
    MadeUpPerson(
        "kiem-tra", Role.AUDITOR, True, "Kiểm tra (diễn tập)", _lazy("Auditor of the lead office")
    ),
)
"""Who there is, in the order of the list to choose from."""

_BY_KEY = {person.key: person for person in PEOPLE}


def address_of(person: MadeUpPerson) -> str:
    """Return the e-mail address by which the account is found."""
    return f"{person.key}@{DOMAIN}"


def person_called(key: str) -> MadeUpPerson | None:
    """Return the person with this key, None where there is none."""
    return _BY_KEY.get(key)


def key_of(user: User) -> str:
    """Return which of the made-up people `user` is, "" for none of them."""
    key, _at, domain = user.email.partition("@")
    return key if domain == DOMAIN and key in _BY_KEY else ""


def account_of(person: MadeUpPerson) -> User:
    """Return the account of `person`. Errors: DoesNotExist outside a rehearsal."""
    return User.objects.get(email=address_of(person))


def shown_unit(campaign: Campaign) -> OrgUnit:
    """Return the unit whose pages are shown: one without units below it, as high as there is one.

    What the lead office sends goes to the units right below it.
    """
    bottom = CampaignNode.objects.filter(campaign=campaign, children__isnull=True)
    return bottom.select_related("unit").order_by("depth", "path")[0].unit


def make_people(campaign: Campaign) -> dict[str, User]:
    """Make the accounts with their roles; return them by their keys."""
    below = shown_unit(campaign)
    accounts: dict[str, User] = {}
    with transaction.atomic():
        for person in PEOPLE:
            user = User.objects.create_user(address_of(person), None, name=person.name)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            unit = campaign.lead_unit if person.in_lead else below
            Assignment.objects.create(user=user, unit=unit, role=person.role)
            accounts[person.key] = user
    return accounts
