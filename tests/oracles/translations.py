"""The slow, obvious twin of the history of translations: every record for every question.

It shares no code with `quetsach.attribution`; a record is (inside address, public port, last port,
other side, other port, protocol, begin, end, time, rough), None where it is not told.
"""

from collections.abc import Iterable
from typing import NamedTuple

SECOND = 1_000_000
FRESH, LASTS = 60 * SECOND, 3600 * SECOND


class Row(NamedTuple):
    """One record, all of one public address."""

    inside: str
    port: int | None
    last_port: int | None
    remote: str | None
    remote_port: int | None
    transport: str | None
    start: int | None
    end: int | None
    when: int | None
    rough: bool


class Asked(NamedTuple):
    """One question; None is untold."""

    port: int | None
    when: int | None
    remote: str | None
    slack: int


def inside(rows: Iterable[Row], asked: Asked) -> tuple[frozenset[str], str]:
    """Return the inside addresses that may be meant, and how sure one of them is, "" for none."""
    fitting = [one for one in _paired([*rows]) if _fits(one, asked)]
    now, about, maybe = [], [], []
    for one in fitting:
        (sure_from, sure_to), (may_from, may_to) = _stood(one)
        if asked.when is None:
            maybe.append(one)
            continue
        low, high = asked.when - asked.slack, asked.when + asked.slack
        if sure_from <= asked.when <= sure_to:
            now.append(one)
        if sure_from <= high and low <= sure_to:
            about.append(one)
        if may_from <= high and low <= may_to:
            maybe.append(one)
    chosen = about or maybe
    addresses = frozenset(one.inside for one in chosen)
    if len(addresses) != 1:
        return addresses, "ambiguous" if addresses else ""
    if asked.when is None or asked.port is None:
        return addresses, "likely"
    sure = any(not one.rough for one in now)
    return addresses, "certain" if sure else "likely"


def _fits(one: Row, asked: Asked) -> bool:
    if asked.remote is not None and one.remote not in (None, asked.remote):
        return False
    if asked.port is None or one.port is None:
        return True
    return one.port <= asked.port <= max(one.port, one.last_port or 0)


def _paired(rows: list[Row]) -> list[Row]:
    """Return the records with each begin that is followed at once by an end of its own joined."""

    def time(one: Row) -> int:
        told = [value for value in (one.start, one.end, one.when) if value is not None]
        return told[0] if told else 0

    flows: dict[tuple[object, ...], list[Row]] = {}
    for one in rows:
        flows.setdefault(one[:6], []).append(one)
    found: list[Row] = []
    for flow in flows.values():
        flow.sort(key=time)
        place = 0
        while place < len(flow):
            one = flow[place]
            after = flow[place + 1] if place + 1 < len(flow) else None
            begins = one.start is not None and one.end is None
            if begins and after is not None and after.start is None and after.end is not None:
                found.append(one._replace(end=after.end))
                place += 2
            else:
                found.append(one)
                place += 1
    return found


def _stood(one: Row) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return from when to when it surely stood, and from when to when it may have."""
    if one.start is not None and one.end is not None:
        return (one.start, one.end), (one.start, one.end)
    if one.start is not None:
        return (one.start, one.start + FRESH), (one.start, one.start + LASTS)
    if one.end is not None:
        return (one.end - FRESH, one.end), (one.end - LASTS, one.end)
    if one.when is not None:
        return (one.when - FRESH, one.when + FRESH), (one.when - LASTS, one.when + LASTS)
    return (1, 0), (0, 1 << 62)
