"""The only way to a unit's people, to an assignment, and to an invitation."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Invitation, Role
from quetsach_portal.people.roles.scope import Scope, get_or_404, unit_for
from quetsach_portal.units.models import OrgUnit

# Who may give which role where (campaign.md, section 4, "Manage users"), and read contacts.

_STAFF = frozenset({Role.COMPILER, Role.FOCAL_POINT, Role.SIGNER, Role.CLERK, Role.TECHNICIAN})

IN_OWN_UNIT: Mapping[Role, frozenset[Role]] = {
    Role.LEAD_OWNER: frozenset(Role),
    Role.COMPILER: _STAFF,
    # A compiler looks below the unit, so a focal point makes none.
    Role.FOCAL_POINT: _STAFF - {Role.COMPILER},
    Role.OPERATOR: frozenset({Role.LEAD_OWNER}),
}
IN_CHILD: Mapping[Role, frozenset[Role]] = {
    Role.LEAD_OWNER: _STAFF | {Role.AUDITOR},
    Role.COMPILER: _STAFF,
}
"""What the holder of a role may give in the units directly below."""

DELEGABLE = frozenset({Role.COMPILER, Role.FOCAL_POINT, Role.SIGNER, Role.CLERK})
LONGEST_DELEGATION_DAYS = 60

NEEDS_SECOND_FACTOR = frozenset({Role.LEAD_OWNER, Role.COMPILER, Role.SIGNER})


def may_give(scope: Scope, unit: OrgUnit) -> frozenset[Role]:
    """Return the roles that the person may give in `unit`."""
    roles: frozenset[Role] = frozenset()
    for seat in scope.seats:
        if seat.acting_for or seat.read_only:
            continue
        if seat.unit_id == unit.pk:
            roles |= IN_OWN_UNIT.get(seat.role, frozenset())
        elif seat.unit_id == unit.parent_id:
            roles |= IN_CHILD.get(seat.role, frozenset())
    return roles


def may_end(scope: Scope, unit: OrgUnit) -> frozenset[Role]:
    """Return the roles that the person may end in `unit`: an operator makes owners, no more."""
    others = tuple(seat for seat in scope.seats if seat.role != Role.OPERATOR)
    return may_give(Scope(scope.user_id, others), unit)


def may_read_contacts(scope: Scope, unit: OrgUnit) -> bool:
    """True when the person may read telephone numbers and addresses of the people in `unit` (A4).

    Not an operator, an analyst or an auditor, nor anybody above the direct parent.
    """
    own = (Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT, Role.CLERK)
    return scope.has_role_in(unit, *own) or scope.has_role_in_parent(
        unit, Role.LEAD_OWNER, Role.COMPILER
    )


def unit_with_people(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit if the person may see who has which role there. Errors: Http404.

    The own unit; for owners and compilers also the units directly below; for auditors all below.
    """
    unit = unit_for(scope, unit_id)
    return unit if _sees(scope, unit) else get_or_404(OrgUnit.objects.none())


def unit_to_invite_to(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit if the person may give a role in it. Errors: Http404, PermissionDenied."""
    unit = unit_with_people(scope, unit_id)
    _allowed(bool(may_give(scope, unit)))
    return unit


def assignment_to_end(scope: Scope, assignment_id: int) -> Assignment:
    """Return a running assignment if the person may end it. Errors: Http404, PermissionDenied."""
    rows = running().filter(pk=assignment_id)
    assignment = get_or_404(rows.select_related("unit", "user", "acting_for"))
    if assignment.acting_for_id != scope.user_id:
        unit = unit_with_people(scope, assignment.unit_id)
        _allowed(Role(assignment.role) in may_end(scope, unit))
    return assignment


def person_to_manage(scope: Scope, user_id: int) -> User:
    """Return somebody all of whose roles the person may end. Errors: Http404, PermissionDenied.

    All of them: a person with a role elsewhere is neither locked out nor let in from here.
    """
    # First, as a number that no row can have is asked for in no other table.
    user = get_or_404(User.objects.filter(pk=user_id))
    seats = list(running().filter(user=user).select_related("unit"))
    seen = [one for one in seats if _sees(scope, one.unit)]
    if not seen:
        get_or_404(User.objects.none())
    manages = all(Role(one.role) in may_end(scope, one.unit) for one in seats)
    _allowed(manages and user.pk != scope.user_id)
    return user


def owns_office_of(scope: Scope, user: User) -> bool:
    """Return whether the person is an owner in a unit of `user`, or in the one directly above."""
    seats = running().filter(user=user, acting_for__isnull=True).select_related("unit")
    owner = Role.LEAD_OWNER
    return any(
        scope.has_role_in(one.unit, owner) or scope.has_role_in_parent(one.unit, owner)
        for one in seats
    )


def invitation_for(scope: Scope, invitation_id: int) -> Invitation:
    """Return the invitation if the person may give its role. Errors: Http404, PermissionDenied."""
    invitation = get_or_404(Invitation.objects.filter(pk=invitation_id).select_related("unit"))
    unit = unit_with_people(scope, invitation.unit_id)
    if invitation.user_id is not None:
        person_to_manage(scope, invitation.user_id)
    else:
        _allowed(invitation.role in may_give(scope, unit))
    return invitation


def own_seats(scope: Scope, *roles: Role) -> list[Assignment]:
    """Return the person's running assignments that are not lent, of `roles` if any is named."""
    mine = running().filter(user_id=scope.user_id, acting_for__isnull=True)
    if roles:
        mine = mine.filter(role__in=roles)
    return list(mine.select_related("unit").order_by("unit__depth", "pk"))


def seats_to_lend(scope: Scope) -> list[Assignment]:
    """Return the person's seats that may be handed over. Errors: PermissionDenied without one."""
    active = scope.own_units(*DELEGABLE)
    seats = [one for one in own_seats(scope, *DELEGABLE) if one.unit_id in active]
    _allowed(bool(seats))
    return seats


def running() -> QuerySet[Assignment]:
    """Return the assignments that hold today."""
    day = timezone.localdate()
    return Assignment.objects.filter(valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )


def not_ended() -> QuerySet[Assignment]:
    """Return the assignments that hold today or are to hold later."""
    later = Q(valid_to__gt=timezone.localdate()) & Q(valid_to__gt=F("valid_from"))
    return Assignment.objects.filter(Q(valid_to__isnull=True) | later)


def _sees(scope: Scope, unit: OrgUnit) -> bool:
    return (
        unit.pk in scope.own_units()
        or scope.has_role_in_parent(unit, Role.LEAD_OWNER, Role.COMPILER)
        or scope.has_role_above(unit, Role.AUDITOR)
    )


def _allowed(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("Your role does not let you manage these people."))
