"""Evidence by a program: begun, sent off; once for each key, and for the own unit alone."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from quetsach_portal.api.tokens import make_token
from quetsach_portal.cases.models.case import Case
from quetsach_portal.intake.actions import make_case
from quetsach_portal.intake.models import Submission
from quetsach_portal.intake.submission_page import line_of
from quetsach_portal.people.models.roles import Role
from tests.portal.api.lists import publish
from tests.portal.intake import rows
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(world, tmp_path: Path) -> str:
    """A token of TC01 for everything, in a campaign with a release."""
    publish(world, tmp_path, "bad.example\n")
    return make_token(
        world.units["TC01"],
        name="kịch bản",
        scopes=["read", "evidence"],
        expires_on=timezone.localdate() + timedelta(days=5),
        actor=world.user("TC01", Role.FOCAL_POINT),
    )[1]


def hand_in(text: str, node, *, kind: str = "logs", key: uuid.UUID | None = None):
    asked = int((timezone.now() - timedelta(days=2)).timestamp())
    log = "\n".join(
        f"{asked + n}.000    12 10.1.1.7 TCP_MISS/200 512 GET http://bad.example/ - "
        "HIER_DIRECT/203.0.113.9 text/html"
        for n in range(5)
    )
    return Client().post(
        f"/api/v1/nodes/{node.pk}/submissions",
        {
            "kind": kind,
            "key": str(key or uuid.uuid4()),
            "file": SimpleUploadedFile("dns.log", log.encode()),
        },
        headers={"authorization": f"Bearer {text}"},
    )


def ask(text: str, address: str, *, post: bool = False):
    client = Client()
    send = client.post if post else client.get
    return send(f"/api/v1{address}", headers={"authorization": f"Bearer {text}"})


def test_a_log_handed_in_by_a_program_becomes_a_case(world, text) -> None:
    begun = hand_in(text, world.nodes["TC01"])
    assert begun.status_code == 201, begun.content
    number = begun.json()["id"]
    assert ask(text, f"/submissions/{number}/send", post=True).status_code == 200
    run_ready()
    done = ask(text, f"/submissions/{number}").json()
    assert (done["state"], done["devices"]) == ("done", 1)
    listed = ask(text, "/cases").json()["rows"]
    assert [one["device"]["addresses"] for one in listed] == [["10.1.1.7"]]
    detail = ask(text, f"/cases/{listed[0]['id']}").json()
    assert [one["shown"] for one in detail["findings"]] == ["bad.example"]
    assert Case.objects.count() == 1


def test_E4_the_same_key_hands_in_once(world, text) -> None:
    key = uuid.uuid4()
    first = hand_in(text, world.nodes["TC01"], key=key).json()
    assert hand_in(text, world.nodes["TC01"], key=key).json()["id"] == first["id"]
    assert Submission.objects.count() == 1


def test_A1_nothing_is_handed_in_for_another_unit(world, text) -> None:
    for code in ("TC", "TC02", "TC01A"):
        assert hand_in(text, world.nodes[code]).status_code == 404
    assert not Submission.objects.exists()


def test_what_is_refused_says_why(world, text) -> None:
    world.campaign.release_file = None
    world.campaign.save()
    answer = hand_in(text, world.nodes["TC01"])
    assert answer.status_code == 409
    assert answer.json()["detail"]
    assert hand_in(text, world.nodes["TC01"], kind="virus").status_code == 422


def test_a_token_for_reading_hands_in_nothing(world, text) -> None:
    reading = make_token(
        world.units["TC01"],
        name="đọc",
        scopes=["read"],
        expires_on=timezone.localdate() + timedelta(days=5),
        actor=world.user("TC01", Role.FOCAL_POINT),
    )[1]
    assert hand_in(reading, world.nodes["TC01"]).status_code == 403


def test_lines_to_look_at_are_told_with_the_case_that_a_person_made(world, text) -> None:
    row = rows.make_looked(world, "TC01")
    (line,) = ask(text, f"/submissions/{row.pk}/lines").json()
    assert (line["line"], line["case_id"]) == (rows.LOOK["line"], None)
    actor = world.user("TC01", Role.FOCAL_POINT)
    seen = line_of(row, line["number"])
    assert seen is not None
    case = make_case(row, seen.seen, machine="PC-1", reason="x", actor=actor)
    (line,) = ask(text, f"/submissions/{row.pk}/lines").json()
    assert line["case_id"] == case.pk
