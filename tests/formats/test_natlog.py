"""natlog: readable times without a year, connections that were still open, odd micros."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.natlog import Natlog

NATLOG = Natlog()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000
ENDS = "10.20.3.41:51544 (via: 198.51.100.5:40112) to 203.0.113.77:443"


def one(line: str, taken: int | None = None) -> dict[str, Any]:
    raw = line.encode()
    layout = replace(NATLOG.layout(raw), taken_us=taken)
    ((_, event),) = NATLOG.parse([(0, raw)], layout, HANOI).events
    return dict(event)


@pytest.mark.parametrize(
    ("span", "applied"),
    [
        ("From Sep 1 08:15:22:5 until Sep 1 08:15:34:10:", True),
        ("from Sep  1 08:15:22:5 thru Sep  1 08:15:34:10:", True),
        ("from Sep 1 01:15:22:5 thru Sep 1 01:15:34:10 (UTC):", False),
        ("from 1788225322:5 thru 1788225334:10 (UTC):", False),
    ],
)
def test_times_are_read_in_every_form(span: str, applied: bool) -> None:
    event = one(f"NATLOG: {span} tcp {ENDS}; sent: 1, received: 2", WHEN + 10**9)
    # Micros have no leading zeros: 5 is five of them, not half a second.
    assert event["event.start"] == event["@timestamp"] == WHEN + 5
    assert event["event.end"] == WHEN + 12_000_010
    assert ("event.timezone" in event) is applied


def test_readable_time_without_the_date_of_the_file_gives_none() -> None:
    line = f"NATLOG: From Sep 1 08:15:22:5 until Sep 1 08:15:34:10: {ENDS}"
    assert "@timestamp" not in one(line)
    assert NATLOG.layout(line.encode()).needs_date


def test_connection_that_was_still_open_has_no_end() -> None:
    event = one(f"NATLOG: from 1788225322:5 thru 1788225334:0000 (UTC): tcp {ENDS}")
    assert "event.end" not in event
    assert "event.duration" not in event


def test_own_tag_of_a_site_is_recognised() -> None:
    line = f"Sep  1 08:15:36 gw fw-nat: from 1788225322:5 thru 1788225334:7 (UTC): tcp {ENDS}\n"
    assert NATLOG.recognise(line.encode())
    assert not NATLOG.recognise(b"From: a@unit.example until further notice\n")
