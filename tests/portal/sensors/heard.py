"""Heartbeats of a watch, as its program sends them, and time that goes by between them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.sensors.heartbeats import take
from quetsach_portal.sensors.messages import read
from quetsach_portal.sensors.models import Sensor, SensorSource
from tests.portal.world import World

WATCH = UUID("5f7ad3c4-2f7b-4e51-9a47-0d6c1a6f0001")
SOURCE = "/var/log/suricata/eve.json"


def source(name: str = SOURCE, **more: Any) -> dict[str, Any]:
    """Return a source of a heartbeat, as the interface has read it."""
    now = timezone.now()
    return {
        "source": name,
        "file": name,
        "kind": "file",
        "form": "suricata.eve",
        "lines": 1000,
        "size": 374_000,
        "rate": 12.5,
        "lag_bytes": 0,
        "lag_s": 0.3,
        "last_read_at": now,
        "last_event_at": now,
        "received": 0,
        "dropped": {"kernel": 0, "spool": 0, "length": 0},
        "problems": [],
    } | more


def body(*sources: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a heartbeat, as the interface has read it."""
    return {
        "watch": WATCH,
        "name": "pc-giam-sat",
        "version": "0.1.0",
        "at": timezone.now(),
        "started_at": timezone.now() - timedelta(hours=3),
        "listed": {"release": None, "indicators": 12, "read_at": None, "problem": None},
        "sources": list(sources or [source()]),
        "sightings": 3,
        "devices": 1,
        "outbox": {"waiting": 0, "oldest_at": None, "refused": 0},
        "planted": [],
    } | more


def node_of(world: World, code: str = "TC01") -> CampaignNode:
    """Return the unit's node with what a heartbeat needs."""
    nodes = CampaignNode.objects.select_related("campaign__release_file", "unit")
    return nodes.get(pk=world.nodes[code].pk)


def heard(world: World, *sources: dict[str, Any], code: str = "TC01", **more: Any) -> Sensor:
    """Return the watch of a unit after one more heartbeat."""
    heartbeat = read(body(*sources, **more))
    sensor = take(node_of(world, code), heartbeat)
    return sensor or Sensor.objects.get(node=world.nodes[code], watch=heartbeat.watch)


def let_time_go_by(gone: timedelta) -> None:
    """Let all heartbeats so far have come so much earlier."""
    for row in Sensor.objects.all():
        Sensor.objects.filter(pk=row.pk).update(
            heard_at=row.heard_at - gone, sender_at=row.sender_at - gone
        )
    for source_row in SensorSource.objects.all():
        SensorSource.objects.filter(pk=source_row.pk).update(heard_at=source_row.heard_at - gone)


def at(text: str) -> datetime:
    """Return a moment of ISO 8601."""
    return datetime.fromisoformat(text)
