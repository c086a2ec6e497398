"""Roles that decide for others sign in with two factors, or set the second one up first."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from quetsach_portal.rights.powers import NEEDS_SECOND_FACTOR
from quetsach_portal.rights.request import Request

_PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def lacks_second_factor(request: Request) -> bool:
    """True when the person needs a second factor and has none. Cost: one query for who needs it."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    needs = request.user.must_use_second_factor or request.scope.has_role(*NEEDS_SECOND_FACTOR)
    return needs and not is_mfa_enabled(request.user, types=list(_PROOFS))
