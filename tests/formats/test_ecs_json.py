"""ECS documents: what stands in the true form, and what only looks like it."""

import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.ecs_json import EcsJson

FORM = EcsJson()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CONTACT = {"source": {"ip": "10.20.3.41"}, "destination": {"ip": "203.0.113.77"}}


def read(document: dict[str, Any], *, ours: bool = False) -> dict[str, Any]:
    line = json.dumps(document).encode()
    rows = FORM.parse([(0, line)], replace(FORM.layout(line), ours=ours), ZONE)
    return dict(rows.events[0][1]) if rows.events else {}


@pytest.mark.parametrize(
    "document",
    [
        {"@timestamp": "2026-09-01T01:15:22Z", "message": "10.20.3.41 bad.example"},
        {"timestamp": "2026-09-01T01:15:22Z", "source.ip": "10.20.3.41"},
        {"@timestamp": "2026-09-01T01:15:22Z", "host": {"ip": "10.20.3.41"}},
        {"ts": 1788225322.1, "uid": "C1", "id.orig_h": "10.20.3.41"},
    ],
)
def test_a_document_without_contact_is_none(document: dict[str, Any]) -> None:
    assert not FORM.recognise(json.dumps(document).encode())


def test_the_writer_of_the_log_is_never_the_client() -> None:
    document = {
        "@timestamp": "2026-09-01T01:15:22Z",
        "observer": {"ip": "10.20.0.1", "mac": "00-17-A4-00-00-01", "name": "fw1"},
        "host": {"ip": ["10.20.0.2"], "mac": ["00-17-A4-00-00-02"], "name": "collector"},
        "agent": {"hostname": "collector"},
        "destination": {"ip": "203.0.113.77"},
    }
    event = read(document)
    assert event["observer.name"] == "fw1"
    assert not {"source.ip", "source.mac", "host.ip", "host.mac", "host.name"} & event.keys()


def test_fields_of_our_own_are_taken_from_our_decoders_alone() -> None:
    lease = {"quetsach.lease.act": "given", "host.ip": "10.20.3.41"}
    when = {"@timestamp": 1_788_225_322_000_000}
    decoded = {**when, **lease, "event.dataset": "pcap.dhcp"}
    assert "quetsach.lease.act" in read(decoded, ours=True)
    # A stranger's document that passes for one of ours tells nothing.
    assert read(decoded) == {}
    event = read({**when, **lease, **CONTACT, "event.dataset": "other.dhcp"})
    assert not {"quetsach.lease.act", "host.ip"} & event.keys()


def test_what_only_begins_like_one_of_ours_is_no_event() -> None:
    assert read({"event.dataset": ["pcap."]}, ours=True) == {}


def test_a_time_without_zone_is_utc_by_definition_and_no_zone_was_applied() -> None:
    event = read({"@timestamp": "2026-09-01 01:15:22", **CONTACT})
    assert event["@timestamp"] == 1_788_225_322_000_000
    # It would pass for a zone that was assumed, and make no device certain.
    assert "event.timezone" not in event


@pytest.mark.parametrize(
    ("event", "denied"),
    [
        ({"type": ["connection", "denied"]}, True),
        ({"type": "denied"}, True),
        ({"action": "blocked"}, True),
        ({"action": "firewall-rule-drop"}, True),
        ({"action": "allowed", "outcome": "success"}, False),
        ({"action": "tcp-reset"}, False),
        ({"action": "dropbox-upload"}, False),
    ],
)
def test_what_a_device_stopped_is_denied(event: dict[str, Any], denied: bool) -> None:
    found = read({"@timestamp": "2026-09-01T01:15:22Z", "event": event, **CONTACT})
    assert (found["event.type"] == "denied") is denied
    # That it was let through tells nothing of an answer.
    assert found.get("event.outcome") == ("failure" if denied else None)


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("source.port", "http"),
        ("source.port", 70_000),
        ("source.bytes", -1),
        ("dns.answers", {"a": {"b": 1}}),
        ("dns.answers", [[], {}, None]),
        ("destination.ip", ["203.0.113.77", 5]),
        ("event.start", "yesterday"),
        ("file.hash.md5", ["x"]),
        ("url.original", "\x00"),
        ("event.type", [{}]),
        ("network.forwarded_ip", {"a": 1}),
    ],
)
def test_odd_values_are_absent_and_never_raise(field: str, written: Any) -> None:
    event = read({"@timestamp": "2026-09-01T01:15:22Z", "source.ip": "10.20.3.41", field: written})
    assert event["source.ip"] == "10.20.3.41"


def test_deep_and_wide_documents_are_bounded() -> None:
    deep: dict[str, Any] = {"@timestamp": "2026-09-01T01:15:22Z", "source.ip": "10.20.3.41"}
    inner = deep
    for _ in range(200):
        inner["a"] = {}
        inner = inner["a"]
    assert read(deep)["source.ip"] == "10.20.3.41"
    wide = {"source.ip": "10.20.3.41", **{f"k{n}": n for n in range(10_000)}}
    assert read(wide)["source.ip"] == "10.20.3.41"


def test_the_hour_is_read_only_where_its_zone_is_clear() -> None:
    zoned = FORM.layout(
        b'{"@timestamp": "2026-09-01T01:15:22.1Z", "source.ip": "10.20.3.41"}'
    ).clock
    assert zoned is not None
    assert (zoned.needle, zoned.length, zoned.epoch) == (b'"@timestamp": "', 13, False)
    assert FORM.layout(b'{"@timestamp":"2026-09-01T01:15:22"}').clock is None
    number = FORM.layout(b'{"@timestamp":1788225322000000}').clock
    assert number is not None
    assert (number.needle, number.epoch) == (b'"@timestamp":', True)
