"""People of the demo with passwords drawn anew, and the made-up district on disk."""

import csv
import gzip
import io
import secrets
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.contrib.auth.hashers import get_hasher
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.people.actions import open_account
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.units.demo import TOP
from quetsach_portal.units.models import OrgUnit, UnitContact

_SYLLABLES = (
    *("an", "bao", "binh", "cam", "chi", "dao", "dong", "duc", "giang", "ha", "hai", "hoa"),
    *("hong", "hue", "khanh", "kim", "lam", "lan", "lien", "linh", "long", "mai", "minh"),
    *("nam", "ngan", "ngoc", "nhan", "phong", "phuc", "quang", "sen", "son", "tam", "thanh"),
    *("thao", "thu", "tien", "trang", "tre", "tuan", "uyen", "van", "viet", "xuan", "yen"),
)
_WORDS = 6
_ROUNDS = 10_000
"""Of hashing the demo's own passwords, drawn words of which nobody uses one elsewhere; at the first
sign-in Django hashes such a password anew with as many rounds as any other."""

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

NOT_OURS = "203.0.113.200"
"""The demo's authority names this address by mistake."""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo, and the password that was drawn."""

    user: User
    role: Role
    unit: OrgUnit
    password: str


SIGNING = {"TC01": "Thạch Văn Út", SHOWN_UNIT: "Lâm Thị Sô Phia"}
"""Communes whose head signs in the portal, and what they are called."""


def make_accounts(units: Mapping[str, OrgUnit]) -> list[DemoPerson]:
    """Return the people of the demo: the district's, and a focal point for each unit below it."""
    people = [_account(units[TOP], *one) for one in LEADING]
    for place, (code, unit) in enumerate(units.items()):
        if code != TOP:
            name = f"{_FAMILIES[place % len(_FAMILIES)]} {_GIVEN[place % len(_GIVEN)]}"
            people.append(_account(unit, Role.FOCAL_POINT, f"dm.{code.lower()}", name))
    shown = units[SHOWN_UNIT]
    people.append(_account(shown, Role.TECHNICIAN, f"kt.{shown.code.lower()}", "Sơn Thị Ngọc"))
    for code, name in SIGNING.items():
        people.append(_account(units[code], Role.SIGNER, f"ct.{code.lower()}", name))
    for number, unit in enumerate(units.values(), 1):
        UnitContact.objects.get_or_create(
            unit=unit,
            role="receiver",
            mail=f"vanthu.{unit.code.lower()}@tracu.example",
            # An exchange that does not exist.
            defaults={"person": "Văn thư", "phone": f"0294 0000 {number:03}"},
        )
    return people


def of_role(accounts: list[DemoPerson], role: Role, code: str = TOP, *, place: int = 0) -> User:
    """Return the person with `role` in the unit `code`; `place` tells two of them apart."""
    return [one.user for one in accounts if one.role is role and one.unit.code == code][place]


def _account(unit: OrgUnit, role: Role, box: str, name: str) -> DemoPerson:
    password = "-".join(secrets.choice(_SYLLABLES) for _ in range(_WORDS))
    user = open_account(email=f"{box}@tracu.example", name=name, password=None)
    user.password = _hashed(password)
    user.save(update_fields=["password"])
    Assignment.objects.create(user=user, unit=unit, role=role)
    return DemoPerson(user, role, unit, password)


def _hashed(password: str) -> str:
    hasher = get_hasher()
    few = {"iterations": _ROUNDS} if hasattr(hasher, "iterations") else {}
    encoded: str = hasher.encode(password, hasher.salt(), **few)
    return encoded


def write_district(folder: Path, week: date) -> Path:
    """Write the demo's logs, lists, letter and tables of that week into `folder`; return it."""
    command = [sys.executable, "-P", "-m", "quetsach", "demo", "--out", str(folder)]
    subprocess.run([*command, "--week", week.isoformat()], check=True, stdout=subprocess.DEVNULL)
    return folder


def upload(path: Path, name: str = "") -> SimpleUploadedFile:
    """Return the file at `path` as a form brings it."""
    return SimpleUploadedFile(name or path.name, path.read_bytes())


def folders_of_units(district: Path) -> dict[str, Path]:
    """Return where the logs of each unit lie, by its code."""
    rows = _rows(district / "units.csv")
    return {row["code"]: district / "evidence" / row["folder"] for row in rows}


def logs_of(folder: Path) -> SimpleUploadedFile:
    """Return all logs below `folder` in one ZIP, as somebody would pack them.

    A packed log that was cut short is left out: with it the portal refuses the whole ZIP (P106).
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not _is_cut(path):
                archive.write(path, path.relative_to(folder).as_posix())
    return SimpleUploadedFile("nhat-ky.zip", packed.getvalue())


def _is_cut(path: Path) -> bool:
    if path.suffix != ".gz":
        return False
    try:
        gzip.decompress(path.read_bytes())
    except EOFError:
        return True
    return False


def table_of(district: Path, table: str, column: str, code: str) -> SimpleUploadedFile:
    """Return the rows of one unit out of a table of the whole district, as CSV."""
    rows = [row for row in _rows(district / table) if row[column] == code]
    return _as_csv(table, rows)


def ranges_of(district: Path) -> bytes:
    """Return the units' public addresses as a table of ranges, with one that is of none of them."""
    rows = [f"{row['code']},{row['public']}" for row in _rows(district / "units.csv")]
    return "\n".join(["unit,cidr", *rows, f"-,{NOT_OURS}", ""]).encode()


def _as_csv(name: str, rows: list[dict[str, str]]) -> SimpleUploadedFile:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode("utf-8-sig"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
