"""Who makes and ends tokens: the focal point, compiler or lead owner of the unit itself."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from quetsach_portal.api.models import ApiToken
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope, found, unit_for
from quetsach_portal.units.models import OrgUnit

MAKES_TOKENS = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER)


def own_unit(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit for whose programs the person answers.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    unit = unit_for(scope, unit_id)
    if not scope.has_role_in(unit, *MAKES_TOKENS):
        raise PermissionDenied(_("The unit's own focal point or compiler makes its tokens."))
    return unit


def own_token(scope: Scope, token_id: int) -> ApiToken:
    """Return the token. Errors: as `own_unit`."""
    token = found(ApiToken.objects.filter(pk=token_id).select_related("unit"))
    own_unit(scope, token.unit_id)
    return token


def units_with_tokens(scope: Scope) -> list[OrgUnit]:
    """Return the units for whose programs the person answers."""
    return list(OrgUnit.objects.filter(pk__in=scope.own_units(*MAKES_TOKENS)).order_by("name"))
