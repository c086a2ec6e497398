"""People of the demo, and the files of the made-up district as forms bring them."""

import gzip
import zipfile
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from quetsach_portal.demo_district.accounts import (
    NOT_OURS,
    SHOWN_UNIT,
    SIGNING,
    logs_of,
    make_accounts,
    of_role,
    ranges_of,
    table_of,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.demo import TOP
from quetsach_portal.units.models import UnitContact
from tests.portal.world import make_unit

UNITS = "code,folder,public\nTC01,01-mot,203.0.113.1\nTC02,02-hai,203.0.113.2\n"
NOTICES = "ip,timestamp\n203.0.113.2,2022-09-13 09:00:00\n"


@pytest.fixture
def district(tmp_path: Path) -> Path:
    """A district of two units on disk."""
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8-sig")
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices/canh-bao.csv").write_text(NOTICES, encoding="utf-8-sig")
    return tmp_path


@pytest.mark.django_db
def test_everybody_has_a_password_of_six_drawn_words() -> None:
    top = make_unit(TOP)
    units = {TOP: top} | {code: make_unit(code, top) for code in SIGNING}
    people = make_accounts(units)
    assert {person.role for person in people} == set(Role)
    passwords = [person.password for person in people]
    assert len(set(passwords)) == len(people)
    assert {len(password.split("-")) for password in passwords} == {6}
    assert all(person.user.check_password(person.password) for person in people)
    assert of_role(people, Role.LEAD_OWNER) != of_role(people, Role.LEAD_OWNER, place=1)
    assert of_role(people, Role.SIGNER, SHOWN_UNIT).name == SIGNING[SHOWN_UNIT]
    assert UnitContact.objects.count() == len(units)


@pytest.mark.django_db
def test_a_quick_hash_is_made_anew_with_all_rounds_at_the_first_sign_in(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    top = make_unit(TOP)
    person = make_accounts({TOP: top} | {code: make_unit(code, top) for code in SIGNING})[0]
    assert person.user.password.split("$")[1] == "10000"
    assert person.user.check_password(person.password)
    person.user.refresh_from_db()
    assert int(person.user.password.split("$")[1]) == PBKDF2PasswordHasher.iterations


def test_a_unit_gets_its_own_rows_of_a_table_of_the_district(district: Path) -> None:
    table = table_of(district, "units.csv", "code", "TC01")
    assert table.read().decode("utf-8-sig").splitlines() == [
        "code,folder,public",
        "TC01,01-mot,203.0.113.1",
    ]


def test_each_unit_has_its_public_address_and_one_is_of_none(district: Path) -> None:
    table = ranges_of(district).decode()
    assert table.splitlines()[:2] == ["unit,cidr", "TC01,203.0.113.1"]
    assert f"-,{NOT_OURS}\n" in table


def test_logs_are_packed_with_their_folders(tmp_path: Path) -> None:
    (tmp_path / "dns").mkdir()
    (tmp_path / "dns/query.log").write_bytes(b"a line\n")
    packed = gzip.compress(b"a line\n" * 9)
    (tmp_path / "whole.log.gz").write_bytes(packed)
    (tmp_path / "cut.log.gz").write_bytes(packed[:-9])
    with zipfile.ZipFile(logs_of(tmp_path)) as archive:
        assert archive.namelist() == ["dns/query.log", "whole.log.gz"]
        assert archive.read("dns/query.log") == b"a line\n"
