"""Whether a watch and its sources are well: by what they say, and by the habit of each source.

Nothing is called wrong by a guess: a source of which too little is known is not judged, nor is one
that lies within what it did before at this hour of working days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from quetsach_portal.campaigns.deadlines import after_working_hours, is_working_day
from quetsach_portal.sensors.models import Sensor, SensorSeverity, SensorSource, TroubleKind

NOTED, ALARM = SensorSeverity.NOTED, SensorSeverity.ALARM

HEARD_LATELY = timedelta(minutes=15)
"""A watch that reports each minute is running if it was heard within this."""

UNHEARD_HOURS = 2.0
"""Hours of work without a heartbeat, on a day and at an hour at which it is usually heard."""

LEAST_DAYS = 5
"""Working days on which an hour must be known before it is a habit."""

WHOLE_HOUR_S = 2400.0
"""An hour is known of which heartbeats cover so much."""

SILENT_S, SLOW_S = 3600.0, 5400.0
"""For so long a source must bring nothing, or little, in the window that is looked at."""

SILENT_EXPECTED, SLOW_EXPECTED = 30, 200
"""Lines that should have come by then."""

FRACTION = 0.2
"""Slow is less than this share of the habit, and less than half of the least ever known."""

CLOCK_NOTED_S, CLOCK_ALARM_S = 120.0, 300.0
SKEWED_FOR = timedelta(minutes=15)
LIST_WAIT = timedelta(hours=1)
"""So much time has a watch to fetch a new list."""

FORM_WAIT = timedelta(hours=1)
"""In so much time the form of a log is known."""

OUTBOX_WAIT = timedelta(hours=24)
LOST_SHARE = 0.001
LAG_NOTED_S = 3600.0
NEW_FORM_HOURS = 16.0
"""Working hours for which a change is told; after them it is how things are."""


@dataclass(frozen=True)
class HourSum:
    """An hour of a source: how much of it is covered, and what came in it."""

    covered_s: float
    lines: int
    received: int = 0
    dropped: int = 0

    @property
    def is_known(self) -> bool:
        """Return whether enough of the hour is covered to say what is usual."""
        return self.covered_s >= WHOLE_HOUR_S

    @property
    def pace(self) -> float:
        """Return how many lines a whole hour has at this pace."""
        return 3600.0 * self.lines / self.covered_s if self.covered_s else 0.0


@dataclass(frozen=True)
class SourceHabit:
    """What is known of a source.

    Shapes: `recent` are the hours of today that are looked at, by hour of the day; `earlier` those
    of the same hours on working days before.
    """

    recent: Mapping[int, HourSum] = field(default_factory=dict)
    earlier: Mapping[int, Sequence[HourSum]] = field(default_factory=dict)

    def knows(self, hour: int) -> bool:
        """Return whether the habit of this hour of the day is known."""
        return sum(one.is_known for one in self.earlier.get(hour, ())) >= LEAST_DAYS


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong: with a source, or with the watch where `source_id` is None."""

    kind: TroubleKind
    severity: SensorSeverity
    source_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SensorJudgement:
    """What is wrong; `judged` are the kinds by source of which it is known whether they are."""

    troubles: Sequence[Trouble]
    judged: frozenset[tuple[TroubleKind, int | None]]

    @property
    def severity(self) -> SensorSeverity:
        """Return the worst of it."""
        return max((one.severity for one in self.troubles), default=SensorSeverity.WELL)


