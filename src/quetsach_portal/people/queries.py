"""What the pages of one's own account show."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from quetsach_portal.people.models import User


def factors_of(user: User) -> dict[str, object]:
    """Return which second factors `user` has, and whether they are asked for here at all."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return {
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_key": Authenticator.Type.WEBAUTHN in kinds,
        "has_spare_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "second_factor_required": settings.SECOND_FACTOR_REQUIRED,
    }
