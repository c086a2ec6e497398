"""Names and parents with their days: what held is ended, never overwritten."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from quetsach_portal.units.batches import in_batches
from quetsach_portal.units.folding import folded
from quetsach_portal.units.models import OrgEdge, OrgName, OrgUnit


def on_day(day: date) -> Q:
    """Return the condition "holds on `day`" for rows with `valid_from` and `valid_to`."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def name_on(unit: OrgUnit, day: date) -> str:
    """Return the unit's full name on `day`; its first name for days before it had one."""
    names = OrgName.objects.filter(unit=unit).order_by("valid_from")
    held = names.filter(on_day(day)).first() or names.first()
    return unit.name if held is None else held.full_name


def end_names(unit_ids: Sequence[int], day: date) -> None:
    """End the open names of these units on `day`; one that began that day or later is dropped."""
    for some in in_batches(unit_ids):
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
