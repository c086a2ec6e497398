"""Files of nfcapd, both layouts: the connection, its translation and its verdict."""

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.captures.contract import UnreadReason
from quetsach.captures.nfcapd import Nfcapd
from tests.captures.files import events_of
from tests.captures.nfcapd_building import (
    WHEN_MS,
    addresses,
    block,
    element,
    first_record,
    generic,
    new_file,
    old_file,
    old_map,
    old_record,
    record,
)

DECODER = Nfcapd()
CLIENT, SERVER, PUBLIC = "10.20.3.41", "203.0.113.77", "198.51.100.5"
OUT, BACK = (51_544, 443), (443, 51_544)
ENDS = {
    "@timestamp": WHEN_MS * 1000,
    "event.dataset": "flows.nfcapd",
    "source.ip": CLIENT,
    "source.port": 51_544,
    "destination.ip": SERVER,
    "destination.port": 443,
    "network.transport": "tcp",
}
OLD = old_file(
    [
        block(old_map(1, 5, 25) + old_record((CLIENT, SERVER), OUT, more=bytes(12))),
        block(old_record((SERVER, CLIENT), BACK, kind=1, size=4_096, late_ms=40, more=bytes(12))),
    ]
)
NEW = new_file(
    [
        block(record(generic(OUT), element(2, addresses(CLIENT, SERVER))), kind=3),
        block(
            record(generic(BACK, late_ms=40, size=4_096), element(2, addresses(SERVER, CLIENT))),
            kind=3,
        ),
        block(struct.pack("<HH", 0x8001, 4), kind=4),
    ]
)


FIRST = old_file([block(first_record((CLIENT, SERVER), OUT), kind=1)])


@pytest.mark.parametrize("content", [OLD, NEW], ids=["layout 1", "layout 2"])
def test_two_halves_are_a_connection(content: bytes) -> None:
    assert DECODER.recognise(content, "nfcapd.202609010815")
    (event, answer), unread = events_of(DECODER, content)
    assert event.items() >= ENDS.items()
    assert (answer["event.dataset"], answer["source.ip"]) == ("flows.answer", SERVER)
    assert (event["source.bytes"], event["destination.bytes"]) == (517, 4_096)
    assert (event["event.outcome"], unread) == ("success", {})


@pytest.mark.parametrize("marks", [0, 2, 4, 6])
@pytest.mark.parametrize("ends", [(CLIENT, SERVER), ("2001:db8:20::41", "2001:db8:99::77")])
def test_records_of_the_first_kind_of_blocks_are_read(marks: int, ends: tuple[str, str]) -> None:
    records = first_record(ends, OUT, marks=marks) + first_record(ends[::-1], BACK, marks=marks)
    (event, answer), unread = events_of(DECODER, old_file([block(records, kind=1, records=2)]))
    assert (
        event.items()
        >= {
            **ENDS,
            "source.ip": ends[0],
            "destination.ip": ends[1],
            "source.bytes": 517,
        }.items()
    )
    assert answer["event.dataset"] == "flows.answer"
    assert unread == {}
    assert events_of(DECODER, old_file([block(records[:-9], kind=1)]))[1] == {
        UnreadReason.DAMAGED: 1
    }


def test_a_block_of_unknown_kind_is_told() -> None:
    content = new_file([block(bytes(8), kind=1, records=3)])
    assert events_of(DECODER, content) == ([], {UnreadReason.VERSION: 3})


def test_addresses_of_ipv6_are_read() -> None:
    ends = ("2001:db8::41", "2001:db8:77::1")
    old = old_file([block(old_record(ends, OUT))])
    new = new_file([block(record(generic(OUT), element(3, addresses(*ends))), kind=3)])
    for content in (old, new):
        (event,), _ = events_of(DECODER, content)
        assert (event["source.ip"], event["destination.ip"]) == ends


def test_translations_and_denials_are_read() -> None:
    nat = struct.pack("<HH", 40_112, 443) + addresses(PUBLIC, SERVER)
    event_37 = bytes(14) + b"\x03" + bytes(5)
    old = old_file(
        [block(old_map(1, 38, 39, 37) + old_record((CLIENT, SERVER), OUT, more=nat + event_37))]
    )
    new = new_file(
        [
            block(
                record(
                    generic(OUT),
                    element(2, addresses(CLIENT, SERVER)),
                    element(21, addresses(PUBLIC, SERVER)),
                    element(23, struct.pack("<HH", 40_112, 443)),
                    element(20, struct.pack("<QIHBB", WHEN_MS, 1, 0, 3, 0)),
                ),
                kind=3,
            )
        ]
    )
    for content in (old, new):
        (event,), _ = events_of(DECODER, content)
        told = {"source.nat.ip": PUBLIC, "source.nat.port": 40_112, "event.type": "denied"}
        assert event.items() >= told.items()
        assert "destination.nat.ip" not in event


def test_an_event_of_a_firewall_tells_both_directions() -> None:
    elements = (
        generic(OUT),
        element(2, addresses(CLIENT, SERVER)),
        element(20, struct.pack("<QIHBB", WHEN_MS, 1, 0, 2, 0)),
        element(6, struct.pack("<QQQ", 1, 4, 900)),
    )
    (event,), _ = events_of(DECODER, new_file([block(record(*elements), kind=3)]))
    assert (event["destination.bytes"], event["event.outcome"]) == (900, "success")


def test_an_extension_of_unknown_length_hides_what_is_behind_it_alone() -> None:
    more = struct.pack("<HH", 1, 2) + b"????" + addresses(PUBLIC, SERVER)
    content = old_file(
        [block(old_map(1, 38, 99, 39) + old_record((CLIENT, SERVER), OUT, more=more))]
    )
    (event,), _ = events_of(DECODER, content)
    assert event.items() >= ENDS.items()
    assert "source.nat.ip" not in event


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (OLD[:-3], UnreadReason.CUT),
        (OLD + b"\x01\x00", UnreadReason.CUT),
        (OLD + struct.pack("<IIHH", 1, 1 << 30, 2, 0), UnreadReason.DAMAGED),
        (OLD + block(struct.pack("<HH", 10, 2)), UnreadReason.DAMAGED),
        (OLD + block(struct.pack("<HH", 10, 6) + b"ab"), UnreadReason.NO_ENDS),
        (NEW + block(record(generic(OUT)), kind=3), UnreadReason.NO_ENDS),
    ],
)
def test_damage_is_counted_and_what_precedes_it_is_read(
    content: bytes, reason: UnreadReason
) -> None:
    events, unread = events_of(DECODER, content)
    assert events
    assert unread == {reason: 1}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (new_file([], version=3), UnreadReason.VERSION),
        (new_file([], encrypted=1), UnreadReason.ENCRYPTED),
        (new_file([block(b"x", kind=3, records=7)], packing=9), UnreadReason.PACKED),
    ],
)
def test_what_cannot_be_read_at_all_is_told(content: bytes, reason: UnreadReason) -> None:
    assert DECODER.recognise(content, "x")
    events, unread = events_of(DECODER, content)
    assert (events, set(unread)) == ([], {reason})


@settings(deadline=None)
@given(
    st.sampled_from([OLD, NEW, FIRST]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=5),
)
def test_damaged_copies_never_raise(content: bytes, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(content)
    for place, value in flips:
        damaged[int(place * len(damaged))] = value
    DECODER.recognise(bytes(damaged), "x")
    found: list[dict[str, Any]] = events_of(DECODER, bytes(damaged))[0]
    assert all("source.ip" in event for event in found)
