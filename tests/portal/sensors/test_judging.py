"""What is wrong is called so by what is known; too little known is no judgement."""

from datetime import datetime, timedelta

import pytest

from quetsach_portal.sensors.judging import HourSum, SourceHabit, judge
from quetsach_portal.sensors.models import Sensor, SensorSeverity, SensorSource, TroubleKind
from tests.portal.sensors.heard import at

TUESDAY_10 = at("2026-12-01T10:10:00+07:00")
WELL = HourSum(3600, 5000)


def watch(now: datetime = TUESDAY_10, **more) -> Sensor:
    return Sensor(pk=1, **{"heard_at": now, "sender_at": now, **more})


def log(now: datetime = TUESDAY_10, **more) -> SensorSource:
    given = {
        "heard_at": now,
        "first_heard_at": now - timedelta(days=30),
        "lines": 10**6,
        "dataset": "zeek.dns",
    }
    return SensorSource(pk=7, **{**given, **more})


def habit(*recent: HourSum, days: int = 10, usual: HourSum = WELL) -> SourceHabit:
    last, running = recent or (WELL, HourSum(600, 900))
    return SourceHabit({9: last, 10: running}, {9: [usual] * days, 10: [usual] * days})


def kinds(sensor: Sensor, source: SensorSource, known: SourceHabit, now=TUESDAY_10) -> list:
    judgement = judge(sensor, [source], {7: known}, now)
    return [(one.kind, one.severity) for one in judgement.troubles]


def test_a_source_that_goes_on_as_usual_is_well() -> None:
    judgement = judge(watch(), [log()], {7: habit()}, TUESDAY_10)
    assert (judgement.troubles, judgement.severity) == ([], SensorSeverity.WELL)
    assert (TroubleKind.SILENT, 7) in judgement.judged


def test_an_hour_without_a_line_is_silence_where_there_always_were_some() -> None:
    silent = habit(HourSum(3600, 0), HourSum(600, 0))
    assert kinds(watch(), log(), silent) == [("silent", SensorSeverity.ALARM)]
    # The last hour had lines still: the next round will tell.
    assert kinds(watch(), log(), habit(HourSum(3600, 40), HourSum(600, 0))) == []


@pytest.mark.parametrize(
    "known",
    [
        habit(HourSum(3600, 0), HourSum(600, 0), days=4),
        habit(HourSum(1200, 0), HourSum(600, 0)),
        habit(HourSum(3600, 0), HourSum(600, 0), usual=HourSum(1000, 5000)),
        SourceHabit(),
    ],
)
def test_too_little_known_is_no_judgement(known: SourceHabit) -> None:
    judgement = judge(watch(), [log()], {7: known}, TUESDAY_10)
    assert judgement.troubles == []
    assert (TroubleKind.SILENT, 7) not in judgement.judged


def test_an_hour_that_was_silent_before_is_nothing_unusual() -> None:
    days = [WELL] * 9 + [HourSum(3600, 0)]
    known = SourceHabit({9: HourSum(3600, 0), 10: HourSum(600, 0)}, {9: days, 10: days})
    assert kinds(watch(), log(), known) == []
    # A source with a line now and then says nothing by an hour without.
    rare = habit(HourSum(3600, 0), HourSum(600, 0), usual=HourSum(3600, 12))
    assert kinds(watch(), log(), rare) == []


def test_a_fraction_of_the_habit_is_slow_only_below_all_that_is_known() -> None:
    slow = habit(HourSum(3600, 300), HourSum(2400, 100))
    assert kinds(watch(), log(), slow) == [("slow", SensorSeverity.ALARM)]
    days = [WELL] * 9 + [HourSum(3600, 400)]
    known = SourceHabit(slow.recent, {9: days, 10: days})
    assert kinds(watch(), log(), known) == []
    assert kinds(watch(), log(), habit(HourSum(3600, 4000), HourSum(2400, 2000))) == []


