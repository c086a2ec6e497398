"""Flows are told with the client first, joined of their halves, and never by a guessed template."""

import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quetsach.captures import netflow
from quetsach.captures.contract import UnreadReason
from quetsach.captures.netflow import NetFlow
from tests.captures.files import events_of
from tests.captures.flow_building import (
    CLIENT,
    FIELDS,
    NOON_S,
    PUBLIC,
    SERVER,
    UPTIME_MS,
    answer,
    data,
    flow,
    flow_set,
    packet_5,
    packet_9,
    packet_10,
    template,
)

DECODER = NetFlow()
LATER = (UPTIME_MS - 8_000, UPTIME_MS)
START_US = NOON_S * 1_000_000 - 9_000_000
ENDS = {
    "source.ip": CLIENT,
    "source.port": 51_544,
    "destination.ip": SERVER,
    "destination.port": 443,
    "network.transport": "tcp",
    "event.dataset": "flows.netflow",
    "event.type": "connection",
}


def flows_of(
    content: bytes, *beside: bytes
) -> tuple[list[dict[str, Any]], dict[UnreadReason, int]]:
    events, unread = events_of(DECODER, content, *beside)
    return [event for event in events if event["event.dataset"] != "flows.exporter"], unread


def named(event: dict[str, object], *names: str) -> list[object]:
    return [event.get(name) for name in names]


def test_version_5_tells_a_connection_of_both_directions() -> None:
    content = packet_5(answer(), flow())
    assert DECODER.recognise(content, "x.dat")
    (event, back_event), unread = events_of(DECODER, content)
    # The half that the server sent is there as well, and is no contact of its own.
    assert named(back_event, "event.dataset", "source.ip") == ["flows.answer", SERVER]
    assert event.items() >= ENDS.items()
    assert event["@timestamp"] == event["event.start"] == START_US + 250_000
    assert named(event, "source.bytes", "destination.bytes") == [517, 4_096]
    assert (event["event.outcome"], unread) == ("success", {})


def test_a_counter_that_ran_over_tells_the_past() -> None:
    (event,), _ = events_of(DECODER, packet_5(flow(times=((1 << 32) - 500, 600)), uptime=1_000))
    assert event["event.start"] == NOON_S * 1_000_000 + 250_000 - 1_500_000
    assert event["event.duration"] == 1_100_000_000


def test_version_9_reads_by_its_template() -> None:
    content = packet_9(template(256, FIELDS), data(256, flow(), flow(ports=(51_545, 443))))
    assert DECODER.recognise(content, "x.dat")
    events, unread = events_of(DECODER, content)
    assert events[0].items() >= ENDS.items()
    assert [event["source.port"] for event in events] == [51_544, 51_545]
    assert unread == {}


def test_packets_stand_one_behind_the_other_with_padding_at_the_end() -> None:
    content = packet_9(template(256, FIELDS)) + bytes(40)
    content += packet_9(data(256, flow())) + packet_5(flow())
    events, unread = events_of(DECODER, content + packet_10() + bytes(64))
    assert (len(events), unread) == (2, {})


def test_a_template_that_comes_later_is_used_and_one_of_another_domain_is_not() -> None:
    content = packet_9(data(256, flow())) + packet_9(template(256, FIELDS))
    assert len(events_of(DECODER, content)[0]) == 1
    other = packet_9(data(256, flow()), domain=2) + packet_9(template(256, FIELDS))
    assert flows_of(other) == ([], {UnreadReason.NO_TEMPLATE: 1})


@pytest.mark.parametrize("swapped", [False, True])
def test_a_template_of_a_file_beside_it_counts_for_the_same_exporter(swapped: bool) -> None:
    ours = packet_9(template(256, FIELDS), seconds=NOON_S - 60, uptime=UPTIME_MS - 60_000)
    turned = (FIELDS[1], FIELDS[0], *FIELDS[2:])
    others = packet_9(template(256, turned), uptime=UPTIME_MS + 500_000)
    beside = (others, ours) if swapped else (ours, others)
    (event,), unread = events_of(DECODER, packet_9(data(256, flow())), *beside)
    assert event["source.ip"] == CLIENT
    assert unread == {}
    assert events_of(DECODER, packet_9(data(256, flow())), others)[1] == {
        UnreadReason.NO_TEMPLATE: 1
    }


