"""The register's subtree on a day, on chosen lines: what a campaign's tree is copied from."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from quetsach_portal.units.models import Headcount, OrgEdge, OrgName, OrgUnit


@dataclass(frozen=True)
class Planned:
    """A unit as it will stand in the tree; `parent_id` is a unit's, None for the root."""

    unit_id: int
    parent_id: int | None
    depth: int
    name: str
    staff: int


def subtree_on(root: OrgUnit, lines: Sequence[str], day: date) -> list[Planned]:
    """Return `root` and the units below it on `lines` at `day`, parents before children.

    A unit below the root on several lines stands there once: on the first of `lines` that leads to
    it. Units not yet open or closed by then are left out with all that hangs on them alone.
    Cost: four queries.
    """
    standing = _on(day, "opened_on", "closed_on")
    names = dict(OrgUnit.objects.filter(standing).values_list("pk", "name"))
    if root.pk not in names:
        return []
    names.update(
        OrgName.objects.filter(_on(day, "valid_from", "valid_to")).values_list(
            "unit_id", "full_name"
        )
    )
    staff = dict(
        Headcount.objects.filter(as_of__lte=day)
        .order_by("as_of", "pk")
        .values_list("unit_id", "staff_count")
    )
    open_units = frozenset(OrgUnit.objects.filter(standing).values_list("pk", flat=True))
    edges = _edges(lines, day)
    return [
        Planned(unit, parent, depth, names[unit], staff.get(unit, 0))
        for unit, parent, depth in _placed(root.pk, edges, open_units)
    ]


def _edges(lines: Sequence[str], day: date) -> list[dict[int, list[int]]]:
    """Return the children by parent, a mapping for each line in the order of `lines`."""
    by_line: dict[str, dict[int, list[int]]] = {line: {} for line in lines}
    rows = OrgEdge.objects.filter(_on(day, "valid_from", "valid_to"), line__in=list(by_line))
    for child, parent, line in rows.order_by("pk").values_list("child_id", "parent_id", "line"):
        by_line[line].setdefault(parent, []).append(child)
    return list(by_line.values())


def _placed(
    root: int, edges: Sequence[Mapping[int, Sequence[int]]], standing: frozenset[int]
) -> list[tuple[int, int | None, int]]:
    """Return (unit, parent, depth) of all that is reached, level by level.

    The first line is followed as far as it goes before the second adds anything, so that a unit
    keeps its place on the first whatever the others say; loops end at what was reached.
    """
    depth_of: dict[int, int] = {root: 0}
    parent_of: dict[int, int | None] = {root: None}
    order = [root]
    for number in range(len(edges)):
        waiting = deque(order)
        while waiting:
            unit = waiting.popleft()
            for line in edges[: number + 1]:
                for child in line.get(unit, ()):
                    if child in depth_of or child not in standing:
                        continue
                    depth_of[child], parent_of[child] = depth_of[unit] + 1, unit
                    order.append(child)
                    waiting.append(child)
    order.sort(key=depth_of.__getitem__)
    return [(unit, parent_of[unit], depth_of[unit]) for unit in order]


def _on(day: date, begin: str, end: str) -> Q:
    return Q(**{f"{begin}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))
