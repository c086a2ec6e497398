"""Sessions in the database, read at each request: one that was ended is gone at the next."""

import time
from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.web.compiled_queries import CompiledQuery


def _session(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


SESSION = CompiledQuery(_session)


class SessionStore(DatabaseStore):
    """Django's own, but for how the row is read."""

    def _get_session_from_db(self) -> Session | None:
        row = SESSION.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        if row is None:
            self._session_key = None
        return row


# How lately somebody proved who they are.


def was_confirmed_recently(request: HttpRequest) -> bool:
    """True when the person confirmed their identity within the last ten minutes, with all factors.

    A sign-in counts as a confirmation. A password counts for a person without a second factor, or
    one who set it up afterwards: that was the second proof.
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


# Who a session belongs to, asked at each request and never remembered: one row, one statement.


def _account(user_id: int) -> QuerySet[User]:
    return User.objects.filter(pk=user_id)


ACCOUNT = CompiledQuery(_account)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signs in by e-mail address as allauth does."""

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a session, None when it is gone or locked."""
        user = ACCOUNT.first(user_id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
