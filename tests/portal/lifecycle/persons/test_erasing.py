"""Who was erased is named nowhere but where the law keeps it, and the receipt says where."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break
from quetsach_portal.lifecycle.persons.copying import ADDRESSES, person_copy
from quetsach_portal.lifecycle.persons.erasing import erase, is_erased, preview
from quetsach_portal.lifecycle.persons.grounds import (
    ground_of,
    text_fields,
)
from quetsach_portal.lifecycle.persons.naming import GONE
from quetsach_portal.mail.models import MailPurpose, OutboxState
from quetsach_portal.mail.outbox import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import MailChoice, MailSort
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles import invitations
from quetsach_portal.people.roles.access import not_ended, running
from quetsach_portal.web.acts import Refused
from tests.portal.access import cases, followup
from tests.portal.letters import staged
from tests.portal.signing_in import signed_in
from tests.portal.world import World, make_user

NAME = "Trần Thị Trồng Cây"
MAIL = "trong.cay@coquan.example"
APPEND_ONLY = frozenset(
    {
        "reports.ReportVersion",
        "reports.ReportFigure",
        "reports.ReportInput",
        "reports.ReportEvent",
        "cases.CaseEvent",
        "audit.AuditEvent",
        "audit.ChainHead",
    }
)
TEXTS = [
    (name, model, field)
    for model, fields in text_fields().items()
    for name, field in fields.items()
]
STRUCTURE = ("jobs.Job.key", "mail.OutboxMail.key")


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.QUETSACH = replace(settings.QUETSACH, home=tmp_path)
    return tmp_path


@pytest.fixture
def person(world: World, home: Path) -> User:
    user = make_user(world.units["TC01"], Role.COMPILER, MAIL)
    User.objects.filter(pk=user.pk).update(name=NAME, phone_last4="1234")
    user.refresh_from_db()
    EmailAddress.objects.create(user=user, email=MAIL, verified=True, primary=True)
    return user


def columns_naming() -> set[tuple[str, str]]:
    """Return every column of the whole database, libraries too, in which a row names the person."""
    needles = [NAME, NAME.upper(), json.dumps(NAME)[1:-1], MAIL, MAIL.upper()]
    met = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    if any(needle in text for needle in needles):
                        met.add((table, name))
    return met


def column_names(stays: bool) -> Iterator[tuple[str, str]]:
    for name, model, field in TEXTS:
        if (ground_of(name) is not None) is stays:
            yield model._meta.db_table, field.column


def plant(world: World) -> set[str]:
    """Write name and address into every text that has a row; return these fields."""
    staged.contact(world.units["TC01"], MAIL, person=NAME, phone="0900")
    staged.released(world)
    for make in (followup._extension, followup._receipt, followup._paper, followup._evidence):
        make(world, "TC01")
    for make in (cases._handling, cases._own_alarm, cases._batch, cases._file):
        make(world, "TC01")
    planted = set()
    for name, model, field in TEXTS:
        if model._meta.label in APPEND_ONLY or field.unique or field.choices:
            continue
        first = model._base_manager.order_by("pk").first()
        room = field.max_length or 500
        if first is None or room < len(NAME) or name in STRUCTURE:
            continue
        value: object = f"Bà {NAME}, <{MAIL}>"[:room] if room > 60 else NAME
        if name in ADDRESSES:
            value = MAIL
        if isinstance(field, models.JSONField):
            value = {"said": [value]} if field.get_default() == {} else [value]
        # Some rows may have no such text at all, by a rule of the database.
        with suppress(IntegrityError), transaction.atomic():
            model._base_manager.filter(pk=first.pk).update(**{field.name: value})
            planted.add(name)
    return planted


@pytest.mark.django_db
def test_nothing_but_the_named_grounds_names_who_was_erased(person: User, world: World) -> None:
    planted = plant(world)
    assert len(planted) > 60
    before = preview(person)
    assert columns_naming() & set(column_names(stays=False)), "something was planted"
    copy = person_copy(person, with_texts=True)
    in_copy = {entry["field"] for entry in copy["rows"]}
    trail = {"audit.AuditEvent"}
    assert {name for name in planted if name.rpartition(".")[0] not in trail} <= in_copy
    receipt = erase(person, actor=world.user("TC", Role.LEAD_OWNER))
    assert columns_naming() <= set(column_names(stays=True))
    assert set(receipt.stays) == {name for name in planted if ground_of(name)} | {
        "audit.AuditEvent.actor" for _row in AuditEvent.objects.filter(actor=NAME)[:1]
    }
    # A mail that was to go to her is given up, whatever was noted of it.
    replaced = {name for name in planted if not ground_of(name)} - {"mail.OutboxMail.reply"}
    assert replaced <= receipt.erased.keys()
    assert before.stays == receipt.stays
    assert NAME not in json.dumps(receipt.as_json(), ensure_ascii=False)
    assert MAIL not in json.dumps(receipt.as_json())
    assert first_break() is None
    # Once more finds nothing more.
    person.refresh_from_db()
    assert preview(person).erased == {}


@pytest.mark.django_db
def test_the_account_keeps_its_number_and_lets_nobody_in(person: User, world: World) -> None:
    client = signed_in(person)
    assert client.get("/").status_code == 200
    MailChoice.objects.create(address=MAIL, sort=MailSort.DIGEST)
    mail = enqueue(MailPurpose.NEW_PASSWORD, person.pk, MAIL, key="x:1")
    invitations.invite(
        unit=world.units["TC02"], email=MAIL, role=Role.CLERK, last_day=None, actor=None
    )
    erase(person, actor=world.user("TC", Role.LEAD_OWNER))
    assert client.get("/").status_code == 302
    person.refresh_from_db()
    assert (person.name, person.phone_last4, person.is_active) == ("", "", False)
    assert is_erased(person)
    assert person.email == f"da-xoa-{person.pk}@erased.invalid"
    assert not person.has_usable_password()
    assert not running().filter(user=person).exists()
    assert not EmailAddress.objects.filter(user=person).exists()
    assert not MailChoice.objects.filter(address=MAIL).exists()
    mail.refresh_from_db()
    assert (mail.state, mail.to) == (OutboxState.FAILED, person.email)
    event = AuditEvent.objects.get(action="user.erased")
    assert NAME not in str(event.detail)


@pytest.mark.django_db
def test_roles_that_begin_later_end_too(person: User, world: World) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    later = Assignment.objects.create(
        user=person, unit=world.units["TC02"], role=Role.LEAD_OWNER, valid_from=tomorrow
    )
    erase(person, actor=None)
    later.refresh_from_db()
    assert later.valid_to == tomorrow
    assert not not_ended().filter(user=person).exists()


@pytest.mark.django_db
def test_a_contact_of_the_person_has_no_address_any_more(person: User, world: World) -> None:
    unit = world.units["TC01"]
    contact = staged.contact(unit, MAIL, person=NAME)
    unit.refresh_from_db()
    assert unit.is_reached
    receipt = erase(person, actor=None)
    contact.refresh_from_db()
    assert (contact.mail, contact.person) == ("", GONE)
    assert receipt.erased["units.UnitContact.mail"] == 1
    unit.refresh_from_db()
    assert not unit.is_reached


@pytest.mark.django_db
def test_the_last_owner_is_not_erased_and_nothing_is_half_done(world: World, home: Path) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    with pytest.raises(Refused, match="cuối cùng"):
        erase(owner, actor=None)
    owner.refresh_from_db()
    assert owner.is_active
    assert owner.name
    assert not AuditEvent.objects.filter(action="user.erased").exists()


@pytest.mark.django_db
def test_files_stay_and_are_counted_by_folder(person: User, world: World, home: Path) -> None:
    (home / "files").mkdir()
    (home / "files/log").write_text(f"user={MAIL}")
    (home / "findings").mkdir()
    (home / "findings/sheet.json").write_text(json.dumps({"by": NAME}, ensure_ascii=False))
    receipt = erase(person, actor=None)
    assert receipt.files == {"files": 1, "findings": 1}
    assert receipt.backups_kept == settings.QUETSACH.backups_kept
    assert GONE not in (home / "files/log").read_text()


@pytest.mark.django_db
def test_a_namesake_keeps_the_name(person: User, world: World) -> None:
    other = make_user(world.units["TC02"], Role.CLERK, "nguoi.khac@coquan.example")
    User.objects.filter(pk=other.pk).update(name=NAME)
    choice = staged.contact(world.units["TC02"], "nguoi.khac@coquan.example", person=NAME)
    receipt = erase(person, actor=None)
    assert not receipt.name_searched
    other.refresh_from_db()
    choice.refresh_from_db()
    assert (other.name, choice.person) == (NAME, NAME)
