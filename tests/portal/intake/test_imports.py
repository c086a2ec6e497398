"""The page of imported logs: per log what each submission brought."""

import pytest
from django.test import Client

from quetsach_portal.intake import imports
from quetsach_portal.intake.models import PartChange, StreamPart, UnitStream
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.rows import make_done
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def _part(stream: UnitStream, world: World, change: PartChange, **figures: object) -> StreamPart:
    row = make_done(world, "TC01")
    path = "evidence/eve.json"
    return StreamPart.objects.create(
        stream=stream, submission=row, path=path, change=change, chain="c", digest="d", **figures
    )


@pytest.fixture
def stream(world: World) -> UnitStream:
    node = make_done(world, "TC01").node
    return UnitStream.objects.create(
        node=node, name="eve.json", kind="suricata.eve", head="h", chain="c", lines=40, sightings=15
    )


def test_each_time_is_told_with_what_was_known(
    world: World, stream: UnitStream, client: Client
) -> None:
    _part(stream, world, PartChange.NEW, sightings=5, new_sightings=5)
    _part(stream, world, PartChange.GROWN, sightings=10, new_sightings=5)
    _part(stream, world, PartChange.GROWN, sightings=15, new_sightings=5, is_proved=False)
    client.force_login(world.user("TC01", Role.FOCAL_POINT))
    page = client.get(f"/evidence/units/{stream.node_id}/imports").content.decode()
    assert "eve.json, lần thứ 3: 15 dấu vết, 10 đã có, 5 mới" in page
    assert "chưa so từng byte" in page
    assert "bị sửa" not in page
    _part(stream, world, PartChange.DIVERGED, sightings=15, new_sightings=1)
    page = client.get(f"/evidence/units/{stream.node_id}/imports").content.decode()
    assert "lần thứ 4: 15 dấu vết, 14 đã có, 1 mới" in page
    assert "Nhật ký này bị sửa hoặc hỏng" in page


def test_of_many_submissions_the_latest_are_shown(
    world: World, stream: UnitStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_PARTS", 2)
    parts = [_part(stream, world, PartChange.SAME) for _time in range(3)]
    (log,) = imports.with_parts(list(imports.streams_of(stream.node)))
    assert [(one.time, one.part.pk) for one in log.parts] == [(3, parts[2].pk), (2, parts[1].pk)]
    assert (log.more, log.has_diverged, log.parts[0].tone) == (1, False, "calm")
    assert log.parts[0].path == "eve.json"
