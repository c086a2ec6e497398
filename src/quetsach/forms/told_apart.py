"""What can be told apart of a figure, by ids or by a sketch, so that nothing counts twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from quetsach.forms.definition import Aggregation
from quetsach.forms.distinct import Estimate, together
from quetsach.forms.figure import Figure
from quetsach.forms.own import Own
from quetsach.forms.values import Absent, Count


@dataclass(frozen=True)
class Apart:
    """The ids or the sketch of all together, and how much was told more than once."""

    organisations: frozenset[str] | None = None
    sketch: bytes | None = None
    overlap: int = 0
    estimated: Estimate | None = None

    def range_of(self, total: Count | Absent) -> tuple[int, int] | None:
        """Return the range of `total`, 95 %, where a part of it is an estimate."""
        part = self.estimated
        if part is None or part.is_exact or isinstance(total, Absent):
            return None
        number = total.number
        return max(0, number - (part.number - part.low)), number + (part.high - part.number)


_NOTHING = Apart()


def told_apart(
    aggregation: Aggregation | None, own: Own | None, children: Sequence[Figure | None]
) -> Apart:
    """Return what is known by name or sketch of a figure's parts, and their overlap."""
    if aggregation is Aggregation.DISTINCT_ORGANISATIONS:
        return _organisations(own, children)
    if aggregation is Aggregation.DISTINCT_MACHINES:
        return _machines(own, children)
    return _NOTHING


def _organisations(own: Own | None, children: Sequence[Figure | None]) -> Apart:
    parts = [one.organisations for one in children if one is not None and _has_ids(one)]
    if own is not None and isinstance(own.value, Count) and own.organisations:
        parts.append(own.organisations)
    if len(parts) == 1 and parts[0] is not None:
        return Apart(organisations=parts[0])
    named: frozenset[str] = frozenset().union(*(part for part in parts if part is not None))
    told = sum(len(part) for part in parts if part is not None)
    return Apart(organisations=named, overlap=told - len(named))


def _has_ids(figure: Figure) -> bool:
    return figure.organisations is not None and isinstance(figure.total, Count)


def _machines(own: Own | None, children: Sequence[Figure | None]) -> Apart:
    parts = [
        one.sketch
        for one in children
        if one is not None and one.sketch is not None and isinstance(one.total, Count)
    ]
    if own is not None and isinstance(own.value, Count) and own.sketch is not None:
        parts.append(own.sketch)
    if not parts:
        return _NOTHING
    all_of_them = together(parts)
    # Two estimates of the same machines may differ by their error; nothing is ever told less
    # than once.
    overlap = max(0, all_of_them.told - all_of_them.found.number)
    return Apart(sketch=all_of_them.sketch, overlap=overlap, estimated=all_of_them.found)
