"""Who of those with a claim to an address is named, how surely, and who stays in doubt."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from quetsach.attribution.lease_runs import GIVEN, UNTOLD
from quetsach.attribution.model import Certainty
from quetsach.attribution.timeline import (
    GIVEN_BACK,
    HELD,
    KEPT_FOR,
    NEAR,
    STILL_LEASED,
    AddressTimeline,
    Claim,
)
from quetsach.clocks import MICROSECONDS
from quetsach.errors.catalogue import N_

TWO_LEASES = N_("another DHCP server gave the address to it at the same time")
SEEN_THERE = N_("it was seen on the address at the same time")
SEEN_NEAR = N_("it was seen on the address shortly before or after")
RESERVED_FOR = N_("the address is reserved for it")
STILL_LEASED_TO = N_("its lease had not run out when the address was given to another machine")
WITHIN_DOUBT = N_("it held the address so near to that time that the clocks leave a doubt")
OTHER_TIME = N_("it held the address at another time")

ROUGH = N_("the time of the record is only that of its file")
NAMELESS = N_("the address was also given to a machine that the record does not name")
CROWDED = N_("too many machines had the address at once to tell them apart")
CLOCKS = N_("the clocks leave a doubt")
RAN_OUT = N_("it was the last to hold the address, and no record says that it gave it back")
AFTER_RELEASE = N_("the address had been given back; this machine was given it next")
BEFORE = N_("the first record of the address is later")
FAR_AWAY = N_("the nearest record of the address is more than 30 days away")
UNTIMED = N_("the time is not known")

FAR_US = 30 * 86_400 * MICROSECONDS
"""This far from its nearest record an address may have been any device's, or a clock is wrong."""

_REASONS = {NEAR: SEEN_NEAR, KEPT_FOR: RESERVED_FOR, STILL_LEASED: STILL_LEASED_TO}


@dataclass(frozen=True)
class RivalMachine:
    """A machine that it could have been too; `span` is -1 where only `run` is known of it."""

    machine: int
    reason: str
    span: int
    run: int = -1


@dataclass(frozen=True)
class HolderChoice:
    """The number of the span that is meant, how surely, why not more surely, and who else."""

    span: int
    grade: Certainty
    reason: str = ""
    doubts: tuple[RivalMachine, ...] = ()


Machines = Callable[[], dict[int, int]]
"""Gives the machines that ever had the address, each with a run of its."""


def answer(
    timeline: AddressTimeline, when_us: int | None, slack_us: int, machines: Machines
) -> HolderChoice | None:
    """Return who held the address of `timeline` at a time, or None if no device can be named."""
    if when_us is None:
        named = [one for one, span in enumerate(timeline.spans) if span.machine != UNTOLD]
        return _by_elimination(timeline, named[-1], UNTIMED, machines()) if named else None
    place = timeline.at(when_us)
    claims = timeline.claims[place]
    if len(claims) == 1 and not slack_us and claims[0][0] == HELD:
        # Nearly every question ends here; what follows would say the same.
        span = timeline.spans[claims[0][1]]
        if span.machine != UNTOLD:
            grade = Certainty.LIKELY if span.rough else Certainty.CERTAIN
            return HolderChoice(claims[0][1], grade, ROUGH if span.rough else "")
    first, last = timeline.at(when_us - slack_us), timeline.at(when_us + slack_us)
    around = _claims(timeline, first, last) if slack_us else claims
    crowded = not timeline.crowded.isdisjoint(range(first, last + 1)) if timeline.crowded else False
    held = _of_kind(timeline, claims, HELD)
    if held:
        found = _from_leases(timeline, max(held, key=_strength(timeline)), claims, around)
        return _in_doubt(found, timeline, (first, last), crowded)
    near = _of_kind(timeline, around, HELD)
    if near:
        best = max(near, key=_strength(timeline))
        return _by_elimination(timeline, best, WITHIN_DOUBT, machines())
    weak = [one for kind in (NEAR, KEPT_FOR) for one in _of_kind(timeline, claims, kind)]
    if weak:
        return _from_hints(timeline, weak, claims, crowded)
    return _from_the_rest(timeline, when_us, machines)


def _claims(timeline: AddressTimeline, first: int, last: int) -> tuple[Claim, ...]:
    """Return the claims that hold at any time between two places; a few of a great crowd."""
    found: dict[Claim, None] = {}
    for place in range(first, min(last, first + _PLACES) + 1):
        found.update(dict.fromkeys(timeline.claims[place]))
    return tuple(found)


_PLACES = 1000
"""How many changes within the doubt of the clocks are looked at."""


def _of_kind(timeline: AddressTimeline, claims: Iterable[Claim], kind: int) -> list[int]:
    return [span for one, span in claims if one == kind and timeline.spans[span].machine != UNTOLD]


def _strength(timeline: AddressTimeline) -> Callable[[int], tuple[bool, int, int]]:
    """Return what orders spans that hold: leases before sightings, then the later begun."""

    def of(number: int) -> tuple[bool, int, int]:
        span = timeline.spans[number]
        return span.act == GIVEN, span.start, number

    return of


