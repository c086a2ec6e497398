"""Names, parents and paths of units with their dates; ended, never overwritten."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, Length, Substr

from quetsach_portal.units.models import OrgEdge, OrgName, OrgUnit
from quetsach_portal.web.folding import folded

Item = TypeVar("Item")

MOST = 900
"""Fewer than SQLite's oldest limit of 999 values in a query."""


def in_batches(items: Sequence[Item], size: int = MOST) -> Iterator[Sequence[Item]]:
    """Yield `items` in batches of `size`, small enough for one query of every database."""
    for at in range(0, len(items), size):
        yield items[at : at + size]


def on_day(day: date) -> Q:
    """Return the condition "holds on `day`" for rows with `valid_from` and `valid_to`."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def end_names(unit_ids: Sequence[int], day: date) -> None:
    """End the open names of these units on `day`; one that began that day or later is dropped."""
    for some in in_batches(unit_ids):
        OrgUnit.objects.filter(pk__in=some, has_old_name=False).update(has_old_name=True)
        open_names = OrgName.objects.filter(unit_id__in=some, valid_to__isnull=True)
        open_names.filter(valid_from__gte=day).delete()
        open_names.filter(valid_from__lt=day).update(valid_to=day)


def end_edges(child_ids: Sequence[int], day: date, lines: Iterable[str] = ()) -> None:
    """End the open parents of these units on `day`, on `lines` or on all."""
    chosen = Q(line__in=list(lines)) if lines else Q()
    for some in in_batches(child_ids):
        edges = OrgEdge.objects.filter(chosen, child_id__in=some, valid_to__isnull=True)
        edges.filter(valid_from__gte=day).delete()
        edges.filter(valid_from__lt=day).update(valid_to=day)


def search_text(name: str, code: str, short_name: str = "") -> str:
    """Return what a search looks through: name, short name and code without marks."""
    return folded(f"{name} {short_name} {code}")[:255]


def ids_on(path: str) -> list[int]:
    """Return the ids on `path`, the root first: [1, 34] for "/1/34/"."""
    return [int(number) for number in path.strip("/").split("/")]


UNPLACED = "/0/"
"""The path of a unit between its creation and `place`; no scope contains it."""


def place(depth: int) -> None:
    """Give the unplaced units of `depth` their paths below their parents'. Cost: one query."""
    above = OrgUnit.objects.filter(pk=OuterRef("parent_id")).values("path")[:1]
    start = Value("/", CharField()) if depth == 0 else Subquery(above)
    whole = Concat(start, Cast("pk", CharField()), Value("/"), output_field=CharField())
    OrgUnit.objects.filter(path=UNPLACED, depth=depth).update(path=whole)


def subtree(path: str) -> QuerySet[OrgUnit]:
    """Return the unit with `path` and all below it, as a range that the index answers."""
    return OrgUnit.objects.filter(path__gte=path, path__lt=f"{path[:-1]}0")


def hang(unit: OrgUnit, parent: OrgUnit | None) -> None:
    """Move `unit` with its subtree under `parent`. Cost: two queries.

    Errors: ValueError when `parent` lies below `unit`.
    """
    old = unit.path
    if parent is not None and parent.path.startswith(old):
        raise ValueError(f"{parent.code} lies below {unit.code}")
    new = f"{'/' if parent is None else parent.path}{unit.pk}/"
    by = (0 if parent is None else parent.depth + 1) - unit.depth
    OrgUnit.objects.filter(pk=unit.pk).update(parent=parent)
    rest = Substr("path", Value(len(old) + 1), Length("path"))
    subtree(old).update(
        path=Concat(Value(new), rest, output_field=CharField()), depth=F("depth") + by
    )
    unit.path, unit.depth, unit.parent = new, unit.depth + by, parent


def adopt(old: OrgUnit, new: OrgUnit, children: Sequence[int]) -> None:
    """Hang `children` of `old`, with all below them, under `new`.

    Cost: two statements where all children go to one parent, two for each child otherwise.
    """
    everyone = OrgUnit.objects.filter(parent=old, closed_on__isnull=True).count() == len(children)
    rest = Substr("path", Value(len(old.path) + 1), Length("path"))
    moved = Concat(Value(new.path), rest, output_field=CharField())
    by = new.depth - old.depth
    if everyone and not OrgUnit.objects.filter(parent=old, closed_on__isnull=False).exists():
        below = subtree(old.path).exclude(pk=old.pk)
        below.update(path=moved, depth=F("depth") + by)
    else:
        for child in OrgUnit.objects.filter(pk__in=list(children)).values_list("path", flat=True):
            subtree(child).update(path=moved, depth=F("depth") + by)
    OrgUnit.objects.filter(pk__in=list(children)).update(parent=new)
