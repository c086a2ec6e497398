"""From the destination of a notice to the devices that a log inside saw reach it."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from quetsach.attribution.model import AttributionStep, Certainty, StepKind
from quetsach.clocks import MICROSECONDS
from quetsach.notices.candidates import CandidateMark, CandidateSet, InsideLead, named
from quetsach.notices.model import Notice
from quetsach.notices.moments import TimeWindow
from quetsach.notices.world import ObservedContact, TraceContext
from quetsach.scanning.grades import SightingGrade
from quetsach.texts import _

MOST_OF_ONE = 50
"""So many contacts of one address are looked at; a bot that calls each second has thousands."""

_REACHED = SightingGrade.BLOCKED.rank
_NEAREST_US = 86_400 * MICROSECONDS


def by_contact(notice: Notice, window: TimeWindow, world: TraceContext, unit: str) -> CandidateSet:
    """Return the devices that reached the notice's destination about that time.

    Machines of another unit than `unit` are left out where both are known.
    """
    loose = window.loosened()
    contacts = _contacts(notice, loose, world, unit)
    # A machine that holds the public address itself needs no translator.
    direct = [one for one in contacts if one.address == notice.address]
    return named(_leads(notice, window, direct or contacts), world)


def nearest_us(notice: Notice, window: TimeWindow, world: TraceContext, unit: str) -> int | None:
    """Return how far the nearest contact within a day is from the time; None if there is none."""
    if window.from_us is None:
        return None
    found = _contacts(notice, window.loosened(_NEAREST_US), world, unit)
    return min((_distance(window, one) for one in found), default=None)


def _contacts(
    notice: Notice, window: TimeWindow, world: TraceContext, unit: str
) -> list[ObservedContact]:
    if not notice.remote_address and not notice.remote_name:
        return []
    remote = (notice.remote_address, notice.remote_port, notice.remote_name)
    found = world.contacts(remote, window.from_us, window.until_us)
    return [one for one in found if not unit or not one.unit or one.unit == unit]


def _leads(
    notice: Notice, window: TimeWindow, contacts: list[ObservedContact]
) -> Iterator[InsideLead]:
    leads_by_address: Counter[str] = Counter()
    ranked = sorted(
        ((_marks(notice, contact), _distance(window, contact), contact) for contact in contacts),
        key=lambda row: (-row[0], row[1], row[2].address, row[2].place),
    )
    for marks, distance, contact in ranked:
        leads_by_address[contact.address] += 1
        if leads_by_address[contact.address] > MOST_OF_ONE:
            continue
        is_direct = contact.address == notice.address
        step = AttributionStep(
            StepKind.DIRECT,
            notice.address,
            contact.address,
            Certainty.CERTAIN if is_direct else Certainty.LIKELY,
            contact.place,
            contact.when_us,
            contact.end_us,
        )
        yield InsideLead(
            address=contact.address,
            port=contact.port,
            when_us=contact.when_us,
            # Another machine may have reached it too, on a way that no log saw.
            grade=Certainty.CERTAIN
            if is_direct and marks & CandidateMark.OWN_PORT
            else Certainty.LIKELY,
            marks=marks,
            distance_us=distance,
            reasons=tuple(_reasons(notice, contact, marks)),
            places=(contact.place,),
            steps=(step,),
        )


def _marks(notice: Notice, contact: ObservedContact) -> CandidateMark:
    marks = CandidateMark.NONE
    if contact.grade.rank >= _REACHED:
        marks |= CandidateMark.REACHED
    if notice.remote_port is not None and contact.remote_port == notice.remote_port:
        marks |= CandidateMark.REMOTE_PORT
        # Linux and most home routers keep the port of the machine where it is free; two machines
        # on the same port to the same service within minutes are rare (RFC 4787, 4.2.1).
        if notice.port is not None and contact.port == notice.port:
            marks |= CandidateMark.OWN_PORT
    return marks


def _reasons(notice: Notice, contact: ObservedContact, marks: CandidateMark) -> Iterator[str]:
    if contact.address == notice.address:
        yield _("it has the public address itself")
    if marks & CandidateMark.REMOTE_PORT:
        yield _(
            "an inside log shows it reaching the same destination on the same port at that time"
        )
    elif marks & CandidateMark.REACHED:
        yield _("an inside log shows it reaching the same destination at that time")
    else:
        yield _("it looked up the name of the destination at that time")
    if marks & CandidateMark.OWN_PORT:
        yield _("its own port is the port in the notice; most routers keep the port")


def _distance(window: TimeWindow, contact: ObservedContact) -> int:
    end = contact.when_us if contact.end_us is None else contact.end_us
    return window.distance_us(contact.when_us, end)


# Contacts in the order of time: those about a moment are found without looking at the others.

_LASTING_US = 86_400 * MICROSECONDS
"""The few connections that last longer are looked at each time."""


class ContactsByTime:
    """Contacts that can be asked for by a span of time."""

    def __init__(self, contacts: Iterable[ObservedContact]) -> None:
        timed: list[tuple[int, ObservedContact]] = []
        self._always: list[ObservedContact] = []
        self._longest_us = 0
        for contact in contacts:
            length_us = _length_us(contact)
            if contact.when_us is None or length_us > _LASTING_US:
                self._always.append(contact)
            else:
                timed.append((contact.when_us, contact))
                self._longest_us = max(self._longest_us, length_us)
        timed.sort(key=_start)
        self._starts = [when for when, _one in timed]
        self._timed = [contact for _when, contact in timed]

    def between(self, from_us: int | None, until_us: int | None) -> Iterator[ObservedContact]:
        """Yield what took place at some time in that span, and what tells no time.

        Cost: a binary search, and each contact that began within the longest one of the span.
        """
        first, last = 0, len(self._starts)
        if from_us is not None:
            first = bisect_left(self._starts, from_us - self._longest_us)
        if until_us is not None:
            last = bisect_right(self._starts, until_us)
        near = (self._timed[place] for place in range(first, last))
        return (one for one in chain(self._always, near) if _meets(one, from_us, until_us))


def _start(row: tuple[int, ObservedContact]) -> int:
    return row[0]


def _length_us(one: ObservedContact) -> int:
    if one.when_us is None or one.end_us is None:
        return 0
    return max(one.end_us - one.when_us, 0)


def _meets(contact: ObservedContact, from_us: int | None, until_us: int | None) -> bool:
    if contact.when_us is None:
        return True
    end = contact.when_us + _length_us(contact)
    return (until_us is None or contact.when_us <= until_us) and (from_us is None or end >= from_us)
