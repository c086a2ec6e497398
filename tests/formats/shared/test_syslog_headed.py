"""Heads of syslog lines: the hour in them for the sieve, time and host for the event."""

from datetime import UTC
from typing import Any

import pytest

from quetsach.formats.contract import LogLayout
from quetsach.formats.shared.syslog import clock_of, head_of, lacks_year, set_head

TAKEN = 1_788_300_000_000_000


@pytest.mark.parametrize(
    ("line", "hour", "no_year"),
    [
        (b"Sep  1 08:15:22 gw x", b"Sep  1 08", True),
        (b"<166>Sep  1 08:15:22 gw x", b"Sep  1 08", True),
        (b"<166>Sep 01 2026 08:15:22: x", b"Sep 01 2026 08", False),
        (b"<166>:Sep 01 08:15:22 ICT: x", b"Sep 01 08", True),
        (b":Sep 01 08:15:22 ICT: x", b"Sep 01 08", True),
        (b"2026-09-01T08:15:22+07:00 gw x", b"2026-09-01T08", False),
        (b"<134>1 2026-09-01T08:15:22.123Z gw app - - - x", b"2026-09-01T08", False),
        (b"%ASA-6-302013: x", None, False),
        (b"", None, False),
    ],
)
def test_clock_names_the_hour_of_its_line(line: bytes, hour: bytes | None, no_year: bool) -> None:
    clock = clock_of(line)
    assert lacks_year(line) is no_year
    if clock is None:
        assert hour is None
    else:
        start = line.index(clock.needle) + len(clock.needle)
        assert line[start : start + clock.length] == hour


def test_time_and_host_of_a_head_are_put_into_the_record() -> None:
    record: dict[str, Any] = {}
    head = head_of("Sep  1 08:15:22 gw tag: x", LogLayout("x", taken_us=TAKEN), UTC)
    set_head(record, head, UTC)
    assert record == {
        "@timestamp": 1_788_250_522_000_000,
        "event.timezone": "UTC",
        "observer.name": "gw",
    }
    assert head.rest == "tag: x"


def test_line_without_a_head_is_all_rest_and_has_no_time() -> None:
    head = head_of("no head here", LogLayout("x"), UTC)
    assert (head.when_us, head.host, head.rest) == (None, "", "no head here")


def test_head_of_a_long_line_keeps_the_whole_rest() -> None:
    line = "2026-09-01T08:15:22Z gw " + "x" * 5000
    assert head_of(line, LogLayout("x"), UTC).rest == "x" * 5000
    assert head_of("x" * 5000, LogLayout("x"), UTC).rest == "x" * 5000
