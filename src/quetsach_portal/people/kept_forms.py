"""A form that comes after the end of its session is kept, and filled in again after the sign-in.

Who sent it is known by a signed cookie of the last sign-in; whoever signs in next fills no form of
that person: with each sign-in older pages lose their token against forged forms. Only the same
account sees what was kept, and sends it by a press of its own button.
"""

import base64
import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from quetsach_portal.people.models.account import KeptForm, User
from quetsach_portal.web.database_state import DATABASE_ERRORS
from quetsach_portal.web.form_filling import fill_form
from quetsach_portal.web.public_address import cookie_name, public_host

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(minutes=30)
MOST_BYTES = 256 << 10
MOST_OF_ONE = 5
"""So many of one account are kept at a time; older ones go."""

SECRET_FIELDS = frozenset(
    {"password", "password1", "password2", "oldpassword", "again", "pin", "otp"}
)
"""Fields that are never kept: what signs in, and what releases a key."""

COOKIE, _SALT, _SESSION = "form-of", "people.form-of", "kept_form"
_NOT_ENTERED = {"csrfmiddlewaretoken"}


@dataclass(frozen=True)
class KeptContent:
    """What was entered: on which page, for which address, and whether files were chosen."""

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool


# Whose form it is.


def mark_browser(response: HttpResponse, user: User) -> None:
    """Note in the browser who signed in there last; gone when the browser is closed."""
    response.set_cookie(
        cookie_name(COOKIE),
        signing.dumps(user.pk, salt=_SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _sender(request: HttpRequest) -> int | None:
    try:
        user_id = signing.loads(
            request.COOKIES.get(cookie_name(COOKIE), ""),
            salt=_SALT,
            max_age=2 * settings.SESSION_LONGEST_S,
        )
    except signing.BadSignature:
        return None
    return user_id if isinstance(user_id, int) else None


# Keep it.


def keep_form(request: HttpRequest) -> tuple[str, str] | None:
    """Keep what an ended session has sent; return where it opens, and what to say of it.

    None for what no person has sent by a form of a page, or nobody known. The address is "" where
    nothing could be kept.
    """
    sender = _sender(request)
    if sender is None or not _is_a_persons(request):
        return None
    content = _content_of(request)
    packed = json.dumps([content.page, content.action, content.fields, content.had_files]).encode()
    if len(packed) > MOST_BYTES:
        return "", _("Your session had ended, and what you sent is too large to be kept.")
    token = secrets.token_urlsafe(32)
    try:
        if not _store(sender, token, packed):
            return None
    except DATABASE_ERRORS:
        log.warning("a form of an ended session is not kept")
        return "", _("Your session had ended, and what you sent could not be kept.")
    notice = _(
        "Your session had ended. What you entered is kept for %(minutes)s minutes: sign in with "
        "the same account to go on. Nothing has been sent yet."
    ) % {"minutes": int(KEPT_FOR.total_seconds() // 60)}
    if content.had_files:
        notice += " " + _("Files are not kept: choose them again.")
    return reverse("kept_form", args=[token]), notice


def _is_a_persons(request: HttpRequest) -> bool:
    """True for a form that a browser sends to show what comes of it, and no script by itself."""
    by_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    by_ours = "X-Autosave" in request.headers or "X-Kept-Act" in request.headers
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    is_form = request.method == "POST" and request.content_type in kinds
    return is_form and not by_script and not by_ours


def _content_of(request: HttpRequest) -> KeptContent:
    left_out = SECRET_FIELDS | _NOT_ENTERED
    fields = tuple(
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    )
    action = request.get_full_path()
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {public_host(), request.get_host()})
    parts = urlsplit(came_from)
    page = f"{parts.path}{'?' if parts.query else ''}{parts.query}"
    # Two strokes at the beginning would lead to another host.
    is_page = is_ours and page.startswith("/") and url_has_allowed_host_and_scheme(page, None)
    return KeptContent(page if is_page else action, action, fields, bool(request.FILES))


def _store(sender: int, token: str, packed: bytes) -> bool:
    """Store it; False where there is no such account any more."""
    now = timezone.now()
    with transaction.atomic():
        if not User.objects.filter(pk=sender, is_active=True).exists():
            return False
        content = _box(token).encrypt(packed)
        KeptForm.objects.create(
            digest=_digest(token), user_id=sender, content=content, created_at=now
        )
        theirs = KeptForm.objects.filter(user_id=sender).order_by("-created_at")
        newest = list(theirs.values_list("pk", flat=True)[:MOST_OF_ONE])
        theirs.exclude(pk__in=newest).delete()
        forget_over(now)
    return True


def forget_over(now: Any = None) -> None:
    """Delete what is over."""
    over = (timezone.now() if now is None else now) - KEPT_FOR
    KeptForm.objects.filter(created_at__lte=over).delete()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _box(token: str) -> Fernet:
    secret = f"people.kept-forms:{settings.SECRET_KEY}:{token}"
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))


# Open it.


def open_form(token: str, user: User) -> KeptContent | None:
    """Return what was kept under `token`, to its own account and within its time."""
    since = timezone.now() - KEPT_FOR
    rows = KeptForm.objects.filter(pk=_digest(token), user=user, created_at__gt=since)
    content = rows.values_list("content", flat=True).first()
    if content is None:
        return None
    try:
        page, action, fields, had_files = json.loads(_box(token).decrypt(bytes(content)))
    except (InvalidToken, ValueError):
        return None
    return KeptContent(page, action, tuple((name, value) for name, value in fields), had_files)


def await_page(request: HttpRequest, token: str, kept: KeptContent) -> None:
    """Have the page of the form filled when this session asks for it."""
    request.session[_SESSION] = {
        "token": token,
        "page": urlsplit(kept.page).path,
        "action": urlsplit(kept.action).path,
    }


def discard(request: HttpRequest) -> str:
    """Delete what waits for its page in this session, and return the path of that page."""
    waiting = request.session.pop(_SESSION, None)
    if not isinstance(waiting, Mapping):
        return reverse("home")
    KeptForm.objects.filter(pk=_digest(str(waiting["token"]))).delete()
    return str(waiting["page"])


def fill_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return `response`, with its form filled when it is the page that was waited for.

    A form that was sent meanwhile is deleted: the person has pressed the button. Where the page
    leads on, the next one is waited for; where it does not open, what was entered is shown alone.
    """
    if not request.user.is_authenticated:
        return response
    waiting = request.session.get(_SESSION)
    if not isinstance(waiting, Mapping):
        return response
    if request.method == "POST" and request.path == waiting["action"]:
        discard(request)
    elif request.method == "GET" and request.path == waiting["page"]:
        kept = open_form(str(waiting["token"]), request.user)
        if kept is None:
            del request.session[_SESSION]
        elif response.status_code == 302:
            page = urlsplit(response.headers["Location"]).path
            request.session[_SESSION] = {**waiting, "page": page}
        elif response.status_code in (403, 404, 405):
            facts = {"rest": kept.fields, "had_files": kept.had_files}
            return render(
                request, "people/kept_form_alone.html", facts, status=response.status_code
            )
        elif _is_page(response):
            _fill(request, response, kept)
    return response


def _is_page(response: HttpResponse) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code == 200 and is_html and not response.streaming


def _fill(request: HttpRequest, response: HttpResponse, kept: KeptContent) -> None:
    action = urlsplit(kept.action).path
    page = fill_form(response.content.decode(), request.path, action, kept.fields)
    facts = {"rest": page.rest, "had_files": kept.had_files}
    note = render_to_string("people/kept_form.html", facts, request=request)
    response.content = page.with_note(note).encode()
    # What another session had entered is kept by no browser for days without network.
    response.headers.pop("X-Kept-Key", None)
