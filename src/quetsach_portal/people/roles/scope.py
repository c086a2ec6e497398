"""What a person may reach today: units by path prefix, with the roles held there.

Everything else asks here: pages, exports, file links and the API. Deny by default.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.compiled_queries import CompiledQuery

AnyModel = TypeVar("AnyModel", bound=Model)

LEAD = frozenset({Role.LEAD_OWNER, Role.LEAD_ANALYST})
SEES_SUBTREE = frozenset(
    {Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.AUDITOR, Role.OPERATOR}
)
"""Roles that look below their own unit; the others see their own unit alone."""


@dataclass(frozen=True)
class RoleInUnit:
    """One role in one unit today, with the unit's path.

    Shapes: `read_only` is the role in a unit that ended: it still shows, and allows no act.
    """

    unit_id: int
    path: str
    role: Role
    acting_for: str = ""
    read_only: bool = False


@dataclass(frozen=True)
class Scope:
    """All roles of a person on a day; empty for an anonymous user, who may do nothing."""

    user_id: int
    seats: tuple[RoleInUnit, ...]

    def has_role(self, *roles: Role) -> bool:
        """True when one of `roles` is held anywhere."""
        return any(seat.role in roles for seat in self._active())

    def has_role_in(self, unit: OrgUnit, *roles: Role) -> bool:
        """True when one of `roles` is held in `unit` itself."""
        return any(seat.unit_id == unit.pk and seat.role in roles for seat in self._active())

    def has_role_above(self, unit: OrgUnit, *roles: Role) -> bool:
        """True when one of `roles` is held in `unit` or a unit above it."""
        return any(
            seat.role in roles and unit.path.startswith(checked_path(seat.path))
            for seat in self._active()
        )

    def has_role_in_parent(self, unit: OrgUnit, *roles: Role) -> bool:
        """True when one of `roles` is held in the unit directly above `unit`."""
        return unit.parent_id is not None and any(
            seat.unit_id == unit.parent_id and seat.role in roles for seat in self._active()
        )

    def lent_by(self, unit: OrgUnit, *roles: Role) -> str:
        """Return for whom the person acts in `unit` with one of `roles`; "" with an own role.

        What an act hands to `audit.record` as `acting_for`.
        """
        held = [seat for seat in self.seats if seat.unit_id == unit.pk and seat.role in roles]
        return "" if not held or any(not one.acting_for for one in held) else held[0].acting_for

    def own_units(self, *roles: Role) -> frozenset[int]:
        """Return the ids of the units in which one of `roles` (any, if none is named) is held."""
        if not roles:
            return frozenset(seat.unit_id for seat in self.seats)
        return frozenset(seat.unit_id for seat in self._active() if seat.role in roles)

    def _active(self) -> Iterator[RoleInUnit]:
        return (seat for seat in self.seats if not seat.read_only)

    def visible(self, prefix: str = "") -> Q:
        """Return the condition on a row whose unit path is in the field `{prefix}path`.

        With roles that see a subtree: the subtree; with the others: the own unit.
        """
        subtrees = [seat.path for seat in self.seats if seat.role in SEES_SUBTREE]
        return below_or_at(subtrees, [seat.path for seat in self.seats], prefix)


def below_or_at(subtrees: Iterable[str], single: Iterable[str], prefix: str = "") -> Q:
    """Return the condition "in one of the `subtrees`, or at one of the `single` paths".

    Each place is asked for once, though a person may have several roles there: databases read rows
    in the order of their paths for one range of them, and not for the same one twice.
    """
    highest: tuple[str, ...] = ()
    for path in sorted(map(checked_path, subtrees)):
        if not path.startswith(highest):
            highest = (*highest, path)
    condition = Q(pk__in=[])
    for path in highest:
        condition |= below(path, prefix)
    for path in dict.fromkeys(map(checked_path, single)):
        if not path.startswith(highest):
            condition |= Q(**{f"{prefix}path": path})
    return condition


def below(path: str, prefix: str = "") -> Q:
    """Return the condition "in the subtree of `path`", as a range that an index answers.

    `startswith` becomes a LIKE that SQLite answers by a scan.
    """
    path = checked_path(path)
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path[:-1] + "0"})


def checked_path(path: str) -> str:
    """Return `path` when it is a whole one, "/1/34/"; an empty scope never means everything.

    Errors: ValueError.
    """
    if len(path) < 3 or not (path.startswith("/") and path.endswith("/")):
        raise ValueError(f"not a path of units: {path!r}")
    return path


def scope_of(user: User | AnonymousUser, on: date | None = None) -> Scope:
    """Return what `user` may reach on `on`, today if none is given.

    Cost: one query, kept for one request (`rights.signed_in`): an ended role counts at the next.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Scope(0, ())
    day = timezone.localdate() if on is None else on
    return Scope(user.pk, tuple(_seats(_HELD(user_id=user.pk, day=day), day)))


def _held(user_id: int, day: date) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(user_id=user_id, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .select_related("unit", "acting_for")
        .only("role", "unit__path", "unit__closed_on", "acting_for__name", "acting_for__email")
        .order_by("unit__depth", "pk")
    )


_HELD = CompiledQuery(_held)


def unit_for(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit if `scope` may see it. Errors: Http404, as if it were not there."""
    return get_or_404(OrgUnit.objects.filter(scope.visible(), pk=unit_id))


def units_of(scope: Scope) -> QuerySet[OrgUnit]:
    """Return all units that `scope` may see."""
    return OrgUnit.objects.filter(scope.visible())


def get_or_404(rows: QuerySet[AnyModel]) -> AnyModel:
    """Return the one row. Errors: Http404."""
    row = rows.first()
    if row is None:
        raise Http404
    return row


def _seats(held: Iterable[Assignment], day: date) -> Iterable[RoleInUnit]:
    for one in held:
        lent = "" if one.acting_for is None else str(one.acting_for)
        ended = one.unit.closed_on is not None and one.unit.closed_on <= day
        yield RoleInUnit(one.unit_id, one.unit.path, Role(one.role), lent, ended)


# The request as our views see it: signed in, with its scope.
