"""Hour and client of every line of a dialect: what is tallied is what the lines say, or nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from ipaddress import ip_address

import pytest

from quetsach.formats.contract import Line
from quetsach.formats.dialects.dialect import load
from quetsach.formats.dialects.line_clocks import NOBODY
from quetsach.formats.dialects.shipped_dialects import DialectFormat, dialect_formats
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.scanning.activity import HOUR_US, HourlyActivity
from quetsach.schema import Event
from quetsach.sieve.address_sets import unpacked
from quetsach.sieve.contract import LineClock, SieveKeys, SplitHour
from quetsach.sieve.twin import PythonSieve
from tests.formats.golden import TAKEN_US, ZONE, lines_of, samples

SIEVE = PythonSieve(SieveKeys(inside=((0, 0),)))
"""To it every address is one of the organisation."""

NOT_ALIVE = {
    "aws-vpc": "the time stands between bare columns, with figures before it",
    "checkpoint-table": "the day is written 1Sep2026, and the time alone in the next column",
    "coredns": "its lines have no time of their own",
}
"""Dialects whose lines count for no hour, and why."""


def _tallied(form: DialectFormat, line: bytes) -> tuple[set[int], set[str]]:
    """Return the hours and the addresses that are tallied of a file of this line alone."""
    layout = form.layout(line)
    if layout.needs_date:
        layout = replace(layout, taken_us=TAKEN_US)
    tallies = SIEVE.scan(line + b"\n", layout.clock, None).hours
    activity = HourlyActivity()
    zone = UTC if layout.utc else ZONE
    hours = [
        SplitHour(tally.key, tally.lines, (0, line), (0, line), tally.alive) for tally in tallies
    ]
    activity.add(hours, layout.clock, zone, layout.taken_us)
    alive = {str(ip_address(one)) for tally in tallies for one in unpacked(tally.alive)}
    return {hour for hour in activity.lines if hour is not None}, alive


def _records(form: DialectFormat) -> Iterator[tuple[Line, Event]]:
    for sample in samples(form):
        for offset, line in lines_of(sample.read_bytes()):
            layout = form.layout(line)
            layout = replace(layout, taken_us=TAKEN_US) if layout.needs_date else layout
            for _, event in form.parse([(offset, line)], layout, ZONE).events[:1]:
                if event["event.dataset"] != UNKNOWN:
                    yield (offset, line), event


@pytest.mark.parametrize("form", dialect_formats(), ids=lambda form: form.name)
def test_what_is_tallied_of_a_line_is_what_it_says(form: DialectFormat) -> None:
    """The sieve's tally of each line of the samples is that of its record, or silent."""
    timed = hours = clients = alive = 0
    for (_, line), event in _records(form):
        told, speakers = _tallied(form, line)
        when = event.get("@timestamp")
        client = event.get("source.ip", event.get("host.ip", ":"))
        assert told <= ({when // HOUR_US * HOUR_US} if when is not None else set()), line
        assert speakers <= ({client} if ":" not in client else set()), line
        timed, hours = timed + (when is not None), hours + len(told)
        clients, alive = clients + (":" not in client), alive + len(speakers)
    assert alive * 2 >= clients, (
        f"{form.name}: of {clients} clients {alive} are tallied; name what stands before them in"
        " [clock], see docs/dialects.md"
    )
    assert (hours * 2 < timed) == (form.name in NOT_ALIVE), (
        f"{form.name}: of {timed} times {hours} are tallied; name their place in [clock], or the"
        " dialect and why not in NOT_ALIVE and in docs/dialects.md"
    )


def _clock(text: str, *lines: str) -> LineClock | None:
    form = DialectFormat(load(text, "small.toml"))
    return form.layout("".join(f"{line}\n" for line in lines).encode()).clock


SMALL = """
name = "small"
title = "Small"
reads = "lines"
source = "this test"
dataset = "small.log"
kind = "pairs"
own = ["fw"]
[signature]
all = ["src="]
[time]
tokens = ["at"]
[fields]
"source.ip" = ["src"]
"destination.ip" = ["dst"]
"""


@pytest.mark.parametrize(
    ("lines", "clock"),
    [
        (
            [
                "dst=203.0.113.7 at=1788225322 src=10.0.0.5",
                "dst=203.0.113.8 at=1788225323 src=10.0.0.6",
            ],
            LineClock(b" at=", epoch=True, client=b" src="),
        ),
        (
            ["at=2026-09-01T08:15:22 src=10.0.0.5 dst=203.0.113.7"],
            LineClock(b"at=", length=13, client=b" src="),
        ),
        # Another time is nearer to the words before it.
        (
            ["up at=2026-01-01 at=1788225322 src=10.0.0.5", "at=1788225322 src=10.0.0.5"],
            LineClock(b"at=", epoch=True, client=b" src="),
        ),
        # No hour: who is no client is no client all the same.
        (["dst=203.0.113.7 src=10.0.0.5"], LineClock(NOBODY, epoch=True, client=b" src=")),
        (["src=10.0.0.5 dst=203.0.113.7"], LineClock(NOBODY, epoch=True, client=b"src=")),
        # The device itself is nobody's client, though it stands where others have theirs.
        (
            ["at=1788225322 fw=10.0.0.1 src=10.0.0.1 dst=203.0.113.7"],
            LineClock(b"at=", epoch=True, client=NOBODY),
        ),
        # A head of syslog, where the line has no time of its own.
        (
            ["<13>Sep  1 08:15:22 10.0.0.9 dst=203.0.113.7 src=10.0.0.5"],
            LineClock(b">", length=9, client=b" src="),
        ),
    ],
)
def test_a_place_is_taken_where_it_is_right_in_all_lines(
    lines: list[str], clock: LineClock
) -> None:
    assert _clock(SMALL, *lines) == clock


DAY_FIRST = SMALL.replace('tokens = ["at"]', 'tokens = [["ngay", "gio"]]\norder = "dmy"')


def test_days_in_figures_are_tallied_by_the_order_of_the_form() -> None:
    line = 'ngay="{}" gio="{}" src=10.0.0.5'
    clock = _clock(DAY_FIRST, line.format("13/09/2026", "08:15:22"))
    assert clock == LineClock(b'ngay="', length=19, client=b" src=", day_first=True)


def test_hours_of_twelve_are_not_tallied() -> None:
    line = 'ngay="13/09/2026" gio="03:15:22 {}" src=10.0.0.5'
    for half in ("CH", "SA", "PM"):
        clock = _clock(DAY_FIRST, line.format(half))
        assert clock is not None
        assert clock.needle == NOBODY


def test_what_the_file_of_the_dialect_says_counts() -> None:
    told = SMALL + '[clock]\nneedle = "x"\nlength = 13\nclient = "y="\n'
    line = "at=1788225322 src=10.0.0.5"
    assert _clock(told, line) == LineClock(b"x", length=13, client=b"y=")
    assert _clock(SMALL) is None


def test_a_zone_that_the_tally_does_not_read_gives_no_hour() -> None:
    zoned = SMALL.replace('tokens = ["at"]', 'tokens = ["at"]\nzone_token = "z"')
    line = "at=2026-09-01T08:15:22 z={} src=10.0.0.5"
    for zone, needle in (("UTC", NOBODY), ("+0000", NOBODY), ("nowhere", b"at=")):
        clock = _clock(zoned, line.format(zone))
        assert clock is not None
        assert clock.needle == needle
