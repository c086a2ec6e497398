"""How lately somebody proved who they are."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest


def was_confirmed_recently(request: HttpRequest) -> bool:
    """True when the person proved who they are within the last ten minutes, with all they had.

    A sign-in counts as much as an answer to the question. A password counts for who has no second
    factor, or had none yet when they gave it: setting the factor up was the second proof.
    """
    if not request.user.is_authenticated:
        return False
    factors = Authenticator.objects.filter(user_id=request.user.pk).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    first = factors.aggregate(first=Min("created_at"))["first"]
    oldest = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    for one in get_authentication_records(request, request.user):
        method, at = one.get("method"), one.get("at", 0)
        alone = first is None or at < first.timestamp()
        if at > oldest and (method == "mfa" or (alone and method in ("password", "socialaccount"))):
            return True
    return False
