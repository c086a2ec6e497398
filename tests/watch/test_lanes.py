"""Lanes of a flood: by key and client, each once an hour; where no client is seen, by the key."""

import pytest

from quetsach.sieve.contract import LineClock
from quetsach.watch import lanes
from quetsach.watch.lanes import Lanes, client_in

_EVE = LineClock(client=b'"src_ip":"')


def test_each_client_of_a_key_has_a_lane_of_its_own() -> None:
    known = Lanes()
    known.begin(1000.0)
    first = known.of_line((7,), b"10.0.0.1")
    assert first is not None
    assert known.of_line((7,), b"10.0.0.1") is None, "met in the same look"
    second = known.of_line((7,), b"10.0.0.2")
    assert second is not None
    assert second.rank > first.rank
    other = known.of_line((8,), b"10.0.0.1")
    assert other is not None
    assert other.rank == first.rank, "a rare key goes before a loud one"


def test_a_lane_that_was_told_is_left_alone_for_an_hour() -> None:
    known = Lanes()
    for now_s, is_open in ((1000.0, True), (1001.0, False), (4599.0, False), (4601.0, True)):
        known.begin(now_s)
        line = known.of_line((7,), b"10.0.0.1")
        assert (line is not None) is is_open, now_s
        known.read(line.lanes if line else (), is_told=True)


def test_a_line_without_a_sighting_closes_its_lane_for_a_moment_only() -> None:
    known = Lanes()
    for now_s, is_open in ((1000.0, True), (1009.0, False), (1011.0, True)):
        known.begin(now_s)
        line = known.of_line((7,), b"10.0.0.1")
        assert (line is not None) is is_open, now_s
        known.read(line.lanes if line else (), is_told=False)


def test_without_a_client_a_few_lines_a_second_of_a_key_are_read() -> None:
    known = Lanes()
    for now_s in (1000.0, 1001.0):
        known.begin(now_s)
        lines = [known.of_line((7,), b"") for _ in range(100)]
        assert sum(line is not None for line in lines) == lanes.MOST_OF_A_KEY


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_LANES", 2)
    known = Lanes()
    known.begin(1000.0)
    for client in (b"10.0.0.1", b"10.0.0.2", b"10.0.0.3"):
        line = known.of_line((7,), client)
        assert line is not None
        known.read(line.lanes, is_told=True)
    known.begin(1001.0)
    again = [known.of_line((7,), client) for client in (b"10.0.0.2", b"10.0.0.3", b"10.0.0.1")]
    assert [line is not None for line in again] == [False, False, True]


@pytest.mark.parametrize(
    ("line", "form", "clock", "client"),
    [
        (b'{"dest_ip":"10.1.0.53","src_ip":"10.0.0.7","x":1}', "suricata-eve", _EVE, b"10.0.0.7"),
        (b'{"src_ip":"2001:db8::7"}', "suricata-eve", _EVE, b"2001:db8::7"),
        (b'{"host":"bad.example"}', "suricata-eve", _EVE, b""),
        (b"Nov 30 08:15:22 ns query[A] bad.example from 10.0.0.7", "dnsmasq", None, b"10.0.0.7"),
        (b"08:15:22 IP6 2001:db8::7 > x", "unknown", None, b"2001:db8::7"),
        (b"f 2001:db8:0:0:0:0:0:7 via 10.0.0.53", "u", None, b"10.0.0.53 2001:db8:0:0:0:0:0:7"),
        (b"aa:bb:cc:dd:ee:ff 192.0.2.300x nobody", "unknown", None, b""),
        (b"10.0.0.1 to 10.0.0.2 by 10.0.0.3", "unknown", None, b"10.0.0.1 10.0.0.2"),
        (
            b"2026-11-30T08:15:22.123456+07:00 10.0.0.53 <30>Nov 30 08:15:22 query from 10.0.0.7",
            "received",
            None,
            b"10.0.0.7",
        ),
    ],
)
def test_the_client_is_read_cheaply(
    line: bytes, form: str, clock: LineClock | None, client: bytes
) -> None:
    assert client_in(line, form, clock) == client
