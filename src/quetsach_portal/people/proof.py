"""How lately somebody proved who they are."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest


def was_confirmed_recently(request: HttpRequest) -> bool:
    """True when the person proved who they are within the last ten minutes, with all they have.

    A sign-in counts as much as an answer to the question.
    """
    if not request.user.is_authenticated:
        return False
    proofs = {"mfa"} if is_mfa_enabled(request.user) else {"password", "socialaccount"}
    oldest = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        one.get("method") in proofs and one.get("at", 0) > oldest
        for one in get_authentication_records(request, request.user)
    )
