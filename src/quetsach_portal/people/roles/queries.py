"""What the pages of people show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Invitation, Role
from quetsach_portal.people.roles.access import may_end, may_give, may_read_contacts, running
from quetsach_portal.people.roles.scope import Scope, below
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.tables import Column, LongList

UNITS_BELOW = LongList(
    _lazy("Units directly below"),
    {
        "unit": Column(_lazy("Unit"), "name"),
        "people": Column(_lazy("People"), "people", "num"),
    },
    folded_in=("search",),
)

_ORDER = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True)
class PersonRole:
    """One line of the list: who, what, until when, and whether the reader may end it."""

    assignment: Assignment
    email: str
    last_day: date | None
    is_to_come: bool
    can_end: bool


@dataclass(frozen=True)
class PeopleOfUnit:
    """The people of a unit as one reader may see them."""

    unit: OrgUnit
    seats: tuple[PersonRole, ...]
    invitations: tuple[Invitation, ...]
    can_invite: bool


def own_units(scope: Scope) -> list[OrgUnit]:
    """Return the units in which the person has a role."""
    return list(OrgUnit.objects.filter(pk__in=scope.own_units()).order_by("depth", "name", "pk"))


def people_of(scope: Scope, unit: OrgUnit) -> PeopleOfUnit:
    """Return who has which role in `unit`. Cost: two queries."""
    ends, gives = may_end(scope, unit), may_give(scope, unit)
    day, shows_mail = timezone.localdate(), may_read_contacts(scope, unit)
    rows = (
        Assignment.objects.filter(unit=unit)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .select_related("user", "acting_for")
    )
    seats = [
        PersonRole(
            assignment=one,
            email=one.user.email if shows_mail else "",
            last_day=last_day_of(one.valid_to),
            is_to_come=one.valid_from > day,
            can_end=Role(one.role) in ends or one.acting_for_id == scope.user_id,
        )
        for one in sorted(rows, key=lambda row: (_ORDER[Role(row.role)], row.user.name, row.pk))
    ]
    return PeopleOfUnit(unit, tuple(seats), tuple(_open(unit, gives)), bool(gives))


def units_below(scope: Scope, unit: OrgUnit) -> QuerySet[OrgUnit]:
    """Return the units whose people are seen from `unit`, with how many people each has."""
    rows = OrgUnit.objects.none()
    if scope.has_role_in(unit, Role.LEAD_OWNER, Role.COMPILER):
        rows = OrgUnit.objects.filter(parent=unit)
    elif scope.has_role_above(unit, Role.AUDITOR):
        rows = OrgUnit.objects.filter(below(unit.path)).filter(parent=unit)
    day = timezone.localdate()
    holds = Q(assignments__valid_from__lte=day) & (
        Q(assignments__valid_to__isnull=True) | Q(assignments__valid_to__gt=day)
    )
    people = Count("assignments__user", filter=holds, distinct=True)
    return rows.filter(closed_on__isnull=True).annotate(people=people).order_by("name", "pk")


@dataclass(frozen=True)
class PersonView:
    """A person as shown to the one who manages the account."""

    user: User
    seats: tuple[Assignment, ...]
    has_factor: bool


def person(user: User) -> PersonView:
    """Return what is to know about `user` to help them sign in."""
    seats = running().filter(user=user).select_related("unit", "acting_for")
    return PersonView(user, tuple(seats), is_mfa_enabled(user))


def last_day_of(valid_to: date | None) -> date | None:
    """Return the last day of a role that ends before `valid_to`."""
    return None if valid_to is None else valid_to - timedelta(days=1)


def unit_of_first_seat(user: User) -> OrgUnit:
    """Return a unit in which `user` has a role, for a link that belongs to no role."""
    first = running().filter(user=user).select_related("unit").order_by("pk").first()
    assert first is not None
    return first.unit


def _open(unit: OrgUnit, gives: Iterable[Role]) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        unit=unit, role__in=list(gives), accepted_at__isnull=True, withdrawn_at__isnull=True
    ).order_by("email", "pk")
