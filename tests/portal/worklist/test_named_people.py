"""People in the search: who finds whom, and what it writes into the trail."""

from collections.abc import Callable

import pytest
from django.test import Client

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.units.models import UnitContact
from quetsach_portal.worklist import named_people
from quetsach_portal.worklist.named_people import people_named
from quetsach_portal.worklist.search import SearchEntry, results_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db

SignIn = Callable[[str, Role], Client]
NOTHING = "Không tìm thấy trong phạm vi của bạn."


def hits(world: World, code: str, role: Role, words: str) -> list[SearchEntry]:
    results = results_of(scope_of(world.user(code, role)), words)
    return [hit for group in results.groups for hit in group.hits]


def titles(world: World, code: str, role: Role, words: str) -> list[str]:
    return [hit.title for hit in hits(world, code, role, words)]


def test_people_are_found_where_they_may_be_seen_and_it_is_recorded_without_words(
    world: World, client_of: SignIn
) -> None:
    person = world.user("TC01", Role.FOCAL_POINT)
    person.name = "Trần Thị Đỗ Quyên"
    person.save()
    client = client_of("TC", Role.COMPILER)
    assert AuditEvent.objects.filter(action="search.people").count() == 0
    assert "Trần Thị Đỗ Quyên" in client.get("/find/?q=do quyen").content.decode()
    event = AuditEvent.objects.get(action="search.people")
    assert event.detail == {"shown": [f"user:{person.pk}"]}
    assert "Đỗ Quyên" not in client_of("TC02", Role.COMPILER).get("/find/?q=quyen").content.decode()
    assert AuditEvent.objects.filter(action="search.people").count() == 1


def test_contacts_are_shown_to_whom_the_register_shows_them(world: World) -> None:
    UnitContact.objects.create(unit=world.units["TC01"], person="Kim Sa Rây", mail="a@b.example")
    for words in ("sa ray", "A@b.example"):
        assert titles(world, "TC", Role.LEAD_OWNER, words) == ["Kim Sa Rây"]
        assert titles(world, "TC01", Role.FOCAL_POINT, words) == ["Kim Sa Rây"]
        for code, role in (("TC", Role.AUDITOR), ("TC01", Role.TECHNICIAN), ("KH", Role.COMPILER)):
            assert titles(world, code, role, words) == []


def test_of_many_people_names_are_found_as_they_are_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.user("TC01", Role.FOCAL_POINT)
    person.name = "Đặng Văn Út"
    person.save()
    monkeypatch.setattr(named_people, "MOST_FOLDED", 0)
    scope = scope_of(world.user("TC", Role.COMPILER))
    assert [one.name for one in people_named(scope, "đặng văn", most=5)] == ["Đặng Văn Út"]
