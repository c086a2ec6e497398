"""What happened to a device, in order: contacts, findings of scans, handlings, and what is open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quetsach.verdicts.model import Contact, Handling, Signal, Word


@dataclass(frozen=True, order=True)
class Bad:
    """A sign of infection at a time: the indicator met, or "" where a scan found malware."""

    when_us: int
    day: str
    indicator: str
    by_scan: bool


@dataclass(frozen=True)
class History:
    """The record of one device until a day.

    Shapes: `bad` is in order; `handled` is the last handling, `after` the signs after it. `needs`
    are the (unit, kind) of evidence that showed its contacts. `doubts` counts contacts that may be
    another's or carry no time and may lie after `start_us`; `ahead` are handlings of later days.
    """

    bad: tuple[Bad, ...]
    after: tuple[Bad, ...]
    handled: Handling | None
    recurrences: int
    needs: tuple[tuple[str, str], ...]
    doubts: int
    contacts: int
    untimed: int
    ahead: tuple[Handling, ...]

    @property
    def start_day(self) -> str:
        """The day after which silence counts: of the last handling or else sign, or ""."""
        if self.handled is not None:
            return self.handled.day
        return self.bad[-1].day if self.bad else ""


def history_of(
    contacts: Sequence[Contact],
    handlings: Sequence[Handling],
    words: Sequence[Word],
    *,
    as_of_day: str,
) -> History:
    """Return the record; what lies after `as_of_day` is left out.

    A contact at the very time of a handling lies before it. What a person declares is no sign.
    """
    told = [one for one in contacts if one.day <= as_of_day]
    in_order = sorted(handlings, key=lambda one: (one.when_us, one.day, one.what, one.by))
    done = [one for one in in_order if one.day <= as_of_day]
    bad = _bad(told, [one for one in words if one.day <= as_of_day])
    handled = done[-1] if done else None
    after = tuple(one for one in bad if handled is not None and one.when_us > handled.when_us)
    start_us = handled.when_us if handled else bad[-1].when_us if bad else None
    return History(
        bad=bad,
        after=after,
        handled=handled,
        recurrences=_recurrences(done, bad),
        needs=tuple(sorted({(one.unit, one.kind) for one in told})),
        doubts=_doubts(told, words, start_us),
        contacts=len(told),
        untimed=sum(not one.day for one in told),
        ahead=tuple(one for one in in_order if one.day > as_of_day),
    )


def _bad(contacts: Iterable[Contact], words: Iterable[Word]) -> tuple[Bad, ...]:
    met = {
        Bad(one.when_us, one.day, one.indicator, by_scan=False)
        for one in contacts
        if one.sure and one.day
    }
    found = {
        Bad(one.when_us, one.day, "", by_scan=True) for one in words if one.day and _found(one)
    }
    return tuple(sorted(met | found))


def _found(word: Word) -> bool:
    return not word.clean and word.signal is not Signal.DECLARED


def _recurrences(done: Sequence[Handling], bad: Sequence[Bad]) -> int:
    """Return how many handlings were followed by a sign before the next one."""
    ends = [*(one.when_us for one in done), None]
    return sum(
        any(begin < one.when_us and (end is None or one.when_us <= end) for one in bad)
        for begin, end in pairwise(ends)
        if begin is not None
    )


def _doubts(contacts: Iterable[Contact], words: Iterable[Word], start_us: int | None) -> int:
    open_ends = [
        *(
            one.day == "" or start_us is None or one.when_us > start_us
            for one in contacts
            if not one.sure or not one.day
        ),
        *(True for one in words if not one.day and _found(one)),
    ]
    return sum(open_ends)
