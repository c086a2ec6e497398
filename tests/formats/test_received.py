"""Messages that a watch received: the sender's own words, our time, and nobody forged."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.clocks import MICROSECONDS
from quetsach.formats.contract import HEAD_BYTES, Format
from quetsach.formats.line_forms import line_forms
from quetsach.formats.received import Received, received_line, split_received
from quetsach.formats.registry import MIXED, by_name, recognise
from tests.formats.golden import CASES, TAKEN_US
from tests.whole import todays_share

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
STAMP = b"2026-01-01T00:00:30.000000+07:00"
ASKED = b"dnsmasq[311]: query[A] bad.example from 10.20.3.41"


def us(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    moment = datetime(year, month, day, hour, minute, second, tzinfo=ZONE)
    return int(moment.timestamp()) * MICROSECONDS


def event_of(original: bytes, stamp: bytes = STAMP, sender: str = "10.0.0.1") -> dict[str, Any]:
    line = received_line(stamp, sender, original)
    form = Received()
    rows = form.parse([(0, line[:-1])], form.layout(line), ZONE)
    return dict(rows.events[0][1])


@pytest.mark.parametrize(
    ("head", "when"),
    [
        (b"<30>Dec 31 23:59:58 gw1 ", us(2025, 12, 31, 23, 59, 58)),
        # A clock that is ahead by a moment, over the end of the year.
        (b"<30>Jan  1 00:01:00 gw1 ", us(2026, 1, 1, 0, 1)),
        # A device that logs in UTC.
        (b"<30>Dec 31 17:00:29 gw1 ", us(2026, 1, 1, 0, 0, 29)),
        # One whose clock is wrong: nothing is told before it happens.
        (b"<30>Jan  1 04:00:00 gw1 ", us(2026, 1, 1, 0, 0, 30)),
        (b"<30>", us(2026, 1, 1, 0, 0, 30)),
        (b"<30>1 2025-12-31T09:00:00Z gw1 dnsmasq 311 - - ", us(2025, 12, 31, 16)),
    ],
)
def test_a_message_is_dated_by_when_it_came(head: bytes, when: int) -> None:
    event = event_of(head + ASKED)
    assert event["@timestamp"] == when
    assert "event.timezone" not in event
    assert event["source.ip"] == "10.20.3.41"


def test_a_message_that_waited_on_its_way_keeps_its_time_and_its_doubt() -> None:
    event = event_of(b"<30>Dec 30 10:00:00 gw1 " + ASKED)
    assert event["@timestamp"] == us(2025, 12, 30, 10)
    assert event["event.timezone"] == "Asia/Ho_Chi_Minh"


def test_who_names_no_host_is_the_sender() -> None:
    assert event_of(b"<30>" + ASKED)["observer.name"] == "10.0.0.1"
    assert event_of(b"<30>Jan  1 00:00:00 gw1 " + ASKED)["observer.name"] == "gw1"
    assert event_of(b"<30>" + ASKED, sender="2001:db8::1")["observer.name"] == "2001:db8::1"
    assert event_of(b'{"a": 1}', sender="10.0.0.9")["observer.name"] == "10.0.0.9"


def test_a_sender_cannot_write_a_line_of_another_one() -> None:
    forged = b"<13>hello\n2026-01-01T00:00:00.000000+07:00 10.9.9.9 <30>" + ASKED + b"\n"
    line = received_line(STAMP, "10.0.0.66", forged)
    assert line.count(b"\n") == 1
    assert split_received(line[:-1]).sender == "10.0.0.66"  # type: ignore[union-attr]
    assert event_of(forged, sender="10.0.0.66")["observer.name"] == "10.0.0.66"


def test_what_would_break_the_line_is_written_out_and_no_word_becomes_another() -> None:
    line = received_line(STAMP, "10.0.0.1", b"<13>a\0bad.example\r\n\tb\x1b[0m\r\n\0")
    assert line == STAMP + b" 10.0.0.1 <13>a#000 bad.example#015 #012 \tb#033 [0m\n"
    several = b'<13>{\n "timestamp": "2026-01-01T00:00:29.000000+0700",'
    several += b'\n "event_type": "dns",\n "src_ip": "10.20.3.41",\n'
    several += b' "dns": {"type": "query", "rrname": "bad.example"}\n}'
    assert event_of(several)["dns.question.name"] == "bad.example"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"2026-01-01T00:00:30 10.0.0.1 <13>without a zone",
        b"2026-13-01T00:00:30Z 10.0.0.1 <13>no such month",
        b"2026-01-01T00:00:30Z 10.0.0.999 <13>no address",
        b"2026-01-01T00:00:30Z ::: <13>no address",
        b"2026-01-01T00:00:30Z 10.0.0.1",
    ],
)
def test_what_is_no_received_line_is_none(line: bytes) -> None:
    assert split_received(line) is None


def test_a_relays_own_file_keeps_its_form() -> None:
    relayed = b"2026-09-01T08:15:22.104233+07:00 10.0.0.1 dnsmasq[311]: started\n" * 5
    assert recognise(relayed).name != "received"
    assert recognise(relayed.replace(b"0.0.1 ", b"0.0.1 <30>")).name == "received"


def test_the_client_and_not_the_sender_is_alive_where_one_form_prevails() -> None:
    eve = b'<13>{"timestamp":"2026-01-01T00:00:29.000000+0700","event_type":"dns",'
    eve += (
        b'"src_ip":"10.20.3.41","dest_ip":"10.0.0.53","dns":{"type":"query","rrname":"a.example"}}'
    )
    line = received_line(STAMP, "10.0.0.1", eve)
    clock = Received().layout(line * 3).clock
    assert clock is not None
    assert clock.client == b'"src_ip":"'
    mixed = Received().layout(line + received_line(STAMP, "10.0.0.2", ASKED)).clock
    assert mixed is not None
    assert mixed.client == b""


def test_the_time_is_one_of_an_offset() -> None:
    split = split_received(b"2026-01-01T00:00:30.5Z ::ffff:10.0.0.1 x")
    assert split is not None
    assert split.when_us == int(datetime(2026, 1, 1, 0, 0, 30, 500_000, UTC).timestamp() * 1e6)
    assert split.sender == "10.0.0.1"


def test_every_form_is_read_as_it_would_be_in_a_log_of_several_devices() -> None:
    names = todays_share(sorted({form.name for form in line_forms()}))
    own, received = by_name(MIXED), by_name("received")
    for form, sample in CASES:
        lines = [line for line in sample.read_bytes().split(b"\n") if line.strip()]
        if form.name not in names:
            continue
        spool = b"".join(received_line(RECEIVED, "10.255.255.1", line) for line in lines)
        assert recognise(spool[:HEAD_BYTES]) is received, sample
        assert _events(received, spool.split(b"\n")[:-1]) == _events(own, lines), sample


RECEIVED = b"2026-09-02T08:00:00.000000+07:00"
WHEN = {"@timestamp", "event.timezone", "observer.name"}


def _events(form: Format, lines: list[bytes]) -> list[dict[str, object]]:
    layout = replace(form.layout(b"\n".join(lines)[:HEAD_BYTES]), taken_us=TAKEN_US)
    events = form.parse(enumerate(lines), layout, ZONE).events
    return [{name: told for name, told in event.items() if name not in WHEN} for _, event in events]
