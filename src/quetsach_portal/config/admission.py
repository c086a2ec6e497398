"""Who may send a large body, asked before any of it is read: people and programs we know."""

import threading
from collections import Counter
from importlib import import_module  # noqa: TID251 - Django names its session engine
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.utils.translation import gettext as _

from quetsach_portal.api.tokens import caller_of, token_in
from quetsach_portal.config.front import AdmittedSender, NotAdmitted
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.receiving import MOST_IN_A_FORM
from quetsach_portal.files.storage import refuse_without_room
from quetsach_portal.web.database_state import DATABASE_ERRORS, trouble_of
from quetsach_portal.web.write_stops import stopped_since

AT_ONCE = 2
"""So many large bodies of one person are under way in one process."""

_lock = threading.Lock()
_under_way: Counter[int] = Counter()


def admit(environ: dict[str, Any], length: int) -> AdmittedSender:
    """Return who sends a body of `length` bytes. Errors: NotAdmitted."""
    close_old_connections()
    try:
        sender = _sender_of(environ)
        since = stopped_since()
    except DATABASE_ERRORS as error:
        if trouble_of(error) is None:
            raise
        message = _("The portal cannot answer for the moment. Send the file again in a minute.")
        raise NotAdmitted(503, message) from error
    finally:
        close_old_connections()
    if sender is None:
        raise NotAdmitted(
            413,
            _("Sign in first: files of this size are accepted only from known users and programs."),
        )
    if since is not None:
        raise NotAdmitted(
            503, _("The portal can only be read for the moment. Send the file again later.")
        )
    if length > MOST_IN_A_FORM:
        raise NotAdmitted(413, _("This file is larger than the largest file accepted here."))
    try:
        # Once as it comes, once as the file that is kept.
        refuse_without_room(2 * length)
    except FileRefused as refused:
        raise NotAdmitted(507, refused.told) from refused
    with _lock:
        if _under_way[sender] >= AT_ONCE:
            raise NotAdmitted(
                429,
                _("Two of your uploads are still running. Wait until one of them has finished."),
            )
        _under_way[sender] += 1
    return AdmittedSender(sender, length, lambda: _done(sender))


def _sender_of(environ: dict[str, Any]) -> int | None:
    request = WSGIRequest(environ)
    caller = caller_of(token_in(request.headers.get("Authorization", "")))
    if caller is not None:
        return int(caller.user.pk)
    sessions = import_module(settings.SESSION_ENGINE)
    request.session = sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    return int(user.pk) if user.is_authenticated else None


def _done(sender: int) -> None:
    with _lock:
        _under_way[sender] -= 1
        if not _under_way[sender]:
            del _under_way[sender]
