"""Paths in the register: set for new units level by level, moved with everything below."""

from collections.abc import Sequence

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, Length, Substr

from quetsach_portal.units.models import OrgUnit

UNPLACED = "/0/"
"""The path of a unit between its creation and `place`; nobody's scope is ever this."""


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
    """Hang `unit` with all below it under `parent`. Cost: two queries, whatever hangs below.

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
