"""Since when the portal can be read and not changed: the disk is full, or the database is a copy.

It is noted when a write fails so, for all processes at once, and ends when a write is tried and
succeeds.
"""

import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from quetsach_portal.web.database_state import DATABASE_ERRORS

NAME = "not-written"
"""An empty file in the home, as old as the stop."""

TRIED_EVERY_S = 10.0
_TRIAL_BYTES = 1 << 16
_trials: dict[Path, float] = {}
_unwritten: dict[Path, datetime] = {}
"""Where not even the empty file could be made, each process has its own moment."""


def note_stopped() -> datetime:
    """Return since when nothing can be written: from now, unless it was noted before."""
    home = Path(settings.QUETSACH.home)
    try:
        os.close(os.open(home / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _trials[home] = time.monotonic()
    except FileExistsError:
        pass
    except OSError:
        _trials.setdefault(home, time.monotonic())
        return _unwritten.setdefault(home, timezone.now())
    return _noted(home) or timezone.now()


def stopped_since() -> datetime | None:
    """Return since when nothing can be written, None while all is well.

    Cost: one look into the home; while it lasts, one trial each ten seconds.
    """
    home = Path(settings.QUETSACH.home)
    since = _noted(home) or _unwritten.get(home)
    if since is None or time.monotonic() - _trials.get(home, 0.0) < TRIED_EVERY_S:
        return since
    _trials[home] = time.monotonic()
    if not _can_write(home):
        return since
    _unwritten.pop(home, None)
    with suppress(OSError):
        (home / NAME).unlink(missing_ok=True)
    return None


def _noted(home: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp((home / NAME).stat().st_mtime, UTC)
    except OSError:
        return None


def _can_write(home: Path) -> bool:
    """Write a little into the home and into the database, and take both back."""
    place = home / f".trial-{os.getpid()}"
    key = f"trial-{os.getpid()}"[:40]
    try:
        place.write_bytes(bytes(_TRIAL_BYTES))
        with transaction.atomic():
            Session.objects.create(session_key=key, session_data="", expire_date=timezone.now())
            Session.objects.filter(pk=key).delete()
    except (OSError, *DATABASE_ERRORS):
        return False
    finally:
        with suppress(OSError):
            place.unlink(missing_ok=True)
    return True
