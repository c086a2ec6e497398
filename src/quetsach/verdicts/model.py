"""The values of a verdict: local days, signs of infection, handlings, a device's history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from quetsach.texts import _, language


class DeviceState(StrEnum):
    """What is known of a device; only `verified-clean` says that it is clean."""

    INFECTED = "infected"
    HANDLED = "handled"
    QUIET_NOT_PROVEN = "quiet-not-proven"
    VERIFIED_CLEAN = "verified-clean"
    RECURRED = "recurred"
    CANNOT_TELL = "cannot-tell"


class Signal(StrEnum):
    """Where a word about a device comes from; what a person merely says proves nothing."""

    SCAN = "scan"
    COLLECTION = "collection"
    DECLARED = "declared"


@dataclass(frozen=True)
class Thresholds:
    """What a campaign asks for before it calls a device clean.

    Units: days. `share` is how much of the usual hours of a day must hold lines for it to count
    as covered, 0 to 1.
    """

    covered_days: int = 7
    alive_days: int = 3
    share: float = 0.75
    recheck_days: tuple[int, ...] = (7, 30)


@dataclass(frozen=True)
class VerdictContact:
    """A sighting of a device, as far as a verdict needs it.

    Shapes: `day` is a local ISO date, "" where the record carries no time. `sure` is False where
    it may have been another device, or a good service on an allow-list.
    """

    when_us: int
    day: str
    kind: str
    number: str = ""
    indicator: str = ""
    unit: str = ""
    sure: bool = True


@dataclass(frozen=True)
class HandlingRecord:
    """Work on the device; `what` describes it."""

    when_us: int
    day: str
    what: str = ""
    by: str = ""


@dataclass(frozen=True)
class SideSignal:
    """A signal beside the logs: a scan, a collection from the PC, or what somebody declares."""

    when_us: int
    day: str
    signal: Signal
    clean: bool
    detail: str = ""
    path: str = ""


@dataclass(frozen=True)
class DayCoverage:
    """One day of one kind of evidence in one unit.

    Shapes: `kind` is dns, connection, web, host ...; `hours` holds the local hours with lines,
    `usual` those in which lines are to be expected; `alive` are the devices seen that day, `unseen`
    those whose questions may have gone past such logs (DNS to a public resolver over TLS).
    """

    day: str
    kind: str
    unit: str
    lines: int
    hours: frozenset[int] = frozenset()
    usual: frozenset[int] = frozenset()
    thin_hours: frozenset[int] = frozenset()
    alive: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ()
    unseen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DeviceVerdict:
    """The state of a device, the sentence that explains it, and what is missing for more.

    Shapes: `missing` are sentences; `covered`, `alive` and `gaps` are local ISO dates; `recheck`
    are the days on which it is to be looked at again.
    """

    device: str
    state: DeviceState
    because: str
    missing: tuple[str, ...] = ()
    since_day: str = ""
    covered: tuple[str, ...] = ()
    alive: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    recurrences: int = 0
    recheck: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    signals: tuple[str, ...] = field(default=())


MOST_DAYS = 366
"""How many single days are named at most, the latest; a clock that is years off names no more."""

MOST_SPANS = 4

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def days_between(after: str, before: str) -> int:
    """Return how many whole days lie after the day `after` and before the day `before`."""
    return max(0, (date.fromisoformat(before) - date.fromisoformat(after)).days - 1)


def latest_days(after: str, before: str) -> Iterator[str]:
    """Yield the days after `after` and before `before`, in order; of too many the latest."""
    end = date.fromisoformat(before).toordinal()
    begin = date.fromisoformat(after).toordinal() + 1
    for number in range(max(begin, end - MOST_DAYS), end):
        yield date.fromordinal(number).isoformat()


def day_after(day: str, days: int) -> str:
    """Return the day `days` later, "" where the calendar ends before it."""
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        return ""


def spans(days: Iterable[str]) -> list[tuple[str, str]]:
    """Return the days put together into (first, last) of days that follow each other."""
    runs: list[tuple[date, date]] = []
    for day in sorted(map(date.fromisoformat, set(days))):
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    return [(first.isoformat(), last.isoformat()) for first, last in runs]


def day_text(day: str) -> str:
    """Return a day for people: 12/09/2022, or 12 September 2022."""
    one = date.fromisoformat(day)
    if language() == "vi":
        return f"{one.day:02}/{one.month:02}/{one.year}"
    return f"{one.day} {_MONTHS[one.month - 1]} {one.year}"


def days_text(days: Iterable[str]) -> str:
    """Return days as spans: `on 5 September 2022, from 12 to 14 September 2022`."""
    found = spans(days)
    shown = [_span_text(*one) for one in found[:MOST_SPANS]]
    if len(found) > MOST_SPANS:
        shown.append(_("and in %(count)s more spans") % {"count": len(found) - MOST_SPANS})
    return ", ".join(shown)


def _span_text(first: str, last: str) -> str:
    if first == last:
        return _("on %(day)s") % {"day": day_text(first)}
    facts = {"first": _short(first, last), "last": day_text(last)}
    return _("from %(first)s to %(last)s") % facts


def _short(first: str, last: str) -> str:
    """Return the first day of a span without what its last day says again."""
    if language() == "vi" or first[:4] != last[:4]:
        return day_text(first)
    words: Sequence[str] = day_text(first).split()
    return " ".join(words[:1] if first[:7] == last[:7] else words[:2])


@dataclass(frozen=True, order=True)
class InfectionSign:
    """A sign of infection at a time: the indicator met, or "" where a scan found malware."""

    when_us: int
    day: str
    indicator: str
    by_scan: bool


@dataclass(frozen=True)
class DeviceHistory:
    """The record of one device until a day.

    Shapes: `bad` is in order; `handled` is the last handling, `after` the signs after it. `needs`
    are the (unit, kind) of evidence that showed its contacts. `doubts` counts contacts that may be
    another's or carry no time and may lie after `start_us`; `ahead` are handlings of later days.
    """

    bad: tuple[InfectionSign, ...]
    after: tuple[InfectionSign, ...]
    handled: HandlingRecord | None
    recurrences: int
    needs: tuple[tuple[str, str], ...]
    doubts: int
    contacts: int
    untimed: int
    ahead: tuple[HandlingRecord, ...]

    @property
    def start_day(self) -> str:
        """The day after which silence counts: of the last handling or else sign, or ""."""
        if self.handled is not None:
            return self.handled.day
        return self.bad[-1].day if self.bad else ""


def history_of(
    contacts: Sequence[VerdictContact],
    handlings: Sequence[HandlingRecord],
    words: Sequence[SideSignal],
    *,
    as_of_day: str,
) -> DeviceHistory:
    """Return the record; what lies after `as_of_day` is left out.

    A contact at the very time of a handling lies before it. What a person declares is no sign.
    """
    dated = [one for one in contacts if one.day <= as_of_day]
    in_order = sorted(handlings, key=lambda one: (one.when_us, one.day, one.what, one.by))
    done = [one for one in in_order if one.day <= as_of_day]
    bad = _bad(dated, [one for one in words if one.day <= as_of_day])
    handled = done[-1] if done else None
    after = tuple(one for one in bad if handled is not None and one.when_us > handled.when_us)
    start_us = handled.when_us if handled else bad[-1].when_us if bad else None
    return DeviceHistory(
        bad=bad,
        after=after,
        handled=handled,
        recurrences=_recurrences(done, bad),
        needs=tuple(sorted({(one.unit, one.kind) for one in dated})),
        doubts=_doubts(dated, words, start_us),
        contacts=len(dated),
        untimed=sum(not one.day for one in dated),
        ahead=tuple(one for one in in_order if one.day > as_of_day),
    )


def _bad(
    contacts: Iterable[VerdictContact], words: Iterable[SideSignal]
) -> tuple[InfectionSign, ...]:
    met = {
        InfectionSign(one.when_us, one.day, one.indicator, by_scan=False)
        for one in contacts
        if one.sure and one.day
    }
    indicators = {
        InfectionSign(one.when_us, one.day, "", by_scan=True)
        for one in words
        if one.day and _is_scan_finding(one)
    }
    return tuple(sorted(met | indicators))


def _is_scan_finding(word: SideSignal) -> bool:
    return not word.clean and word.signal is not Signal.DECLARED


def _recurrences(done: Sequence[HandlingRecord], bad: Sequence[InfectionSign]) -> int:
    """Return how many handlings were followed by a sign before the next one."""
    ends = [*(one.when_us for one in done), None]
    return sum(
        any(begin < one.when_us and (end is None or one.when_us <= end) for one in bad)
        for begin, end in pairwise(ends)
        if begin is not None
    )


def _doubts(
    contacts: Iterable[VerdictContact], words: Iterable[SideSignal], start_us: int | None
) -> int:
    open_ends = [
        *(
            one.day == "" or start_us is None or one.when_us > start_us
            for one in contacts
            if not one.sure or not one.day
        ),
        *(True for one in words if not one.day and _is_scan_finding(one)),
    ]
    return sum(open_ends)