@pytest.mark.parametrize(
    ("now", "heard_at", "days", "expected"),
    [
        # Stopped at 07:00 on a working day: an alarm before noon.
        ("2026-12-01T09:35:00+07:00", "2026-12-01T07:00:00+07:00", 10, ["unheard"]),
        ("2026-12-01T09:20:00+07:00", "2026-12-01T07:00:00+07:00", 10, []),
        # Off since yesterday evening and not yet due; in the night; on a Sunday.
        ("2026-12-01T08:00:00+07:00", "2026-11-30T17:30:00+07:00", 10, []),
        ("2026-12-01T03:00:00+07:00", "2026-11-30T17:30:00+07:00", 10, []),
        ("2026-12-06T10:00:00+07:00", "2026-12-04T17:30:00+07:00", 10, []),
        # Of a watch that is new nobody knows when its PC is on.
        ("2026-12-01T09:35:00+07:00", "2026-12-01T07:00:00+07:00", 3, []),
    ],
)
def test_a_watch_that_is_not_heard_is_an_alarm_in_its_own_hours_alone(
    now: str, heard_at: str, days: int, expected: list[str]
) -> None:
    moment = at(now)
    source = log(heard_at=at(heard_at))
    judgement = judge(watch(heard_at=at(heard_at)), [source], {7: habit(days=days)}, moment)
    assert [one.kind for one in judgement.troubles] == expected
    assert judgement.judged <= {(TroubleKind.UNHEARD, None)}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"clock_ahead_s": 100.0}, []),
        ({"clock_ahead_s": -200.0}, [("clock", SensorSeverity.NOTED)]),
        ({"clock_ahead_s": 25_200.0}, [("clock", SensorSeverity.ALARM)]),
        ({"list_differs_since": TUESDAY_10 - timedelta(minutes=30)}, []),
        (
            {"list_differs_since": TUESDAY_10 - timedelta(minutes=90)},
            [("list", SensorSeverity.ALARM)],
        ),
        ({"list_problem": "E506"}, [("list", SensorSeverity.ALARM)]),
        ({"outbox_refused": 2}, [("outbox", SensorSeverity.ALARM)]),
        ({"outbox_waiting": 3, "outbox_oldest_at": TUESDAY_10 - timedelta(hours=1)}, []),
        (
            {"outbox_waiting": 3, "outbox_oldest_at": TUESDAY_10 - timedelta(hours=30)},
            [("outbox", SensorSeverity.ALARM)],
        ),
    ],
)
def test_what_is_wrong_with_the_watch_itself(facts: dict, expected: list) -> None:
    assert kinds(watch(**facts), log(), habit()) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {
                "dataset_before": "zeek.dns",
                "dataset": "zeek.http",
                "dataset_changed_at": TUESDAY_10,
            },
            [("form", SensorSeverity.ALARM)],
        ),
        (
            # Two working days later it is the form of this log.
            {
                "dataset_before": "zeek.dns",
                "dataset": "zeek.http",
                "dataset_changed_at": TUESDAY_10 - timedelta(days=4),
            },
            [],
        ),
        (
            {"dataset_before": "zeek.dns", "dataset_changed_at": TUESDAY_10},
            [],
        ),
        ({"dataset": ""}, [("form", SensorSeverity.NOTED)]),
        ({"dataset": "", "first_heard_at": TUESDAY_10}, []),
        (
            {"skewed_since": TUESDAY_10 - timedelta(minutes=20), "last_event_at": TUESDAY_10},
            [("clock", SensorSeverity.ALARM)],
        ),
        ({"skewed_since": TUESDAY_10, "last_event_at": TUESDAY_10}, []),
        ({"lag_s": 4000.0}, [("behind", SensorSeverity.NOTED)]),
        (
            {"heard_at": TUESDAY_10 - timedelta(minutes=40)},
            [("silent", SensorSeverity.NOTED)],
        ),
        ({"heard_at": TUESDAY_10 - timedelta(days=5)}, []),
    ],
)
def test_what_is_wrong_with_a_source(facts: dict, expected: list) -> None:
    assert kinds(watch(), log(**facts), habit()) == expected


def test_a_few_lost_lines_are_noted_and_more_are_an_alarm() -> None:
    few = habit(HourSum(3600, 5000, 5000, 3), HourSum(600, 900, 900, 0))
    assert kinds(watch(), log(), few) == [("loss", SensorSeverity.NOTED)]
    many = habit(HourSum(3600, 5000, 5000, 300), HourSum(600, 900, 900, 0))
    assert kinds(watch(), log(), many) == [("loss", SensorSeverity.ALARM)]


def test_a_source_that_was_left_out_before_its_watch_ended_is_no_alarm_for_ever() -> None:
    ended = log(heard_at=TUESDAY_10 - timedelta(days=3))
    off = watch(heard_at=TUESDAY_10 - timedelta(days=2))
    judgement = judge(off, [ended], {}, TUESDAY_10)
    assert judgement.troubles == ()
    assert (TroubleKind.SILENT, ended.pk) in judgement.judged
    assert (TroubleKind.CLOCK, None) not in judgement.judged
