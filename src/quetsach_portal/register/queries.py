"""Queries behind the pages of the register; each list is one page and a few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.tree.waiting import WaitingChange
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, units_of
from quetsach_portal.register.models import RegisterUpload, UploadState
from quetsach_portal.units.dated import ids_on
from quetsach_portal.units.models import (
    Desk,
    EventState,
    EventUnit,
    Headcount,
    OrgEdge,
    OrgEvent,
    OrgName,
    OrgUnit,
    UnitContact,
)
from quetsach_portal.units.searching import matching
from quetsach_portal.web.tables import Column, LongList

UNITS = LongList(
    _lazy("Units"),
    {
        "unit": Column(_lazy("Unit"), "name"),
        "code": Column(_lazy("Code"), "code"),
        "kind": Column(_lazy("Kind"), "kind"),
        "below": Column(_lazy("Units below"), css="number"),
    },
    folded_in=("search",),
)
"""Its words are looked for in the whole tree."""

CHILDREN = LongList(
    _lazy("Units below"),
    {name: column for name, column in UNITS.columns.items() if name != "below"},
    folded_in=("search",),
)

HEALTH = LongList(
    _lazy("Units"),
    {
        "unit": Column(_lazy("Unit"), "name"),
        "code": Column(_lazy("Code"), "code"),
        "todo": Column(_lazy("To do")),
    },
    folded_in=("search",),
)

MOST_OPEN = 12
MOST_CHILDREN = 200
STALE = timedelta(days=365)


@dataclass(frozen=True)
class TreeRow:
    """One line of the tree: a unit, how deep it is shown, and whether it is opened."""

    unit: OrgUnit
    depth: int
    children: int
    is_open: bool
    toggled: str


def tree_page(scope: Scope, roots: Sequence[OrgUnit], opened: Sequence[int]) -> list[TreeRow]:
    """Return the lines of the tree: `roots`, and below each opened unit its children.

    Cost: two queries a level shown, whatever the size of the register.
    """
    opened_ids = list(dict.fromkeys(opened))[:MOST_OPEN]
    visible = units_of(scope).filter(pk__in=opened_ids).only("pk")
    children = {unit.pk: _children(scope, unit.pk) for unit in visible}
    shown = [*roots, *(one for some in children.values() for one in some)]
    counts = _child_counts([unit.pk for unit in shown])
    lines: list[TreeRow] = []
    placed: set[int] = set()

    def put(units: Iterable[OrgUnit], depth: int) -> None:
        for unit in units:
            if unit.pk in placed:
                continue
            placed.add(unit.pk)
            is_open = unit.pk in children
            others = [str(one) for one in opened_ids if one != unit.pk]
            toggled = ",".join(others if is_open else [*others, str(unit.pk)])
            lines.append(TreeRow(unit, depth, counts.get(unit.pk, 0), is_open, toggled))
            if is_open:
                put(children[unit.pk], depth + 1)

    put(roots, 0)
    return lines


def roots_of(scope: Scope) -> QuerySet[OrgUnit]:
    """Return the highest units that the person sees."""
    mine = OrgUnit.objects.filter(pk__in=scope.own_units())
    return mine.filter(scope.visible()).order_by("depth", "code")


def search(scope: Scope, words: str) -> QuerySet[OrgUnit]:
    """Return the units whose name or code holds `words`, with or without Vietnamese marks."""
    return matching(units_of(scope), words)


def history(unit: OrgUnit) -> dict[str, list[object]]:
    """Return the names, parents and events of a unit with their days, newest first."""
    return {
        "names": list(OrgName.objects.filter(unit=unit).order_by("-valid_from")),
        "edges": list(
            OrgEdge.objects.filter(child=unit).select_related("parent").order_by("-valid_from")
        ),
        "events": list(
            EventUnit.objects.filter(unit=unit).select_related("event").order_by("-event_id")
        ),
        "heads": list(Headcount.objects.filter(unit=unit).order_by("-as_of")[:12]),
    }


def contacts_of(unit: OrgUnit) -> list[UnitContact]:
    """Return the open contacts of a unit."""
    return list(UnitContact.objects.filter(unit=unit, valid_to__isnull=True).order_by("role", "pk"))


def desks_of(unit: OrgUnit) -> list[Desk]:
    """Return which units work for this one."""
    return list(Desk.objects.filter(unit=unit).select_related("served_by").order_by("role"))


def ancestors(unit: OrgUnit) -> list[OrgUnit]:
    """Return the units above this one, the highest first."""
    return list(OrgUnit.objects.filter(pk__in=ids_on(unit.path)[:-1]).order_by("depth"))


def health(scope: Scope, problem: str) -> QuerySet[OrgUnit]:
    """Return the open units with a problem of contacts: missing, bounced, shared or stale."""
    units = units_of(scope).filter(closed_on__isnull=True).order_by("path")
    return units.filter(_HEALTH.get(problem, _HEALTH["missing"])())


def health_counts(scope: Scope) -> dict[str, int]:
    """Return how many units have each problem. Cost: a query each."""
    return {name: health(scope, name).count() for name in _HEALTH}


def events_of(scope: Scope, *, waiting: bool) -> QuerySet[OrgEvent]:
    """Return the events that the person sees, those that wait or those decided, newest first."""
    seen = scope.visible() | Q(proposed_by_id=scope.user_id)
    state = Q(state=EventState.PROPOSED)
    rows = OrgEvent.objects.filter(seen).filter(state if waiting else ~state)
    return rows.select_related("proposed_by", "decided_by").order_by("-pk")


def waiting_changes(event: OrgEvent) -> int:
    """Return how many changes of campaigns wait for the next phase."""
    return WaitingChange.objects.filter(
        event=event, done_at__isnull=True, cancelled_at__isnull=True
    ).count()


def open_uploads(scope: Scope) -> QuerySet[RegisterUpload]:
    """Return the files that wait for a yes."""
    return (
        RegisterUpload.objects.filter(
            top_id__in=scope.own_units(Role.LEAD_OWNER), state=UploadState.OPEN
        )
        .defer("content")
        .order_by("-pk")
    )


def children_of(unit: OrgUnit) -> QuerySet[OrgUnit]:
    """Return the open units directly below."""
    return OrgUnit.objects.filter(parent=unit, closed_on__isnull=True).order_by("code")


def _children(scope: Scope, unit_id: int) -> list[OrgUnit]:
    children = units_of(scope).filter(parent_id=unit_id).order_by("closed_on", "code")
    return list(children[:MOST_CHILDREN])


def _child_counts(ids: Sequence[int]) -> dict[int, int]:
    rows = OrgUnit.objects.filter(parent_id__in=ids).values_list("parent_id")
    return {pk: count for pk, count in rows.annotate(Count("pk")) if pk is not None}


def _stale() -> Q:
    return Q(contact_since__lt=timezone.localdate() - STALE)


_HEALTH = {
    "missing": lambda: Q(no_contact=True),
    "bounced": lambda: Q(has_bounced=True),
    "shared": lambda: Q(shares_address=True),
    "stale": _stale,
}
"""Each problem as what is kept in a unit tells it (`units/contact_rows.py`)."""
