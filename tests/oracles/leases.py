"""The slow, obvious twin of the history of leases: one address, every span looked at each time.

It takes the records one by one and shares no code with `quetsach.attribution`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
FOREVER = 1 << 62
BACK = ("released", "expired", "declined")


class Row(NamedTuple):
    """One record of the address, in the order in which records of one time are taken.

    A machine or server of "" is not named; `seconds` of None or 0 is a day.
    """

    when: int
    path: str
    offset: int
    act: str
    machine: str
    server: str
    seconds: int | None = None
    rough: bool = False


@dataclass(eq=False)
class Span:
    """What a machine held; `natural` is until when by its own records alone."""

    act: str
    machine: str
    server: str
    start: int
    end: int
    natural: int
    rough: bool
    ended: str = "open"
    silent: list[tuple[int, int]] = field(default_factory=list)
    near_until: int = FOREVER
    only_ended: bool = False
    rivals: list[tuple[int, "Span"]] = field(default_factory=list)


def spans(rows: Iterable[Row]) -> list[Span]:
    """Return the spans of all records, in the order in which they begin."""
    found: list[Span] = []
    told: set[tuple[int, str]] = set()
    for row in sorted(rows):
        if row.act == "given":
            _given(found, row)
        elif row.act == "seen" and row.machine:
            _seen(found, row)
        elif row.act == "reserved" and row.machine:
            _reserved(found, row)
        elif row.act in BACK:
            _back(found, row, again=(row.when, row.machine) in told)
            told.add((row.when, row.machine))
    for span in found:
        if span.act == "given" and span.ended == "open" and span.end != FOREVER:
            span.ended = "ran-out"
    return found


def _may_be_one(one: str, other: str) -> bool:
    return one == other or not one or not other


def _given(found: list[Span], row: Row) -> None:
    length = max(0, (row.seconds or 86_400) * 1_000_000)
    end = FOREVER if row.seconds is not None and row.seconds >= 0xFFFFFFFF else row.when + length
    new = Span("given", row.machine, row.server, row.when, end, end, row.rough)
    if not row.machine:
        found.append(new)
        return
    _speak_again(found, row)
    former = [
        one
        for one in found
        if one.act == "given"
        and one.ended == "open"
        and one.machine != row.machine
        and _may_be_one(one.server, row.server)
    ]
    same = [
        one
        for one in found
        if one.act == "given"
        and one.ended == "open"
        and one.machine == row.machine
        and _may_be_one(one.server, row.server)
        and one.end >= row.when
    ]
    if same:
        held = same[-1]
        held.end = held.natural = end
        held.server = held.server or row.server
        held.rough = held.rough or row.rough
    else:
        held = new
        found.append(new)
    for one in former:
        if one.end <= row.when:
            one.ended = "ran-out"
            continue
        one.end, one.ended = row.when, "given-on"
        if one.machine:
            held.rivals.append((row.when, one))


def _seen(found: list[Span], row: Row) -> None:
    _speak_again(found, row)
    earlier = [one for one in found if one.act == "seen" and one.machine == row.machine]
    if earlier and earlier[-1].ended == "open" and row.when - (earlier[-1].end - 1) <= 30 * MINUTE:
        earlier[-1].end = row.when + 1
        earlier[-1].rough = earlier[-1].rough or row.rough
        return
    end = row.when + 1
    new = Span("seen", row.machine, row.server, row.when, end, end, row.rough)
    found.append(new)


def _reserved(found: list[Span], row: Row) -> None:
    _speak_again(found, row)
    for one in found:
        other = one.machine != row.machine and _may_be_one(one.server, row.server)
        if one.act == "reserved" and one.ended == "open" and other:
            one.end, one.ended = row.when, "given-on"
    kept = [
        one
        for one in found
        if one.act == "reserved" and one.machine == row.machine and one.ended == "open"
    ]
    if kept:
        kept[-1].rough = kept[-1].rough and row.rough
    else:
        new = Span("reserved", row.machine, row.server, row.when, FOREVER, FOREVER, row.rough)
        found.append(new)


def _back(found: list[Span], row: Row, *, again: bool) -> None:
    closed = False
    for one in found:
        mine = one.machine == row.machine
        if not row.machine:
            mine = one.act == "given" and _may_be_one(one.server, row.server)
        if mine and one.act in ("given", "seen") and one.ended == "open":
            if one.act == "seen":
                # Only the latest sightings; earlier ones are over anyhow.
                later = [x for x in found if x.act == "seen" and x.machine == one.machine]
                if later[-1] is not one:
                    continue
                one.near_until = row.when
            if one.end >= row.when:
                one.end, one.ended = row.when, row.act
                closed = True
            elif one.act == "seen":
                one.ended = "over"
            else:
                one.ended = "ran-out"
        if row.machine and mine and one.act == "reserved" and one.ended == "open":
            one.silent = [each for each in one.silent if each[1] != FOREVER] + (
                [each for each in one.silent if each[1] == FOREVER] or [(row.when, FOREVER)]
            )
    if not closed and not again:
        new = Span("given", row.machine, row.server, row.when, row.when, row.when, row.rough)
        new.ended, new.only_ended = row.act, True
        found.append(new)


def _speak_again(found: list[Span], row: Row) -> None:
    for one in found:
        if one.act == "reserved" and one.machine == row.machine and one.silent:
            start, end = one.silent[-1]
            if end == FOREVER:
                one.silent[-1] = (start, row.when)


Told = tuple[str, str, frozenset[str]]
"""Machine, grade, rivals."""


def holder(found: list[Span], when: int | None, slack: int = 0) -> Told | None:
    """Return who held the address at a time, how surely, and who it could be too."""
    named = [one for one in found if one.machine]

    if when is None:
        return _eliminated(found, named[-1]) if named else None

    def holds(one: Span, low: int, high: int) -> bool:
        return one.act in ("given", "seen") and one.start <= high and low < one.end

    def order(one: Span) -> tuple[bool, int, int]:
        return one.act == "given", one.start, found.index(one)

    strong = [one for one in named if holds(one, when, when)]
    about = [one for one in named if holds(one, when - slack, when + slack)]
    about = [one for one in about if one.start < one.end]
    weak = [one for one in found if _hints(one, when)]
    if strong:
        best = max(strong, key=order)
        certain_rivals = {one.machine for one in about} - {best.machine}
        still = {
            former.machine
            for after in found
            for since, former in after.rivals
            if since <= when < min(former.natural, after.end)
        }
        hinted = ({one.machine for one in weak} | still) - {best.machine}
        nameless = any(not one.machine and holds(one, when, when) for one in found)
        grade = "certain"
        if certain_rivals:
            grade = "ambiguous"
        elif hinted or nameless or best.rough or not _all_along(about, best, when, slack):
            grade = "likely"
        return best.machine, grade, frozenset(certain_rivals | hinted)
    if about:
        return _eliminated(found, max(about, key=order))
    if weak:
        near = [one for one in weak if one.act == "seen"]
        best = max(near or weak, key=lambda one: (one.start, found.index(one)))
        others = frozenset({one.machine for one in weak} - {best.machine})
        return best.machine, "ambiguous" if others else "likely", others
    return _from_the_rest(found, when)


def _eliminated(found: list[Span], best: Span) -> Told:
    others = frozenset({one.machine for one in found if one.machine} - {best.machine})
    return best.machine, "ambiguous" if others else "likely", others


def _from_the_rest(found: list[Span], when: int) -> Told | None:
    named = [one for one in found if one.machine]
    over = [
        one
        for one in found
        if one.act != "reserved" and one.end <= when and (one.machine or one.ended in BACK)
    ]
    if not over:
        return _near_in_time(_eliminated(found, named[0]), named[0].start - when) if named else None
    last = max(over, key=lambda one: (one.end, one.start, found.index(one)))
    if last.ended not in BACK:
        return _near_in_time(_eliminated(found, last), when - last.end)
    after = [one for one in named if one.start > when and not one.only_ended]
    if not after:
        return None
    best = after[0]
    return best.machine, "ambiguous", _eliminated(found, best)[2]


def _near_in_time(told: Told, away: int) -> Told:
    """Return what elimination tells, in doubt where the record is more than 30 days away."""
    machine, grade, others = told
    return machine, "ambiguous" if away > 30 * 24 * 60 * MINUTE else grade, others


def _hints(one: Span, when: int) -> bool:
    if one.act == "seen":
        until = min(one.end + 15 * MINUTE, one.near_until)
        return one.start - 15 * MINUTE <= when < until
    if one.act == "reserved":
        silent = any(start <= when < end for start, end in one.silent)
        return one.start <= when < one.end and not silent
    return False


def _all_along(about: list[Span], best: Span, when: int, slack: int) -> bool:
    """Return whether the machine held the address in each moment around `when`."""
    reach = when - slack
    mine = sorted((one.start, one.end) for one in about if one.machine == best.machine)
    for start, end in mine:
        if start <= reach:
            reach = max(reach, end)
    return reach > when + slack
