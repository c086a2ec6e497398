"""People: who has which role in a unit, who is invited, and an account as its manager sees it."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import NO, Paged, Part, UnitOut, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.people.models.roles import Assignment, Invitation
from quetsach_portal.people.roles import access, queries
from quetsach_portal.people.roles.queries import PeopleOfUnit, PersonRole, PersonView

router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    PersonRole,
    "id=assignment.pk user_id=assignment.user_id name=assignment.user email "
    "role=assignment.role valid_from=assignment.valid_from valid_to=assignment.valid_to "
    "acting_for=assignment.acting_for is_active=assignment.user.is_active",
)
class AssignmentOut(Schema):
    """Somebody's role in a unit; `valid_to` is exclusive, `acting_for` whose role is lent.

    `email` is told to those who may write to the people of the unit.
    """


@of_row(Invitation, "id email role expires_at mailed_at")
class InvitationOut(Schema):
    """An invitation that has not been accepted yet."""


@of_row(PeopleOfUnit, "assignments=seats invitations")
class PeopleOut(Schema):
    """The people of a unit, and who is invited where the token's maker may give that role."""

    assignments: list[AssignmentOut]
    invitations: list[InvitationOut]


class StaffedOut(UnitOut):
    """A unit directly below, and how many people have a role there."""

    people: int


@of_row(Assignment, "unit_id unit=unit.name role acting_for")
class SeatOut(Schema):
    """A role that holds today."""


@of_row(
    PersonView,
    "id=user.pk name=user.name email=user.email is_active=user.is_active "
    "last_login=user.last_login has_factor seats",
)
class PersonOut(Schema):
    """An account, as shown to those who manage it."""

    seats: list[SeatOut]


@router.get(
    "/units/{unit_id}/people",
    response={200: PeopleOut, **NO},
    summary="Who has which role in a unit, and who is invited",
)
def people(request: HttpRequest, unit_id: int) -> PeopleOfUnit:
    """Return the people of a unit."""
    scope = caller(request).scope
    return queries.people_of(scope, access.unit_with_people(scope, unit_id))


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
    summary="An account, for those who manage it",
)
def person(request: HttpRequest, user_id: int) -> PersonView:
    """Return an account."""
    return queries.person(access.person_to_manage(caller(request).scope, user_id))