def judge(
    sensor: Sensor,
    sources: Sequence[SensorSource],
    habits: Mapping[int, SourceHabit],
    now: datetime,
) -> SensorJudgement:
    """Return what is wrong with a watch and its sources at `now`.

    Of a watch that is not heard nothing else is known; what was wrong before stays so, but for
    sources that it had left out already.
    """
    if now - sensor.heard_at > HEARD_LATELY:
        unheard = _unheard(sensor, sources, habits, now)
        left_out = [one.pk for one in sources if is_no_longer_followed(sensor, one)]
        over = {(kind, source_id) for kind in TroubleKind for source_id in left_out}
        return SensorJudgement(unheard.troubles, unheard.judged | over)
    troubles = _of_watch(sensor, now)
    judged: set[tuple[TroubleKind, int | None]] = {(kind, None) for kind in _KINDS_OF_WATCH}
    for source in sources:
        if now - source.heard_at > HEARD_LATELY:
            troubles += _no_longer_followed(source, now)
            judged |= {(kind, source.pk) for kind in TroubleKind}
            continue
        troubles += _of_source(source, now)
        judged |= {(kind, source.pk) for kind in _KINDS_OF_SOURCE}
        habit = habits.get(source.pk, SourceHabit())
        loss = _loss(source, habit)
        troubles += [loss] if loss is not None else []
        if (pace := _pace(source, habit)) is not None:
            troubles += pace
            judged |= {(TroubleKind.SILENT, source.pk), (TroubleKind.SLOW, source.pk)}
    return SensorJudgement(troubles, frozenset(judged))


def is_no_longer_followed(sensor: Sensor, source: SensorSource) -> bool:
    """Return whether newer heartbeats of the watch name the source no more."""
    return sensor.heard_at - source.heard_at > HEARD_LATELY


def is_over(sensor: Sensor, watches: Sequence[Sensor]) -> bool:
    """Return whether one of the unit's `watches` runs in the place of `sensor`, heard no more.

    So it is after a PC was set up anew: the same name of the PC, first heard when the old one had
    ended, and every source that the old one followed. Two PCs that follow logs of the same name
    stay two watches.
    """
    followed = {
        one.source for one in sensor.sources.all() if not is_no_longer_followed(sensor, one)
    }
    return bool(sensor.name) and any(
        other.name == sensor.name
        and other.first_heard_at > sensor.heard_at
        and followed <= {source.source for source in other.sources.all()}
        for other in watches
    )


def over_judgement(sources: Iterable[SensorSource]) -> SensorJudgement:
    """Return what is wrong with a watch that another one has replaced: nothing any more."""
    places = [None, *(source.pk for source in sources)]
    return SensorJudgement((), frozenset((kind, place) for kind in TroubleKind for place in places))


_KINDS_OF_WATCH = (TroubleKind.UNHEARD, TroubleKind.CLOCK, TroubleKind.LIST, TroubleKind.OUTBOX)
_KINDS_OF_SOURCE = (TroubleKind.FORM, TroubleKind.CLOCK, TroubleKind.BEHIND, TroubleKind.LOSS)


def _unheard(
    sensor: Sensor,
    sources: Sequence[SensorSource],
    habits: Mapping[int, SourceHabit],
    now: datetime,
) -> SensorJudgement:
    """Judge a watch that says nothing: outside of its hours, its PC is off, and that is right."""
    is_due = is_working_day(now) and after_working_hours(sensor.heard_at, UNHEARD_HOURS) <= now
    known = [habits[source.pk] for source in sources if source.pk in habits]
    usually = any(habit.knows(hour) for habit in known for hour in habit.earlier)
    if not (is_due and usually):
        return SensorJudgement((), frozenset())
    facts = {"heard_at": sensor.heard_at.isoformat()}
    trouble = Trouble(TroubleKind.UNHEARD, ALARM, facts=facts)
    return SensorJudgement((trouble,), frozenset({(TroubleKind.UNHEARD, None)}))


def _of_watch(sensor: Sensor, now: datetime) -> list[Trouble]:
    troubles = []
    ahead_s = sensor.clock_ahead_s
    if abs(ahead_s) > CLOCK_NOTED_S:
        severity = ALARM if abs(ahead_s) > CLOCK_ALARM_S else NOTED
        troubles.append(Trouble(TroubleKind.CLOCK, severity, facts={"ahead_s": round(ahead_s)}))
    since = sensor.list_differs_since
    if sensor.list_problem:
        troubles.append(Trouble(TroubleKind.LIST, ALARM, facts={"code": sensor.list_problem}))
    elif since is not None and now - since > LIST_WAIT:
        troubles.append(Trouble(TroubleKind.LIST, ALARM))
    oldest = sensor.outbox_oldest_at
    if sensor.outbox_refused:
        refused = {"refused": sensor.outbox_refused}
        troubles.append(Trouble(TroubleKind.OUTBOX, ALARM, facts=refused))
    elif sensor.outbox_waiting and oldest is not None and now - oldest > OUTBOX_WAIT:
        waiting = {"waiting": sensor.outbox_waiting}
        troubles.append(Trouble(TroubleKind.OUTBOX, ALARM, facts=waiting))
    return troubles


