"""Is it clean: the state of one device, and what the devices of a unit add up to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quetsach.texts import _, counted
from quetsach.verdicts.model import (
    DayCoverage,
    DeviceHistory,
    DeviceState,
    DeviceVerdict,
    HandlingRecord,
    SideSignal,
    Signal,
    Thresholds,
    VerdictContact,
    day_after,
    days_text,
    history_of,
)
from quetsach.verdicts.sentences import because, log_word, missing, word_text
from quetsach.verdicts.window import DayWindow, look


def judge(
    device: str,
    contacts: Sequence[VerdictContact],
    handlings: Sequence[HandlingRecord],
    words: Sequence[SideSignal],
    coverage: Sequence[DayCoverage],
    thresholds: Thresholds,
    as_of_day: str,
) -> DeviceVerdict:
    """Return what is known of `device` on the local day `as_of_day`, which is not yet a whole day.

    Clean needs a handling, and after the last one: enough days on which every kind of evidence
    that ever showed a contact is covered, the device alive in it on enough of them, no contact.
    A scan that finds something counts like a contact; a clean one, and what a person declares, is
    told and changes nothing. A later handling begins the days anew. The order of what is given
    does not matter.
    Errors: ValueError when `as_of_day` is no ISO date.
    Cost: the size of what is given.
    """
    history = history_of(contacts, handlings, words, as_of_day=as_of_day)
    start = history.start_day
    window = DayWindow(0)
    if start:
        window = look(
            device, history.needs, coverage, after=start, before=as_of_day, share=thresholds.share
        )
    state = _state(history, window, thresholds)
    recheck = _recheck(history, thresholds)
    due = _due(recheck, window, as_of_day)
    signs = sorted(
        (one for one in words if one.day <= as_of_day),
        key=lambda one: (one.when_us, one.day, one.signal, one.clean, one.detail, one.path),
    )
    return DeviceVerdict(
        device=device,
        state=state,
        because=because(state, history, window, thresholds),
        missing=tuple(missing(state, history, window, thresholds, due=due)),
        since_day=_since(state, history, window, thresholds),
        covered=window.covered,
        alive=window.alive,
        gaps=window.gaps,
        kinds=tuple(sorted({kind for _unit, kind in history.needs})),
        recurrences=history.recurrences,
        recheck=recheck,
        declared=tuple(word_text(one) for one in signs if one.signal is Signal.DECLARED),
        signals=tuple(word_text(one) for one in signs if one.signal is not Signal.DECLARED),
    )


def _state(history: DeviceHistory, window: DayWindow, thresholds: Thresholds) -> DeviceState:
    if history.after:
        return DeviceState.RECURRED
    silent = _is_proven_silent(history, window, thresholds)
    if history.handled is None:
        if not history.bad:
            return DeviceState.CANNOT_TELL
        # Dormant malware is silent as well: nothing was removed.
        return DeviceState.QUIET_NOT_PROVEN if silent else DeviceState.INFECTED
    if history.contacts and not history.bad:
        return DeviceState.CANNOT_TELL
    if window.elapsed < thresholds.covered_days:
        return DeviceState.HANDLED
    if not window.looked:
        return DeviceState.CANNOT_TELL
    return DeviceState.VERIFIED_CLEAN if silent else DeviceState.QUIET_NOT_PROVEN


def _is_proven_silent(history: DeviceHistory, window: DayWindow, thresholds: Thresholds) -> bool:
    return (
        len(window.covered) >= max(1, thresholds.covered_days)
        and len(window.alive) >= max(1, thresholds.alive_days)
        and not history.doubts
    )


def _recheck(history: DeviceHistory, thresholds: Thresholds) -> tuple[str, ...]:
    if history.handled is None or history.after:
        return ()
    days = (day_after(history.handled.day, days) for days in sorted(set(thresholds.recheck_days)))
    return tuple(filter(None, days))


def _due(recheck: Sequence[str], window: DayWindow, as_of_day: str) -> list[str]:
    """Return the days of re-checks that have passed without a covered day since."""
    latest = window.covered[-1] if window.covered else ""
    return [day for day in recheck if latest < day < as_of_day]


def _since(
    state: DeviceState, history: DeviceHistory, window: DayWindow, thresholds: Thresholds
) -> str:
    """Return the day from which the state holds, "" where no day can be named."""
    if state is DeviceState.RECURRED:
        return history.after[0].day
    if state is DeviceState.INFECTED:
        return history.bad[0].day
    if state is DeviceState.VERIFIED_CLEAN:
        enough = (
            window.covered[thresholds.covered_days - 1],
            window.alive[thresholds.alive_days - 1],
        )
        return max(enough)
    return history.start_day


@dataclass(frozen=True)
class UnitVerdict:
    """What is known of a unit: its devices by state, and what was looked at.

    Shapes: `states` counts devices; `days` are local ISO dates with lines, `partial` those of them
    on which a kind of evidence held too few of its usual hours; `machines` is the unit's
    count of machines where it is known, else None; `untraced` counts sightings without a device,
    `untimed` files whose lines carry no time.
    """

    unit: str
    states: Mapping[str, int]
    sources: int
    days: tuple[str, ...]
    partial: tuple[str, ...]
    kinds: tuple[str, ...]
    alive: int
    machines: int | None = None
    untraced: int = 0
    untimed: int = 0

    @property
    def infected(self) -> int:
        """How many devices are infected as far as is known: an open case, old or new."""
        return self.states.get(DeviceState.INFECTED, 0) + self.states.get(DeviceState.RECURRED, 0)

    @property
    def is_unexamined(self) -> bool:
        """Whether nothing is known to belong to it: no line with a time, no file without."""
        return not (self.days or self.infected or self.untimed)

    @property
    def sentence(self) -> str:
        """The number with what follows it; a unit without evidence has no number."""
        return _sentence(self)


def unit_verdicts(
    verdicts: Iterable[tuple[str, DeviceVerdict]],
    coverage: Iterable[DayCoverage],
    *,
    machines: Mapping[str, int],
    untraced: Mapping[str, int],
    untimed: Mapping[str, int],
    share: float,
    named: Iterable[str] = (),
) -> list[UnitVerdict]:
    """Return the units in order: of devices (each with its unit), of evidence, of `machines`.

    Of a unit in `named` (by a table) without evidence, just that is reported.
    """
    states: dict[str, dict[str, int]] = {}
    for unit, verdict in verdicts:
        counts = states.setdefault(unit, {})
        counts[verdict.state] = counts.get(verdict.state, 0) + 1
    looked: dict[str, list[DayCoverage]] = {}
    for unit_day in coverage:
        if unit_day.lines:
            looked.setdefault(unit_day.unit, []).append(unit_day)
    return [
        replace(
            unit_day,
            machines=machines.get(unit_day.unit),
            untraced=untraced.get(unit_day.unit, 0),
            untimed=untimed.get(unit_day.unit, 0),
        )
        for unit_day in (
            _unit(unit, states.get(unit, {}), looked.get(unit, []), share)
            for unit in sorted({*states, *looked, *machines, *untraced, *untimed, *named})
        )
    ]


def _unit(
    unit: str, states: Mapping[str, int], looked: Sequence[DayCoverage], share: float
) -> UnitVerdict:
    days = sorted({one.day for one in looked})
    partial = sorted({one.day for one in looked if not _is_whole(one, share)})
    return UnitVerdict(
        unit=unit,
        states=dict(sorted(states.items())),
        sources=len({path for one in looked for path in one.sources}),
        days=tuple(days),
        partial=tuple(partial),
        kinds=tuple(sorted({one.kind for one in looked})),
        alive=len({device for one in looked for device in one.alive}),
    )


def _is_whole(one: DayCoverage, share: float) -> bool:
    good = (one.hours - one.thin_hours) & one.usual
    return bool(one.usual) and len(good) >= share * len(one.usual)


def _sentence(verdict: UnitVerdict) -> str:
    if verdict.is_unexamined:
        return _(
            "Not examined: no line with a time is known to belong to this unit. This is not a zero."
        )
    if not verdict.days and verdict.infected:
        text = _(
            "%(infected)s infected, and there may be more: its lines carry no time by which the "
            "days looked at could be counted."
        )
        return text % {"infected": verdict.infected}
    if not verdict.days:
        text = _(
            "The lines of %(count)s files have no readable time, so the days that they "
            "cover are unknown. This is not a zero."
        )
        return text % {"count": verdict.untimed}
    facts = {
        "infected": verdict.infected,
        "sources": verdict.sources,
        "days": len(verdict.days),
        "when": days_text(verdict.days),
        "alive": verdict.alive,
        "logs": ", ".join(log_word(kind) for kind in verdict.kinds),
        "machines": verdict.machines,
        "percent": 100 * verdict.alive // verdict.machines if verdict.machines else 0,
        "partial": len(verdict.partial),
        "untraced": verdict.untraced,
        "untimed": verdict.untimed,
    }
    parts = [
        counted(
            _(
                "%(infected)s infected; looked at: %(sources)s sources (%(logs)s), %(days)s days "
                "(%(when)s), %(alive)s devices alive"
            ),
            facts,
        )
    ]
    if verdict.machines:
        # Not each device alive need be in the inventory: the share may be less, never more.
        share = (
            _("at most %(percent)s%% of the %(machines)s machines in the inventory")
            if verdict.alive < verdict.machines
            else _("the inventory has %(machines)s machines")
        )
        parts.append(counted(share, facts))
    if verdict.partial:
        parts.append(counted(_("%(partial)s days not whole"), facts))
    if verdict.untraced:
        parts.append(counted(_("%(untraced)s sightings could be traced to no device"), facts))
    if verdict.untimed:
        parts.append(counted(_("%(untimed)s files without times"), facts))
    return "; ".join(parts) + "."