def test_ipfix_templates_that_contradict_each_other_are_not_guessed_at() -> None:
    fields = (*FIELDS[:7], (152, 8), (153, 8))
    values = (*flow()[:7], NOON_S * 1000, NOON_S * 1000)
    ours = packet_10(data(256, values, fields=fields))
    turned = (fields[1], fields[0], *fields[2:])
    first, second = (packet_10(template(256, each, version=10)) for each in (fields, turned))
    (event,), unread = events_of(DECODER, ours, first)
    assert (event["source.ip"], event["event.dataset"], unread) == (CLIENT, "flows.ipfix", {})
    assert flows_of(ours, first, second) == ([], {UnreadReason.TWO_TEMPLATES: 1})


def test_a_file_of_templates_alone_is_a_file_that_was_read() -> None:
    (event,), unread = events_of(DECODER, packet_9(template(256, FIELDS)))
    assert named(event, "@timestamp", "event.dataset") == [NOON_S * 1_000_000, "flows.exporter"]
    assert unread == {}


def test_options_tell_no_flow_and_are_no_loss() -> None:
    options = flow_set(1, struct.pack(">HHHHHHH", 257, 4, 4, 1, 4, 34, 4))
    content = packet_9(options, flow_set(257, bytes(16)), template(256, FIELDS), data(256, flow()))
    events, unread = events_of(DECODER, content)
    assert (len(events), unread) == (1, {})


def test_addresses_of_both_families_variable_fields_and_those_of_vendors() -> None:
    fields = (
        *((27, 16), (28, 16), (7, 2), (11, 2), (4, 1), (150, 4), (151, 4), (460, 0xFFFF)),
        *((5_951 << 16 | 141, 0xFFFF), (461, 0xFFFF), (9 << 16 | 8, 4)),
    )
    values: tuple[int | str | bytes, ...] = (
        *("2001:db8::41", "2001:db8:77::1", 40_000, 80, 6, NOON_S, NOON_S + 1),
        *(b"\x0bbad.example", b"\xff\x00\x03GET", b"\x02/x", 5),
    )
    body = template(300, fields, version=10) + data(300, values, fields=fields)
    (event,), unread = events_of(DECODER, packet_10(body))
    assert named(event, "source.ip", "url.domain", "url.full", "http.request.method") == [
        "2001:db8::41",
        "bad.example",
        "http://bad.example/x",
        "GET",
    ]
    assert unread == {}


def test_translations_join_halves_and_one_that_changes_nothing_is_none() -> None:
    fields = (*FIELDS, (225, 4), (226, 4), (227, 2), (228, 2))
    nowhere = "0.0.0.0"
    out = (*flow(), PUBLIC, nowhere, 40_112, 0)
    back = (*flow(SERVER, PUBLIC, ports=(443, 40_112), size=9), SERVER, CLIENT, 443, 51_544)
    same = (*flow(ports=(1_234, 80)), CLIENT, SERVER, 1_234, 80)
    content = packet_9(template(256, fields), data(256, out, back, same, fields=fields))
    events = [
        each for each in events_of(DECODER, content)[0] if "answer" not in each["event.dataset"]
    ]
    assert [event["destination.port"] for event in events] == [443, 80]
    joined, alone = events
    assert named(joined, "source.ip", "source.nat.ip", "source.nat.port", "destination.bytes") == [
        *(CLIENT, PUBLIC, 40_112, 9)
    ]
    assert not [name for name in (*joined, *alone) if name.startswith("destination.nat")]
    assert "source.nat.ip" not in alone


