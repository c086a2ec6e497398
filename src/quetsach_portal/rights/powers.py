"""Who may give which role where (campaign.md, section 4, "Manage users"), and read contacts.

Only roles of one's own count: what is lent for a while gives nobody lasting rights, and a role in a
unit that ended gives none at all.
"""

from collections.abc import Mapping

from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope
from quetsach_portal.units.models import OrgUnit

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
