"""Sessions in the database, read at each request: one that was ended is gone at the next.

A session ends after so long without a request, and in any case so long after the sign-in. Both
stand in the row's `expire_date`, which is all that is asked.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.web.compiled_queries import CompiledQuery
from quetsach_portal.web.database_state import DATABASE_ERRORS, DatabaseTrouble, trouble_of
from quetsach_portal.web.write_stops import note_stopped, stopped_since

log = logging.getLogger(__name__)


def _session(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


SESSION = CompiledQuery(_session)


_BEGUN, _IDLE = "begun_at", "idle_s"
_TOUCHED_AFTER_S = 60


class SessionStore(DatabaseStore):
    """Django's own, but for how the row is read and when a session of a person ends."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key
        session = SESSION.first(key=key, now=timezone.now()) if key else None
        if session is None:
            self._session_key = None
        else:
            self.ends_at = session.expire_date
        return session

    def cycle_key(self) -> None:
        """Give the session another number; with one's sign-in its time begins.

        A new password, or a proof of who is there, gives another number too and no more time.
        """
        if SESSION_KEY not in self:
            self[_BEGUN] = int(time.time())
        super().cycle_key()

    def get_session_cookie_age(self) -> int:
        """Return how many seconds from now the session ends, unless somebody asks meanwhile."""
        if SESSION_KEY not in self:
            return int(settings.SESSION_COOKIE_AGE)
        left = self.get(_BEGUN, time.time()) + settings.SESSION_LONGEST_S - time.time()
        return max(1, int(min(left, self.get(_IDLE, settings.SESSION_IDLE_LEADING_S))))


def begin_session(request: HttpRequest, *, leads: bool) -> None:
    """Note how long the session of who has just signed in may lie still; `leads`: shorter."""
    request.session[_IDLE] = _idle_s(leads=leads)


def renew_number(request: HttpRequest) -> None:
    """Give the session another number, with no more time; the list of sessions follows."""
    before = request.session.session_key
    request.session.cycle_key()
    rows = UserSession.objects.filter(session_key=before)
    rows.update(session_key=request.session.session_key)


def keep_session(request: HttpRequest, leads: Callable[[], bool]) -> None:
    """Let the session of this request go on. Cost: one row, at most once a minute.

    The answer stands already: where nothing can be written it goes out all the same, and the
    session ends when it would have ended.
    """
    session = getattr(request, "session", None)
    if not isinstance(session, SessionStore) or session.ends_at is None or session.is_empty():
        return
    if not _is_due(session, session.ends_at) or stopped_since() is not None:
        return
    was_modified = session.modified
    try:
        _prolong(session, leads)
    except DATABASE_ERRORS as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        if trouble is DatabaseTrouble.NOT_WRITTEN:
            note_stopped()
        # What was changed here alone must not be written by Django's middleware either.
        session.modified = was_modified
        log.warning("session not prolonged", extra={"why": trouble})


def _is_due(session: SessionStore, ends_at: datetime) -> bool:
    """True when the row of the session has to be written."""
    age = timedelta(seconds=session.get_session_cookie_age())
    is_late = timezone.now() + age - ends_at >= timedelta(seconds=_TOUCHED_AFTER_S)
    return is_late or _BEGUN not in session


def _prolong(session: SessionStore, leads: Callable[[], bool]) -> None:
    if _BEGUN not in session:
        session[_BEGUN] = int(time.time())
    idle_s = _idle_s(leads=leads())
    if session.get(_IDLE) != idle_s:
        session[_IDLE] = idle_s
    ends_at = timezone.now() + timedelta(seconds=session.get_session_cookie_age())
    # In a block of its own a write that fails breaks no transaction around it.
    with transaction.atomic():
        Session.objects.filter(session_key=session.session_key).update(expire_date=ends_at)


def _idle_s(*, leads: bool) -> int:
    return int(settings.SESSION_IDLE_LEADING_S if leads else settings.SESSION_IDLE_S)


# How lately somebody proved who they are.

_FIRST_PROOFS = ("password", "socialaccount", "directory")


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
        if at > oldest and (method == "mfa" or (alone and method in _FIRST_PROOFS)):
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