def test_a_firewall_that_denied_or_dropped_is_told_so() -> None:
    fields = (*FIELDS, (233, 1), (89, 1))
    rows = [
        (*flow(ports=(port, 443)), event, status)
        for port, event, status in (
            (1_001, 3, 0),
            (1_002, 1, 0x80),
            (1_003, 2, 0x40),
            (1_004, 0, 0),
        )
    ]
    events, _ = events_of(DECODER, packet_9(template(256, fields), data(256, *rows, fields=fields)))
    told = {
        e["source.port"]: named(e, "event.type", "event.outcome", "event.action") for e in events
    }
    assert told == {
        1_001: ["denied", "failure", "flow-denied"],
        1_002: ["denied", "failure", "flow-created"],
        1_003: ["connection", None, "flow-deleted"],
        1_004: ["connection", None, None],
    }


def test_a_record_of_both_directions_is_turned_where_it_says_so() -> None:
    fields = (*FIELDS[:7], (29_305 << 16 | 1, 4), (152, 8), (153, 8), (239, 1))
    times = (NOON_S * 1000, NOON_S * 1000 + 5)
    rows = [
        (*flow(SERVER, CLIENT, ports=(443, 51_544), size=9)[:7], 7, *times, turn) for turn in (1, 2)
    ]
    body = template(256, fields, version=10) + data(256, *rows, fields=fields)
    first, second = events_of(DECODER, packet_10(body))[0]
    assert named(first, "source.ip", "source.bytes", "destination.bytes") == [SERVER, 9, 7]
    assert named(second, "source.ip", "source.bytes", "destination.bytes") == [CLIENT, 7, 9]


def back(ports: tuple[int, int], **more: Any) -> tuple[int | str, ...]:
    return flow(SERVER, CLIENT, ports=ports, **more)


@pytest.mark.parametrize(
    ("halves", "joined"),
    [
        # Who sent the first packet began, whatever the ports.
        ((flow(ports=(20, 40_000)), back((40_000, 20), times=LATER)), CLIENT),
        # A later part of a long connection has no SYN; then the ports tell.
        ((flow(flags=0x18), answer(flags=0x18, later=-500)), CLIENT),
        ((flow(ports=(5_000, 6_000), flags=0x18), back((6_000, 5_000), flags=0x18)), None),
        # Hours apart the same ends are two connections.
        ((flow(), back((443, 51_544), times=(100, 200))), None),
    ],
)  # fmt: skip
def test_halves_are_joined_where_it_is_clear_who_began(
    halves: tuple[tuple[int | str, ...], ...], joined: str | None
) -> None:
    for order in (halves, halves[::-1]):
        events, _ = events_of(DECODER, packet_5(*order))
        datasets = sorted(event["event.dataset"] for event in events)
        assert ("flows.answer" in datasets) is (joined is not None)
        assert joined is None or events[0]["source.ip"] == joined


@pytest.mark.parametrize(
    ("half", "dataset"),
    [
        (flow(), "flows.netflow"),
        (flow(ports=(51_544, 8_443)), "flows.netflow"),
        (flow(ports=(2_000, 8_443), flags=0x02), "flows.netflow"),
        (flow(ports=(443, 51_544), flags=0x02), "flows.netflow"),
        (flow(protocol=1, ports=(0, 8 << 8)), "flows.netflow"),
        # What a server sent, or whoever it was, accuses nobody.
        (flow(ports=(443, 51_544)), "flows.half"),
        (flow(ports=(443, 51_544), flags=0x12), "flows.half"),
        (flow(ports=(8_443, 51_544), flags=0), "flows.half"),
        (flow(ports=(2_000, 8_443)), "flows.half"),
        (flow(protocol=17, ports=(123, 123)), "flows.half"),
        (flow(protocol=1, ports=(0, 0)), "flows.half"),
        (flow(protocol=47, ports=(0, 0)), "flows.half"),
    ],
)
def test_half_a_flow_tells_a_contact_only_where_it_shows_who_began(
    half: tuple[int | str, ...], dataset: str
) -> None:
    (event,), _ = events_of(DECODER, packet_5(half))
    assert named(event, "event.dataset", "source.ip") == [dataset, CLIENT]


