"""Slow down who guesses: per account, never locked, alike for known and unknown.

A browser in which the account has signed in before carries a signed cookie and counts by itself,
so somebody who guesses from elsewhere cannot keep the owner out.
A network address counts as well, over all accounts; offices share one, so it may fail more often.
All of it stands in the database, so that the processes of the portal count together (A9).
Source: OWASP, "Blocking Brute Force Attacks", device cookies.
"""

import hashlib
import hmac
import ipaddress
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.people.kept_forms import forget_over
from quetsach_portal.people.models.account import SignInDelay
from quetsach_portal.web.public_address import cookie_name

FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 100
LONGEST_WAIT_S = 300
CODE_IS_VALID = timedelta(minutes=3)
FORGOTTEN_AFTER = timedelta(days=1)
_SALT = "people.known-browser"
_YEAR_S = 31_536_000


def take_try(key: str, free: int = FREE_TRIES) -> bool:
    """True when a try under `key` may be made now; it counts as failed until it succeeds.

    Counting first closes the gap in which many tries at once would all find the door open. A try
    that has to wait counts nothing.
    """
    now = timezone.now()
    with transaction.atomic():
        delay, _is_new = SignInDelay.objects.select_for_update().get_or_create(
            key=key, defaults={"wait_until": now, "last_at": now}
        )
        if now < delay.wait_until:
            return False
        forgotten = now - delay.last_at > FORGOTTEN_AFTER
        delay.failures = 1 if forgotten else delay.failures + 1
        delay.last_at, delay.wait_until = now, now + wait_after(delay.failures, free)
        delay.save(update_fields=["failures", "last_at", "wait_until"])
    return True


def wait_after(failures: int, free: int = FREE_TRIES) -> timedelta:
    """Return how long the next try waits after `failures` in a row: 1, 2, 4 ... 300 seconds."""
    if failures < free:
        return timedelta()
    return timedelta(seconds=min(LONGEST_WAIT_S, 2 ** min(failures - free, 20)))


def begins_to_wait(key: str) -> bool:
    """True when the failure that was counted just now is the first after which `key` waits."""
    return SignInDelay.objects.filter(key=key, failures=FREE_TRIES).exists()


def forgive(key: str) -> None:
    """Forget the failures under `key`, after the right password."""
    SignInDelay.objects.filter(key=key).delete()


def take_back(key: str) -> None:
    """Uncount a try that `take_try` counted under `key` and that succeeded.

    Who knows one password may guess others: earlier failures remain. The wait that this try began
    ends, for the others at that address; the try itself had waited for the one before.
    """
    counted = SignInDelay.objects.filter(key=key, failures__gt=0)
    counted.update(failures=F("failures") - 1, wait_until=timezone.now())


def take_once(key: str) -> bool:
    """True the first time within the minutes in which a code is valid: no code opens twice."""
    now = timezone.now()
    with transaction.atomic():
        use, is_new = SignInDelay.objects.select_for_update().get_or_create(
            key=key, defaults={"last_at": now, "wait_until": now}
        )
        if not is_new and now - use.last_at < CODE_IS_VALID:
            return False
        SignInDelay.objects.filter(key=key).update(last_at=now)
    return True


def address_key(address: str) -> str:
    """Return under which key tries from a network address count; an IPv6 network of /64 is one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _digest("from:")
    prefix = 32 if parsed.version == 4 else 64
    return _digest(f"from:{ipaddress.ip_network((parsed, prefix), strict=False)}")


def factor_key(user_id: int, code: str = "") -> str:
    """Return under which key codes of that person count, or the use of one code."""
    return _digest(f"factor:{user_id}:{code}")


def reset_key(email: str) -> str:
    """Return under which key mails with a link to a new password count."""
    return _digest(f"reset:{_account(email)}")


def key_of(email: str, cookies: Mapping[str, str]) -> str:
    """Return under which key a sign-in as `email` counts: the browser's, or the account's."""
    account = _account(email)
    browser = _browser(account, cookies)
    return _digest(f"browser:{account}:{browser}") if browser else _digest(f"account:{account}")


def know_browser(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let the browser count by itself from now on when it signs in as `email`."""
    account = _account(email)
    if _browser(account, request.COOKIES):
        return
    value = signing.dumps([account, secrets.token_urlsafe(16)], salt=_SALT)
    response.set_cookie(
        _cookie(account),
        value,
        max_age=_YEAR_S,
        path="/account/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_old(work: RunningJob) -> None:
    """Delete what is older than a day, and forms that were kept too long; a periodic job."""
    with work.finishing():
        SignInDelay.objects.filter(last_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
        forget_over()


def _account(email: str) -> str:
    folded = unicodedata.normalize("NFKC", email).casefold().strip()
    return _digest(f"address:{folded}")[:32]


def _browser(account: str, cookies: Mapping[str, str]) -> str:
    try:
        whose, browser = signing.loads(
            cookies.get(_cookie(account), ""), salt=_SALT, max_age=_YEAR_S
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(browser) if whose == account else ""


def _cookie(account: str) -> str:
    return cookie_name(f"known-{account[:12]}", path="/account/")


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
