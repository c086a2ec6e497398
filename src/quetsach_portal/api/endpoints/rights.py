"""People: who has which role in a unit, who is invited, and an account as its manager sees it."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO, Paged, Part, part_of
from quetsach_portal.api.schemas import UnitOut, name_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.people.roles import access, queries

router = Router(auth=ByToken(TokenScope.READ))


class AssignmentOut(Schema):
    """Somebody's role in a unit; `valid_to` is exclusive, `acting_for` whose role is lent.

    `email` is told to those who may write to the people of the unit.
    """

    id: int
    user_id: int
    name: str
    email: str
    role: str
    valid_from: date
    valid_to: date | None
    acting_for: str
    is_active: bool


class InvitationOut(Schema):
    """Somebody who was invited and has not come yet."""

    id: int
    email: str
    role: str
    expires_at: datetime
    mailed_at: datetime | None


class PeopleOut(Schema):
    """The people of a unit, and who is invited where the token's maker may give that role."""

    assignments: list[AssignmentOut]
    invitations: list[InvitationOut]


class StaffedOut(UnitOut):
    """A unit directly below, and how many people have a role there."""

    people: int


class SeatOut(Schema):
    """A role that holds today."""

    unit_id: int
    unit: str
    role: str
    acting_for: str

    @staticmethod
    def resolve_unit(one: Assignment) -> str:
        """Return the unit's name."""
        return one.unit.name

    @staticmethod
    def resolve_acting_for(one: Assignment) -> str:
        """Return a name."""
        return name_of(one.acting_for)


class PersonOut(Schema):
    """An account as whoever manages it sees it."""

    id: int
    name: str
    email: str
    is_active: bool
    last_login: datetime | None
    has_factor: bool
    seats: list[SeatOut]


@router.get(
    "/units/{unit_id}/people",
    response={200: PeopleOut, **NO},
    summary="Who has which role in a unit, and who is invited",
)
def people(request: HttpRequest, unit_id: int) -> dict[str, Any]:
    """Return the people of a unit."""
    scope = caller(request).scope
    found = queries.people_of(scope, access.unit_with_people(scope, unit_id))
    return {
        "assignments": [_assignment(one) for one in found.seats],
        "invitations": list(found.invitations),
    }


@router.get(
    "/units/{unit_id}/people/below",
    response={200: Part[StaffedOut], **NO},
    summary="Units directly below with how many people have a role there",
)
def people_below(request: HttpRequest, unit_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the units whose people are seen from this one."""
    scope = caller(request).scope
    unit = access.unit_with_people(scope, unit_id)
    return part_of(queries.units_below(scope, unit), paged)


@router.get(
    "/people/{user_id}",
    response={200: PersonOut, **NO},
    summary="An account, for who manages it",
)
def person(request: HttpRequest, user_id: int) -> dict[str, Any]:
    """Return an account."""
    account = queries.person(access.person_to_manage(caller(request).scope, user_id))
    user = account.user
    names = ("id", "name", "email", "is_active", "last_login")
    return {
        **{name: getattr(user, name) for name in names},
        "has_factor": account.has_factor,
        "seats": list(account.seats),
    }


def _assignment(person_role: queries.PersonRole) -> dict[str, Any]:
    assignment = person_role.assignment
    return {
        "id": assignment.pk,
        "user_id": assignment.user_id,
        "name": name_of(assignment.user),
        "email": person_role.email,
        "role": assignment.role,
        "valid_from": assignment.valid_from,
        "valid_to": assignment.valid_to,
        "acting_for": name_of(assignment.acting_for),
        "is_active": assignment.user.is_active,
    }