def _of_source(source: SensorSource, now: datetime) -> list[Trouble]:
    troubles = []
    changed = source.dataset_changed_at
    is_new = changed is not None and now < after_working_hours(changed, NEW_FORM_HOURS)
    if is_new and source.dataset != source.dataset_before:
        facts = {"before": source.dataset_before, "now": source.dataset}
        troubles.append(Trouble(TroubleKind.FORM, ALARM, source.pk, facts))
    elif source.lines and not source.dataset and now - source.first_heard_at > FORM_WAIT:
        troubles.append(Trouble(TroubleKind.FORM, NOTED, source.pk))
    if source.skewed_since is not None and now - source.skewed_since > SKEWED_FOR:
        assert source.last_event_at is not None
        facts = {"event_at": source.last_event_at.isoformat()}
        troubles.append(Trouble(TroubleKind.CLOCK, ALARM, source.pk, facts))
    if source.lag_s is not None and source.lag_s > LAG_NOTED_S:
        behind = {"lag_s": round(source.lag_s)}
        troubles.append(Trouble(TroubleKind.BEHIND, NOTED, source.pk, behind))
    return troubles


def _no_longer_followed(source: SensorSource, now: datetime) -> list[Trouble]:
    """Return that a watch leaves a source out now; somebody may have wanted it, so it is noted."""
    if now >= after_working_hours(source.heard_at, NEW_FORM_HOURS):
        return []
    return [Trouble(TroubleKind.SILENT, NOTED, source.pk, {"left_out": True})]


def _loss(source: SensorSource, habit: SourceHabit) -> Trouble | None:
    """Return what was lost in the hours that are looked at: a few lines of many are only noted."""
    dropped = sum(one.dropped for one in habit.recent.values())
    if not dropped:
        return None
    came = sum(max(one.received, one.lines) for one in habit.recent.values())
    severity = ALARM if dropped > LOST_SHARE * (came + dropped) else NOTED
    return Trouble(TroubleKind.LOSS, severity, source.pk, {"dropped": dropped})


def _pace(source: SensorSource, habit: SourceHabit) -> list[Trouble] | None:
    """Return whether fewer lines come than ever at this time of day; None where nobody can tell."""
    hours = {hour: one for hour, one in habit.recent.items() if one.covered_s}
    if not hours or not all(map(habit.knows, hours)):
        return None
    covered_s = sum(one.covered_s for one in hours.values())
    lines = sum(one.lines for one in hours.values())
    expected, least = 0.0, 0.0
    for hour, one in hours.items():
        paces = [before.pace for before in habit.earlier[hour] if before.is_known]
        expected += median(paces) * one.covered_s / 3600.0
        least += min(paces) * one.covered_s / 3600.0
    facts = {"lines": lines, "expected": round(expected), "minutes": round(covered_s / 60)}
    if not lines and covered_s >= SILENT_S and expected >= SILENT_EXPECTED and least > 0:
        return [Trouble(TroubleKind.SILENT, ALARM, source.pk, facts)]
    is_slow = lines < FRACTION * expected and lines < least / 2
    if lines and is_slow and covered_s >= SLOW_S and expected >= SLOW_EXPECTED:
        return [Trouble(TroubleKind.SLOW, ALARM, source.pk, facts)]
    # Too short a time says nothing of what is wrong; lines that come say that it is not silent.
    return [] if covered_s >= SILENT_S or lines else None
