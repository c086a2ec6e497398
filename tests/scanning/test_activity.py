"""The hour of a line is found from what the sieve copied, in the zone that holds for it."""

import pickle
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from quetsach.scanning import activity
from quetsach.scanning.activity import HOUR_US, HourlyActivity, hour_of
from quetsach.sieve.address_sets import packed
from quetsach.sieve.contract import LineClock, SplitHour

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


def _us(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[misc,arg-type]  # year to hour


@pytest.mark.parametrize(
    ("key", "line", "hour"),
    [
        (
            b"2026-09-01T08",
            b'{"timestamp":"2026-09-01T08:15:22.123456+0700","x":1}',
            (2026, 9, 1, 1),
        ),
        (b"2026-09-01T08", b'{"ts":"2026-09-01T08:15:22.123456Z"}', (2026, 9, 1, 8)),
        (b"2026-09-01T08", b'{"ts":"2026-09-01T08:15:22"}', (2026, 9, 1, 1)),
        (b"2026-09-01 08", b"2026-09-01 08:15:22 UTC fw1 x", (2026, 9, 1, 8)),
        (b"2026-09-01 08", b"2026-09-01 08:15:22.5 GMT x", (2026, 9, 1, 8)),
        (b"2026-09-01 08", b"2026-09-01 08:15:22 UTC+7 x", (2026, 9, 1, 1)),
        (b"Sep 01 2026 08", b"Sep 01 2026 08:15:22 UTC: %ASA x", (2026, 9, 1, 8)),
        (b"01/Sep/2026:08", b"[01/Sep/2026:08:15:22 GMT] x", (2026, 9, 1, 8)),
        (b"2026-09-01 08", b"2026-09-01 08:15:22 Zeek x", (2026, 9, 1, 1)),
        (
            b"2026-09-01 time=08",
            b'date=2026-09-01 time=08:15:22 devname="fg" tz="+0000" x',
            (2026, 9, 1, 8),
        ),
        (b"2026-09-01 time=08", b"date=2026-09-01 time=08:15:22 devname=fg", (2026, 9, 1, 1)),
        (b'2026-09-01","time":"08', b'{"date":"2026-09-01","time":"08:15:22"}', (2026, 9, 1, 1)),
        (b"2026:09:01-08", b"2026:09:01-08:15:22 utm x", (2026, 9, 1, 1)),
        (b"09/01/2026-08", b"09/01/2026-08:15:22.5 x", (2026, 9, 1, 1)),
        (b"09/01/2026:08", b"09/01/2026:08:15:22 GMT x", (2026, 9, 1, 8)),
        (b"Sep  1 08", b"Tue Sep  1 08:15:22 2026 : x", (2026, 9, 1, 1)),
        (b"Tue Sep 01 08", b"[Tue Sep 01 08:15:22.123 2026] [x] 9", (2026, 9, 1, 1)),
        (b"2026-09-01 08", b'timestamp=2026-09-01 08:15:22 timezone="+0000"', (2026, 9, 1, 8)),
    ],
)
def test_the_zone_written_in_the_line_wins(
    key: bytes, line: bytes, hour: tuple[int, int, int, int]
) -> None:
    assert hour_of(key, line, SAIGON) == _us(*hour)


@pytest.mark.parametrize(
    "key", [b"2026-19-01T08", b"9999-99-99T99", b"9999-12-31T23", b"garbage", b""]
)
def test_what_is_no_hour_is_none(key: bytes) -> None:
    assert hour_of(key, b"x" + key, SAIGON) is None


@pytest.mark.parametrize("half", [b" PM", b"am", b" p.m.", b" CH", b" SA"])
def test_an_hour_of_twelve_is_no_hour(half: bytes) -> None:
    assert hour_of(b"09/01/2026 03", b"09/01/2026 03:15:22" + half + b" x", SAIGON) is None
    assert hour_of(b"2026-09-01 03", b"2026-09-01 03:15" + half, SAIGON) is None


@pytest.mark.parametrize("key", [b"01/09/2026 08", b'01.09.2026" gio="08', b"01-09-26 08"])
def test_a_day_in_figures_comes_first_where_the_form_says_so(key: bytes) -> None:
    assert hour_of(key, key + b":15:22 x", SAIGON, day_first=True) == _us(2026, 9, 1, 1)


def test_an_offset_that_no_place_has_gives_no_hour() -> None:
    assert hour_of(b"2026-09-01T08", b'{"timestamp":"2026-09-01T08:15:22+99:99"}', SAIGON) is None


def _tally(key: bytes, lines: int, alive: bytes, line: bytes = b"x") -> SplitHour:
    return SplitHour(key, lines, (0, line), (0, line), alive)


@pytest.mark.parametrize("key", [b"1", b"70389526", b"277777777", b"999999999999"])
def test_an_epoch_hour_of_no_age_of_ours_is_no_hour(key: bytes) -> None:
    hours = HourlyActivity()
    tallies = [_tally(key, 1, packed([1]))]
    hours.add(tallies, LineClock(epoch=True), SAIGON)
    assert hours.lines == {None: 1}


def test_lines_and_speakers_add_up_over_blocks() -> None:
    hours = HourlyActivity()
    clock = LineClock(epoch=True)
    tallies = [
        _tally(b"496729", 2, packed([1])),
        _tally(b"", 1, b""),
    ]
    hours.add(tallies, clock, SAIGON)
    hours.add([_tally(b"496729", 3, packed([1, 2]))], clock, SAIGON)
    assert hours.lines == {496729 * HOUR_US: 5, None: 1}
    assert set(hours.alive[496729 * HOUR_US]) == {1, 2}


def test_the_ends_of_the_log_are_its_earliest_and_latest_hours() -> None:
    hours = HourlyActivity()
    clock = LineClock(epoch=True)
    hours.add([_tally(b"496740", 1, b"", b"late")], clock, SAIGON)
    hours.add([_tally(b"496730", 1, b"", b"early")], clock, SAIGON)
    assert hours.first_line == (496730 * HOUR_US, b"early")
    assert hours.last_line == (496740 * HOUR_US, b"late")


def test_a_log_of_made_up_hours_takes_bounded_memory() -> None:
    hours = HourlyActivity(most_hours=10)
    tallies = [_tally(str(n).encode(), 1, b"") for n in range(496700, 496800)]
    hours.add(tallies, LineClock(epoch=True), SAIGON)
    assert len(hours.lines) == 11
    assert sum(hours.lines.values()) == 100


def test_speakers_are_kept_up_to_a_bound_and_what_is_left_out_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(activity, "MOST_ALIVE", 3)
    hours, clock = HourlyActivity(), LineClock(epoch=True)

    def add(key: bytes, *addresses: int) -> None:
        hours.add([_tally(key, 1, packed(addresses))], clock, SAIGON)

    add(b"496729", 1, 2)
    add(b"496730", 1, 2, 3)
    add(b"496730", 2, 3)
    assert not hours.alive_cut
    add(b"496729", 3)
    assert hours.alive_cut
    kept = {hour // HOUR_US: set(of) for hour, of in hours.alive.items() if hour is not None}
    assert kept == {496729: {1, 2}, 496730: {1, 2, 3}}


def test_speakers_survive_the_way_to_another_process() -> None:
    hours = HourlyActivity()
    hours.add([_tally(b"496729", 1, packed([7, 9]))], LineClock(epoch=True), SAIGON)
    assert pickle.loads(pickle.dumps(hours)) == hours
