"""The rule of small numbers: fewer than ten people never show, on a day or between two days.

A number of people or machines is shown in whole tens. What is shown moves only once ten or more
have come or gone since it last moved: whoever holds two days against each other learns of ten
people at least, or of nothing. Units with fewer than ten people stand together for good, joined by
the next larger ones until there are ten people and two units.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

FEW = 10
BORDERS = (25, 50, 75)
"""Percent of the staff where a band of shares begins; below the first is band 0."""


@dataclass(frozen=True)
class Sized:
    """A unit with all below, and its people."""

    node_id: int
    people: int


def moved(exact: int, base: int | None) -> int:
    """Return the number behind what is shown: the old one until it is off by FEW or more."""
    return exact if base is None or abs(exact - base) >= FEW else base


def shown(base: int) -> int | None:
    """Return what is shown of a number: whole tens, None for fewer than ten, zero included."""
    return None if base < FEW else base - base % FEW


def stepped(exact: int, base: int | None, step: int) -> int:
    """Return the number behind what is shown by the minute: the old one until it strays by `step`.

    A step that nobody knows, FEW or more and another one each time: who presses himself until the
    number moves, or watches each minute, cannot tell how many others it took.
    """
    return exact if base is None or abs(exact - base) >= max(step, FEW) else base


def band_of(people: int, staff: int, before: int | None, margin: int) -> int:
    """Return the band of the share: the old one until its border is passed by `margin` people.

    The share is that of all who take part, not of what is rounded: rounding would rank the units
    by how few people they have. Nobody knows the margin, so no single press shows.
    """
    if before is None:
        return _band(people, staff)
    return max(_band(people - margin, staff), min(before, _band(people + margin, staff)))


def margin_most(staff: int) -> int:
    """Return the widest margin: an eighth of the staff, so that the last band can be reached."""
    return max(2, min(FEW, staff // 8))


def _band(people: int, staff: int) -> int:
    return sum(100 * people >= border * staff for border in BORDERS)


def bases_of(exact: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """Return for each cell the number behind what is shown, by that of the last publication."""
    return {cell: moved(number, before.get(cell)) for cell, number in exact.items()}


def grouped(units: Sequence[Sized], before: Collection[int]) -> frozenset[int] | None:
    """Return the units that stand together, those of `before` among them; empty where none does.

    None when nothing may be shown unit by unit: even all together are too few, or are one unit.
    """
    small = {one.node_id for one in units if one.people < FEW or one.node_id in before}
    if not small:
        return frozenset()
    rest = sorted(
        (one for one in units if one.node_id not in small),
        key=lambda one: (one.people, one.node_id),
    )
    people = sum(one.people for one in units if one.node_id in small)
    for one in rest:
        if people >= FEW and len(small) > 1:
            break
        small.add(one.node_id)
        people += one.people
    return frozenset(small) if people >= FEW and len(small) > 1 else None
