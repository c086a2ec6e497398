"""The copy holds what leads to the person, counts all of it, and nothing of others."""

import json

import pytest
from django.db import transaction

from quetsach_portal.audit.record import client_ip, record, shortened
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lifecycle.persons import copying
from quetsach_portal.lifecycle.persons.copying import person_copy, rule_of
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.world import World


@pytest.mark.django_db
def test_a_copy_is_plain_data_with_links_addresses_texts_and_trail(world: World) -> None:
    user = world.user("TC01", Role.COMPILER)
    other = world.user("TC02", Role.COMPILER)
    User.objects.filter(pk=user.pk).update(name="Đỗ Thị Bản Sao")
    user.refresh_from_db()
    enqueue("people.forget", key="x", payload={"told": [f"Gửi {user.name}", other.name]})
    for actor, network in ((other, "192.0.2.9"), (user, "198.51.100.7")):
        asked_from = client_ip.set(network)
        with transaction.atomic():
            record("user.enabled", actor=actor, kind="user", object_id=user.pk)
        client_ip.reset(asked_from)
    copy = json.loads(json.dumps(person_copy(user, with_texts=True)))
    entries = {entry["field"]: entry for entry in copy["rows"]}
    assert entries["people.Assignment.user"]["count"] == 1
    assert entries["people.Assignment.user"]["rule"] == "keep"
    assert entries["jobs.Job.payload"]["how"] == "text"
    assert user.name in entries["jobs.Job.payload"]["rows"][0]["text"]
    assert [(row["by_you"], row["network"]) for row in copy["trail"]] == [
        (False, ""),
        (True, shortened("198.51.100.7")),
    ]
    assert other.email not in json.dumps(copy)
    without = person_copy(user, with_texts=False)
    assert "jobs.Job.payload" not in {entry["field"] for entry in without["rows"]}
    assert (copy["texts_searched"], without["texts_searched"]) == (True, False)


@pytest.mark.django_db
def test_rows_beyond_the_bound_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "MOST_ROWS", 2)
    user = world.user("TC01", Role.COMPILER)
    for code in ("TC", "TC02", "TC01A"):
        Assignment.objects.create(user=user, unit=world.units[code], role=Role.CLERK)
    rows = person_copy(user, with_texts=False)["rows"]
    entry = next(row for row in rows if row["field"] == "people.Assignment.user")
    assert (entry["count"], len(entry["rows"])) == (4, 2)


def test_the_rule_is_that_of_the_retention_table() -> None:
    assert rule_of("people.User.name") == "keep"
    assert rule_of("cases.Handling.note").startswith("blank: the archiving")
    assert rule_of("files.StoredFile.name").startswith("delete: ")
