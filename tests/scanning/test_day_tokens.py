"""The tokens of a split lie on the days of their lines, by the kernel as by the plain reader."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach.containers.streams import Codec
from quetsach.evidence.line_ends import LineEnds
from quetsach.formats.contract import LogLayout
from quetsach.scanning.activity import HourlyActivity
from quetsach.scanning.day_tokens import DayTokens, SpanTokens
from quetsach.scanning.plain_reader import PlainReader
from quetsach.scanning.plan import Split
from quetsach.scanning.split_reader import open_reader
from quetsach.sieve.contract import (
    LineChoice,
    LineClock,
    LineSigns,
    OutsideTokens,
    Sieve,
    SieveKeys,
    SplitWants,
    TokenWants,
)
from quetsach.sieve.kernel import build_sieve

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
CLOCK = LineClock(epoch=True)
START = int(datetime(2022, 9, 12, 22, tzinfo=HERE).timestamp())
WANTS = SplitWants(tokens=TokenWants())
SIEVES = [build_sieve(SieveKeys(inside=((10 << 24, 8),)), kind) for kind in ("python", "auto")]


def _told(
    path: Path, sieve: Sieve, block_bytes: int, zone: ZoneInfo = HERE, clock_us: int = 0
) -> tuple[SpanTokens, ...]:
    size = path.stat().st_size
    layout = LogLayout("any", clock=CLOCK)
    split = Split(0, "a", path, Codec.PLAIN, "any", layout, 0, size, size, LineEnds.NEWLINE)
    bounds = {"block_bytes": block_bytes, "longest_line": 4096}
    reader = open_reader(split, sieve, LineChoice(), wants=WANTS, **bounds)
    assert isinstance(reader, PlainReader) == (sieve.name == "python")
    reader.turn_to(LineSigns(CLOCK))
    activity, days = HourlyActivity(), DayTokens(reader, zone)
    for _part in reader.parts():
        days.add_part(lambda key, line: activity.hour(key, line, CLOCK, UTC, None), clock_us)
    return days.finish()


def _line(second: int, name: str) -> str:
    return f"{START + second} 10.0.0.5 {name}\n"


@pytest.mark.parametrize("sieve", SIEVES, ids=("plain", "kernel"))
@pytest.mark.parametrize("block_bytes", [40, 100, 1 << 20])
def test_each_line_counts_on_its_own_day(tmp_path: Path, sieve: Sieve, block_bytes: int) -> None:
    log = tmp_path / "a.log"
    lines = [
        *(_line(0, "a.example"), _line(7199, "b.example"), _line(7200, "c.example")),
        # One that comes late, and one that tells no hour.
        *(_line(10, "late.example"), "no time at all undated.example\n", _line(9000, "a.example")),
        _line(200_000, "e.example"),
    ]
    log.write_text("".join(lines))
    told = {one.span: (one.tokens.names, one.lines) for one in _told(log, sieve, block_bytes)}
    first, second, last = (date(2022, 9, day) for day in (12, 13, 15))
    assert told == {
        (first, first): (b"a.example\nb.example\nlate.example\n", 3),
        (second, second): (b"a.example\nc.example\n", 2),
        (last, last): (b"e.example\n", 1),
        None: (b"undated.example\n", 1),
    }


def test_an_hour_in_which_midnight_lies_is_of_both_days(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text(f"{int(datetime(2022, 9, 12, 18, 10, tzinfo=UTC).timestamp())} a.example\n")
    (one,) = _told(log, SIEVES[-1], 1 << 20, ZoneInfo("Asia/Kolkata"))
    assert one.span == (date(2022, 9, 12), date(2022, 9, 13))


def test_a_clock_that_is_declared_wrong_moves_the_day(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text(_line(0, "a.example"))
    (one,) = _told(log, SIEVES[-1], 1 << 20, clock_us=2 * 3600 * 1_000_000)
    assert one.span == (date(2022, 9, 13), date(2022, 9, 13))


def test_the_kernel_keeps_what_the_plain_reader_does(tmp_path: Path) -> None:
    rng = random.Random(17)
    log = tmp_path / "a.log"
    for _ in range(20):
        lines = [
            _line(rng.randrange(-1, 3) * 7000 + rng.randrange(400), f"n{rng.randrange(9)}.example")
            if rng.random() < 0.8
            else rng.choice(("\n", "x 192.0.2.7\n", f"{START} ::1 y\n", "b%2eexample\n"))
            for _ in range(rng.randrange(60))
        ]
        log.write_text("".join(lines))
        plain = _told(log, SIEVES[0], 1 << 20)
        assert _told(log, SIEVES[-1], rng.choice((64, 300, 1 << 20))) == plain
        assert sum(one.lines for one in plain) <= len(lines)
        assert all(one.tokens != OutsideTokens() for one in plain)


def test_many_turns_of_the_day_add_up(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    days = [START + timedelta(days=number % 2).days * 86_400 for number in range(80)]
    log.write_text("".join(f"{when} n{place}.example\n" for place, when in enumerate(days)))
    one, other = _told(log, SIEVES[-1], 16)
    assert (one.lines, other.lines) == (40, 40)
    assert one.tokens.names.count(b"\n") == other.tokens.names.count(b"\n") == 40