def _from_leases(
    timeline: AddressTimeline, best: int, claims: tuple[Claim, ...], around: tuple[Claim, ...]
) -> HolderChoice:
    """Return the answer where somebody held the address at that very time."""
    spans = timeline.spans
    strong = _others(timeline, best, ((HELD, place) for place in _of_kind(timeline, claims, HELD)))
    beside = _others(timeline, best, ((HELD, place) for place in _of_kind(timeline, around, HELD)))
    weak = _others(timeline, best, (claim for claim in claims if claim[0] != HELD))
    doubts = {
        machine: RivalMachine(
            machine, SEEN_THERE if spans[place].act != GIVEN else TWO_LEASES, place
        )
        for machine, (_, place) in strong.items()
    }
    for machine, (_, place) in beside.items():
        doubts.setdefault(machine, RivalMachine(machine, WITHIN_DOUBT, place))
    grade = Certainty.AMBIGUOUS if doubts else Certainty.CERTAIN
    for machine, (kind, place) in weak.items():
        doubts.setdefault(machine, RivalMachine(machine, _REASONS[kind], place))
    reason = ""
    if any(spans[place].machine == UNTOLD for kind, place in claims if kind == HELD):
        reason = NAMELESS
    elif spans[best].rough:
        reason = ROUGH
    if grade is Certainty.CERTAIN and (doubts or reason):
        grade = Certainty.LIKELY
    return HolderChoice(best, grade, reason, tuple(doubts.values()))


def _others(timeline: AddressTimeline, best: int, claims: Iterable[Claim]) -> dict[int, Claim]:
    """Return the first claim of each machine that is not the one of span `best`."""
    machine = timeline.spans[best].machine
    by_machine: dict[int, Claim] = {}
    for one in claims:
        other = timeline.spans[one[1]].machine
        if other not in (machine, UNTOLD):
            by_machine.setdefault(other, one)
    return by_machine


def _in_doubt(
    choice: HolderChoice, timeline: AddressTimeline, places: tuple[int, int], crowded: bool
) -> HolderChoice:
    """Return the answer made less sure by a crowd, or by an end within the doubt of the clocks."""
    if crowded:
        return HolderChoice(choice.span, Certainty.AMBIGUOUS, CROWDED, choice.doubts)
    first, last = places
    machine = timeline.spans[choice.span].machine
    if choice.grade is Certainty.CERTAIN and first != last:
        for place in range(first, min(last, first + _PLACES) + 1):
            held = _of_kind(timeline, timeline.claims[place], HELD)
            if all(timeline.spans[one].machine != machine for one in held):
                return HolderChoice(choice.span, Certainty.LIKELY, CLOCKS, choice.doubts)
    return choice


def _from_hints(
    timeline: AddressTimeline, weak: list[int], claims: tuple[Claim, ...], crowded: bool
) -> HolderChoice:
    """Return the answer where a sighting is near, or the address is reserved, and no more."""
    kinds = [kind for kind, one in claims if one in weak]
    best_kind = NEAR if NEAR in kinds else KEPT_FOR
    best = max(
        _of_kind(timeline, claims, best_kind), key=lambda one: (timeline.spans[one].start, one)
    )
    others = _others(timeline, best, (one for one in claims if one[0] in (NEAR, KEPT_FOR)))
    doubts = tuple(
        RivalMachine(machine, _REASONS[kind], one) for machine, (kind, one) in others.items()
    )
    if crowded:
        return HolderChoice(best, Certainty.AMBIGUOUS, CROWDED, doubts)
    grade = Certainty.AMBIGUOUS if doubts else Certainty.LIKELY
    return HolderChoice(best, grade, _REASONS[best_kind], doubts)


def _from_the_rest(
    timeline: AddressTimeline, when_us: int, machines: Machines
) -> HolderChoice | None:
    """Return the answer where no holder of the address at that time is known."""
    place = bisect_right(timeline.ends, (when_us, when_us, len(timeline.spans))) - 1
    if place < 0:
        first = next(_named_after(timeline, None), None)
        if first is None:
            return None
        choice = _by_elimination(timeline, first, BEFORE, machines())
        return _near_in_time(choice, timeline.spans[first].start - when_us)
    before = timeline.ends[place][2]
    if timeline.spans[before].ended not in GIVEN_BACK:
        choice = _by_elimination(timeline, before, RAN_OUT, machines())
        return _near_in_time(choice, when_us - timeline.ends[place][0])
    after = (
        one
        for one in _named_after(timeline, when_us)
        # Not by a record that only ends what no record began.
        if timeline.spans[one].first != timeline.spans[one].end_row
    )
    following = next(after, None)
    if following is None:
        return None
    choice = _by_elimination(timeline, following, AFTER_RELEASE, machines())
    return HolderChoice(following, Certainty.AMBIGUOUS, AFTER_RELEASE, choice.doubts)


def _near_in_time(choice: HolderChoice, away_us: int) -> HolderChoice:
    """Return the answer by elimination, in doubt where its record is far away in time."""
    if away_us <= FAR_US:
        return choice
    return replace(choice, grade=Certainty.AMBIGUOUS, reason=FAR_AWAY)


def _named_after(timeline: AddressTimeline, when_us: int | None) -> Iterator[int]:
    """Give the spans of named machines that begin after a time, in order; all if it is None."""
    spans = timeline.spans
    first = 0 if when_us is None else bisect_right(spans, when_us, key=lambda span: span.start)
    return (one for one in range(first, len(spans)) if spans[one].machine != UNTOLD)


def _by_elimination(
    timeline: AddressTimeline, best: int, reason: str, machines: dict[int, int]
) -> HolderChoice:
    """Return the answer where it is only known who had the address at some time."""
    machine = timeline.spans[best].machine
    doubts = tuple(
        RivalMachine(other, OTHER_TIME, -1, run)
        for other, run in machines.items()
        if other != machine
    )
    grade = Certainty.AMBIGUOUS if doubts else Certainty.LIKELY
    return HolderChoice(best, grade, reason, doubts)
