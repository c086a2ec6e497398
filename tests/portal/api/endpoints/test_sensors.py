"""A watch reports with its own token, which opens nothing else."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.intake.models import Submission
from quetsach_portal.people.models.roles import Role
from quetsach_portal.planted import observing
from quetsach_portal.prints import from_watches
from quetsach_portal.sensors.models import Sensor, SensorSource
from tests.portal.api.asking import token_of
from tests.portal.api.lists import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(world, tmp_path: Path) -> str:
    """A token of TC01 for a watch, in a campaign with a release."""
    publish(world, tmp_path, "bad.example\n")
    return token_of(world, scopes=["watch"])[1]


def told(**more) -> dict:
    at = timezone.now().isoformat()
    source = {"source": "udp://10.0.0.5:514", "lines": 9, "bytes": 900, "form": None}
    return {"watch": str(uuid.uuid4()), "at": at, "sources": [source]} | more


def send(text: str, node, content, client: Client | None = None):
    return (client or Client()).post(
        f"/api/v1/nodes/{node.pk}/watch/heartbeat",
        content if isinstance(content, str) else json.dumps(content),
        content_type="application/json",
        headers={"authorization": f"Bearer {text}"},
    )


def fetch(text: str, address: str):
    return Client().get(address, headers={"authorization": f"Bearer {text}"})


def test_a_watch_finds_its_node_reports_and_fetches_the_list_it_is_told(world, text) -> None:
    node = world.nodes["TC01"]
    (known,) = fetch(text, "/api/v1/watch").json()["nodes"]
    assert (known["node"], known["unit"]) == (node.pk, node.name_at_freeze)
    answer = send(text, node, told())
    assert answer.status_code == 200
    told_back = answer.json()
    assert (told_back["node"], told_back["next_s"], told_back["questions"]) == (node.pk, 60, [])
    assert told_back["release"] == known["release"]
    row = SensorSource.objects.get()
    assert (row.source, row.lines, row.size) == ("udp://10.0.0.5:514", 9, 900)
    handed_out = fetch(text, told_back["release"]["address"])
    assert handed_out.status_code == 200
    assert b"bad.example" in b"".join(handed_out)


def test_its_token_opens_nothing_else(world, text) -> None:
    node = world.nodes["TC01"]
    for address in ("/campaigns", "/cases", "/submissions", f"/nodes/{node.pk}/imports"):
        assert fetch(text, f"/api/v1{address}").status_code == 403
    for kind, status in (("logs", 403), ("collector", 403), ("findings", 201)):
        sent = Client().post(
            f"/api/v1/nodes/{node.pk}/submissions",
            {
                "kind": kind,
                "key": str(uuid.uuid4()),
                "file": SimpleUploadedFile("findings.zip", b"PK\x05\x06" + bytes(18)),
            },
            headers={"authorization": f"Bearer {text}"},
        )
        assert sent.status_code == status, kind
    assert Submission.objects.count() == 1


def test_other_tokens_and_other_nodes_report_nothing(world, text) -> None:
    reading = token_of(world, scopes=["read", "evidence", "lists"])[1]
    assert send(reading, world.nodes["TC01"], told()).status_code == 403
    assert send(text, world.nodes["TC02"], told()).status_code == 404
    assert send("qs_nothing", world.nodes["TC01"], told()).status_code == 401
    compiler = token_of(world, "TC", Role.COMPILER, scopes=["watch"])[1]
    assert send(compiler, world.nodes["TC"], told()).status_code == 404
    assert not Sensor.objects.exists()


def test_messages_that_are_none_are_refused(world, text) -> None:
    node = world.nodes["TC01"]
    for content in ("", "[]", "{", '{"watch": 5}', json.dumps(told(at="soon"))):
        assert send(text, node, content).status_code in (400, 422), content
    assert send(text, node, told(name="x" * 300_000)).status_code == 413
    assert send(text, node, told(sources=[{"source": "a", "lines": "many"}])).status_code == 422
    nested = '{"watch": ' + "[" * 50_000 + "]" * 50_000 + "}"
    assert send(text, node, nested).status_code in (400, 422)
    assert not Sensor.objects.exists()


def test_a_watch_that_reports_all_the_time_is_told_to_wait(world, text) -> None:
    content = told()
    assert send(text, world.nodes["TC01"], content).status_code == 200
    assert send(text, world.nodes["TC01"], content).status_code == 200
    later = (timezone.now() + timedelta(seconds=1)).isoformat()
    refused = send(text, world.nodes["TC01"], content | {"at": later})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")


def test_answers_come_no_faster_than_heartbeats_do(world, text, monkeypatch) -> None:
    taken = []
    monkeypatch.setattr(from_watches, "take_answers", lambda *answer: taken.append(answer))
    content = told()
    for _time in range(3):
        assert send(text, world.nodes["TC01"], content).status_code == 200
    assert len(taken) == 1


def test_planted_names_come_no_faster_than_heartbeats_do(world, text, monkeypatch) -> None:
    taken = []
    monkeypatch.setattr(observing, "take_told", lambda _node, rows: taken.append(list(rows)))
    content = told(
        planted=[{"name": "x.planted.quetsach.example", "seen_at": told()["at"], "source": "x"}]
    )
    for _time in range(3):
        assert send(text, world.nodes["TC01"], content).status_code == 200
    assert [len(rows) for rows in taken] == [1]


def test_nothing_is_taken_once_the_campaign_is_over(world, text) -> None:
    world.campaign.state = CampaignState.CLOSED
    world.campaign.save()
    assert send(text, world.nodes["TC01"], told()).status_code == 409
    assert fetch(text, "/api/v1/watch").json() == {"nodes": []}
