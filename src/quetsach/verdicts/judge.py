"""Is it clean: the state of one device, from contacts, handlings, words and coverage."""

from collections.abc import Sequence

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
    history_of,
)
from quetsach.verdicts.sentences import because, missing, word_text
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
            device,
            history.needs,
            coverage,
            after=start,
            before=as_of_day,
            share=thresholds.share,
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
        # Malware that only sleeps is silent as well: nobody has removed anything.
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
