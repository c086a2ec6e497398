"""People of the demo: made up, with passwords drawn anew each time."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from quetsach_portal.people.actions import open_account
from quetsach_portal.people.models import User
from quetsach_portal.rights.models import Assignment, Role
from quetsach_portal.units.demo import TOP
from quetsach_portal.units.models import Contact, OrgUnit

_SYLLABLES = (
    *("an", "bao", "binh", "cam", "chi", "dao", "dong", "duc", "giang", "ha", "hai", "hoa"),
    *("hong", "hue", "khanh", "kim", "lam", "lan", "lien", "linh", "long", "mai", "minh"),
    *("nam", "ngan", "ngoc", "nhan", "phong", "phuc", "quang", "sen", "son", "tam", "thanh"),
    *("thao", "thu", "tien", "trang", "tre", "tuan", "uyen", "van", "viet", "xuan", "yen"),
)
_WORDS = 6

LEADING = (
    (Role.LEAD_OWNER, "chutri1", "Phạm Thị Hòa"),
    (Role.LEAD_OWNER, "chutri2", "Lê Văn Tâm"),
    (Role.LEAD_ANALYST, "phantich", "Thạch Minh Sơn"),
    (Role.OPERATOR, "vanhanh", "Trần Quốc Bảo"),
    (Role.COMPILER, "tonghop", "Nguyễn Thị Mai"),
    (Role.CLERK, "vanthu", "Kim Thị Sa Rây"),
    (Role.SIGNER, "lanhdao", "Trần Thị Minh"),
    (Role.AUDITOR, "kiemtra", "Huỳnh Văn Lộc"),
)
"""Who sits in the district's committee; the second owner confirms what the first asks."""

_FAMILIES = ("Nguyễn", "Trần", "Thạch", "Lê", "Kim", "Phạm", "Sơn")
_GIVEN = (
    "Văn Hùng",
    "Thị Lan",
    "Minh Đức",
    "Thị Hạnh",
    "Quốc Việt",
    "Ngọc Ánh",
    "Thị Thu",
    "Văn Phúc",
)

SHOWN_UNIT = "TC17"
"""The commune whose people are shown first: it has machines to clean."""


@dataclass(frozen=True)
class Account:
    """Somebody of the demo, and the password that was drawn."""

    user: User
    role: Role
    unit: OrgUnit
    password: str


SIGNING = {"TC01": "Thạch Văn Út", SHOWN_UNIT: "Lâm Thị Sô Phia"}
"""Communes whose head signs in the portal, and what they are called."""


def make_accounts(units: Mapping[str, OrgUnit]) -> list[Account]:
    """Return the people of the demo: the district's, and a focal point for each unit below it."""
    found = [_account(units[TOP], *one) for one in LEADING]
    for place, (code, unit) in enumerate(units.items()):
        if code != TOP:
            name = f"{_FAMILIES[place % len(_FAMILIES)]} {_GIVEN[place % len(_GIVEN)]}"
            found.append(_account(unit, Role.FOCAL_POINT, f"dm.{code.lower()}", name))
    shown = units[SHOWN_UNIT]
    found.append(_account(shown, Role.TECHNICIAN, f"kt.{shown.code.lower()}", "Sơn Thị Ngọc"))
    for code, name in SIGNING.items():
        found.append(_account(units[code], Role.SIGNER, f"ct.{code.lower()}", name))
    for unit in units.values():
        Contact.objects.get_or_create(
            unit=unit,
            role="receiver",
            mail=f"vanthu.{unit.code.lower()}@tracu.example",
            defaults={"person": "Văn thư"},
        )
    return found


def of_role(accounts: list[Account], role: Role, code: str = TOP, *, place: int = 0) -> User:
    """Return the person with `role` in the unit `code`; `place` tells two of them apart."""
    return [one.user for one in accounts if one.role is role and one.unit.code == code][place]


def _account(unit: OrgUnit, role: Role, box: str, name: str) -> Account:
    password = "-".join(secrets.choice(_SYLLABLES) for _ in range(_WORDS))
    user = open_account(email=f"{box}@tracu.example", name=name, password=password)
    Assignment.objects.create(user=user, unit=unit, role=role)
    return Account(user, role, unit, password)
