"""The page of watches, and the stream that keeps it up to date."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.sensors.models import SensorHour, SensorTrouble
from quetsach_portal.web import event_stream
from tests.portal.sensors.heard import heard, source
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def client(world: World, code: str = "TC01", role: Role = Role.FOCAL_POINT) -> Client:
    return signed_in(world.user(code, role))


def test_a_unit_reads_its_sources_and_what_to_do(world: World) -> None:
    sensor = heard(world, source("<b>/var/log/eve.json"))
    SensorTrouble.objects.create(
        node=sensor.node, sensor=sensor, kind="list", facts={"code": "E506"}
    )
    text = client(world).get("/sensors/").content.decode()
    assert "&lt;b&gt;/var/log/eve.json" in text
    assert "E506" in text
    assert "suricata.eve" in text
    assert "data-live=" in text
    assert "<script>" not in text


def test_an_office_above_reads_how_it_is_and_no_place(world: World) -> None:
    heard(world, source("udp://10.0.0.5:514"))
    text = client(world, "TC", Role.LEAD_OWNER).get("/sensors/").content.decode()
    assert world.nodes["TC01"].name_at_freeze in text
    assert "10.0.0.5" not in text
    assert "pc-giam-sat" not in text


def test_without_a_watch_the_page_says_how_to_begin(world: World) -> None:
    answer = client(world).get("/sensors/")
    assert answer.status_code == 200
    assert "quetsach watch" in answer.content.decode()


def test_the_stream_tells_the_part_that_changes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "MOST_PIECES", 2)
    monkeypatch.setattr(event_stream, "close_old_connections", lambda: None)
    heard(world)
    answer = client(world).get("/sensors/live")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    first, second = list(answer)
    part = json.loads(first.decode().split("data: ")[1])
    assert "suricata.eve" in part
    assert "<html" not in part
    assert second == b": as before\n\n"


def test_the_figures_of_a_source_open_to_its_hours(world: World) -> None:
    sensor = heard(world, source("<b>eve"), source("/log/b"))
    first = sensor.sources.get(source="<b>eve")
    hour = timezone.now().replace(minute=0)
    SensorHour.objects.create(source=first, hour=hour, covered_s=1800, lines=4321, dropped=77)
    address = f"/sensors/sources/{first.pk}/"
    assert address in client(world).get("/sensors/").content.decode()
    text = client(world).get(address).content.decode()
    assert "&lt;b&gt;eve" in text
    assert "4.321" in text
    assert ">77<" in text
    text = client(world, "TC", Role.LEAD_ANALYST).get(address).content.decode()
    assert "4.321" in text
    assert "eve" not in text
    assert client(world, "TC02").get(address).status_code == 404