def test_a_connection_that_nobody_answered_failed() -> None:
    (event,), _ = events_of(DECODER, packet_5(flow(flags=0x02)))
    assert event["event.outcome"] == "failure"
    (refused, _back), _ = events_of(DECODER, packet_5(flow(flags=0x02), answer(flags=0x14)))
    assert refused["event.outcome"] == "failure"


def test_a_flow_without_times_of_its_own_has_that_of_its_export_roughly() -> None:
    fields = FIELDS[:7]
    body = template(256, fields) + data(256, flow()[:7], fields=fields)
    (event,), _ = events_of(DECODER, packet_9(body))
    assert named(event, "@timestamp", "quetsach.time.rough", "event.start") == [
        *(NOON_S * 1_000_000, True, None)
    ]
    # Times a week behind the export are a fault of the exporter.
    (wrong,), _ = events_of(DECODER, packet_5(flow(times=(UPTIME_MS + 601_200_000,) * 2)))
    assert named(wrong, "@timestamp", "quetsach.time.rough") == [NOON_S * 1_000_000 + 250_000, True]


def test_a_record_without_two_addresses_is_counted() -> None:
    fields = ((56, 6), (80, 6), (1, 4))
    body = template(256, fields) + data(256, (1, 2, 3), fields=fields)
    assert flows_of(packet_9(body)) == ([], {UnreadReason.NO_ENDS: 1})


def test_ports_are_told_only_where_the_protocol_has_some() -> None:
    (event,), _ = events_of(DECODER, packet_5(flow(protocol=1, ports=(0, 771))))
    assert named(event, "network.transport", "source.port", "destination.port") == [
        "icmp",
        None,
        None,
    ]


@pytest.mark.parametrize(
    "content",
    [
        packet_5(flow())[:-1],
        packet_5(flow(), flow())[:80],
        packet_9(template(256, FIELDS), data(256, flow()))[:-9],
        packet_10(template(256, FIELDS, version=10), data(256, flow()))[:-3],
        packet_5(flow()) + b"\x00\x05nonsense that is long enough to be a packet of its own",
        packet_9(template(256, FIELDS), struct.pack(">HH", 256, 2)),
        packet_9(template(256, FIELDS), struct.pack(">HH", 77, 8) + bytes(4)),
    ],
)
def test_what_is_cut_off_or_damaged_is_told(content: bytes) -> None:
    _events, unread = events_of(DECODER, content)
    assert set(unread) <= {UnreadReason.CUT, UnreadReason.DAMAGED}
    assert unread


def test_templates_that_never_end_are_bounded() -> None:
    empty = flow_set(0, struct.pack(">HHHH", 256, 1, 8, 0))
    content = packet_9(
        empty, flow_set(256, bytes(1000)), flow_set(0, struct.pack(">HH", 257, 9_999))
    )
    assert flows_of(content)[0] == []


def test_a_file_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netflow, "MOST_BYTES", 10)
    assert events_of(DECODER, packet_5(flow()))[1] == {UnreadReason.TOO_LONG: 1}
    monkeypatch.setattr(netflow, "MOST_BYTES", 1_000)
    monkeypatch.setattr(netflow, "MOST_WAITING_BYTES", 10)
    assert events_of(DECODER, packet_9(data(256, flow())))[1] == {UnreadReason.NO_TEMPLATE: 1}


WHOLE = (
    packet_9(template(256, FIELDS), data(256, flow(), answer()))
    + packet_5(flow(), answer())
    + packet_10(template(300, ((8, 4), (12, 4), (460, 0xFFFF)), version=10))
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
def test_damaged_copies_never_raise(flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(WHOLE)
    for place, value in flips:
        damaged[place] = value
    DECODER.recognise(bytes(damaged), "x.dat")
    events, _ = events_of(DECODER, bytes(damaged), WHOLE)
    assert all("source.ip" in event or event["event.type"] == "info" for event in events)
