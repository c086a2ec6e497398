"""A person is found by address and whole name, in any writing, and nobody else is."""

import unicodedata
from pathlib import Path

import pytest

from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lifecycle.persons.naming import (
    GONE,
    PersonNames,
    files_naming,
    named_person,
    rows_naming,
    without_person,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import OrgUnit
from tests.portal.world import World

PERSON = PersonNames(7, ("an.nguyen@xa.example",), "Nguyễn Thị Ẩn")


@pytest.mark.parametrize(
    "text",
    [
        "Do Nguyễn Thị Ẩn ký.",
        "NGUYỄN THỊ ẨN",
        "nguyễn  thị\nẩn",
        unicodedata.normalize("NFD", "bà Nguyễn Thị Ẩn, văn thư"),
        "<An.Nguyen@xa.example>",
        "mailto:an.nguyen@xa.example.",
    ],
)
def test_a_name_is_met_in_every_writing(text: str) -> None:
    assert PERSON.pattern.search(text)
    assert GONE in without_person(text, PERSON)
    assert not PERSON.pattern.search(without_person(text, PERSON))


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Thị Ẩnh",
        "Trường Nguyễn Thị",
        "xan.nguyen@xa.example",
        "an.nguyen@xa.example.org",
        "an.nguyen@xa.examples",
        "Nguyễn-Thị-Ẩn",
    ],
)
def test_a_longer_word_is_somebody_else(text: str) -> None:
    assert without_person(text, PERSON) == text


def test_only_the_person_goes_out_of_a_value() -> None:
    value = {"by": ["Nguyễn Thị Ẩn", "Trần Văn Bình"], "an.nguyen@xa.example": 3, "n": None}
    assert without_person(value, PERSON) == {"by": [GONE, "Trần Văn Bình"], GONE: 3, "n": None}


@pytest.mark.django_db
def test_a_name_that_could_be_another_ones_is_not_looked_for(world: World) -> None:
    user, other = world.user("TC01", Role.COMPILER), world.user("TC02", Role.COMPILER)
    user.name = "Lê Văn Tám"
    user.save()
    assert named_person(user).name == "Lê Văn Tám"
    other.name = "lê  văn TÁM"
    other.save()
    assert named_person(user).name == ""
    user.name = "Tám"
    user.save()
    assert named_person(user).name == ""
    assert named_person(user).emails == (user.email,)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["account", "contact", "unit", "past"])
def test_a_name_within_a_longer_one_of_another_is_not_looked_for(world: World, where: str) -> None:
    user, unit = world.user("TC01", Role.COMPILER), world.units["TC02"]
    user.name = "Nguyễn Minh"
    user.save()
    contacts = world.units["TC01"].contacts
    contacts.create(person="Bà Nguyễn Minh", mail="van-thu@xa.example")
    contacts.create(person="Nguyễn Minh - Chánh Văn phòng", phone="0900")
    contacts.create(person="Nguyễn Minh Châu", mail=user.email)
    unit.contacts.create(person="Nguyễn Minhh", phone="0901")
    assert named_person(user).name == "Nguyễn Minh"
    if where == "account":
        User.objects.filter(pk=world.user("TC02", Role.COMPILER).pk).update(name="Vũ Nguyễn  minh")
    elif where == "contact":
        contacts.create(person="Ông Nguyễn Minh Châu", phone="0902")
    elif where == "unit":
        OrgUnit.objects.filter(pk=unit.pk).update(name="Trường THCS Nguyễn Minh Châu")
    else:
        unit.names.create(
            full_name="Trạm Nguyễn Minh", valid_from="2001-01-01", valid_to="2002-01-01"
        )
    assert named_person(user).name == ""


@pytest.mark.django_db
def test_a_namesake_at_another_office_is_somebody_else(world: World) -> None:
    user = world.user("TC01", Role.COMPILER)
    user.name = "Nguyễn Minh"
    user.save()
    world.units["TC02"].contacts.create(person="Nguyễn Minh", phone="0900")
    assert named_person(user).name == ""


@pytest.mark.django_db
def test_rows_are_met_in_texts_and_in_json_of_every_database() -> None:
    said = ("bà Nguyễn Thị Ẩn", "NGUYỄN THỊ ẨN", "AN.NGUYEN@xa.example", "Nguyễn Thị Ánh")
    jobs = [enqueue("people.forget", key=f"x:{one}", payload={"to": [one]}) for one in said]
    for column in ("payload", "key"):
        rows = list(rows_naming(PERSON, Job, {column: Job._meta.get_field(column)}))
        assert [row_id for row_id, _value in rows] == [job.pk for job in jobs[:3]]


def test_files_are_read_whole_and_packed_ones_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files/note.txt").write_bytes(b"x" * (1 << 20) + "Nguyễn Thị Ẩn".encode())
    split = b"x" * ((1 << 20) - 5) + b"An.Nguyen@xa.example"
    (tmp_path / "files/border.log").write_bytes(split)
    (tmp_path / "files/other.txt").write_text("Nguyễn Thị Ánh")
    (tmp_path / "portal.sqlite3").write_text("Nguyễn Thị Ẩn")
    (tmp_path / "files/link").symlink_to(tmp_path / "files/note.txt")
    assert not list(files_naming(PersonNames(7, (), ""), tmp_path, lambda: pytest.fail("it reads")))
    assert [path.as_posix() for path in files_naming(PERSON, tmp_path)] == [
        "files/border.log",
        "files/note.txt",
    ]
