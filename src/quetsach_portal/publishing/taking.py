"""The job that takes what the public plane counted: each file once, also after a kill.

A file's counts and its name are written in one transaction; then the file goes. Killed in between,
the file is found again, its name is known, and it goes without being counted.
"""

import logging
import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.campaigns.public_page import public_folder
from quetsach_portal.jobs.work import Work
from quetsach_portal.publishing.count_files import (
    Counted,
    Flaw,
    RefusedCounts,
    check_place,
    read_count_file,
)
from quetsach_portal.publishing.counting import count_all
from quetsach_portal.publishing.folder import alone
from quetsach_portal.publishing.models import RefusedFile, TakenFile

_logger = logging.getLogger(__name__)

MOST_AT_ONCE = 5_000
MOST_SET_ASIDE = 200
REMEMBERED = timedelta(days=60)
"""Longer than a file's days are taken: after that its counts would be refused anyway."""


def inbox() -> Path:
    """Return the folder into which the plane brings its counts."""
    folder = public_folder() / "inbox"
    folder.mkdir(exist_ok=True)
    return folder


def waiting() -> int:
    """Return how many files wait."""
    return sum(1 for path in inbox().iterdir() if not path.name.startswith("."))


def run(work: Work) -> None:
    """Take what lies in the inbox now."""
    take_all(on_file=work.renew)
    with work.finishing():
        TakenFile.objects.filter(taken_at__lt=timezone.now() - REMEMBERED).delete()


def take_all(on_file: object = None) -> int:
    """Take the files of the inbox, oldest first, and return how many were counted."""
    with alone("inbox"):
        # A file that is being written has a dot before its name until it is whole.
        paths = sorted(path for path in inbox().iterdir() if not path.name.startswith("."))
        taken = gone = 0
        for path in paths:
            taken += _take(path)
            gone += not os.path.lexists(path)
            if callable(on_file):
                on_file()
            if gone >= MOST_AT_ONCE:
                break
    return taken


def _take(path: Path) -> bool:
    """Return True when `path` was counted; whatever is wrong with it, the files behind it come."""
    try:
        return _counted(path)
    except RefusedCounts as refused:
        _set_aside(path, refused.flaw)
    except (DataError, IntegrityError, UnicodeError):
        _logger.exception("A file of counts could not be counted")
        _set_aside(path, Flaw.WRONG_VALUE)
    except FileNotFoundError:
        return False
    except OSError:
        # Too many open files, a disk that answers late: the file is looked at again next time.
        _logger.exception("A file of counts could not be read")
    return False


def _counted(path: Path) -> bool:
    check_place(path)
    if TakenFile.objects.filter(pk=path.name).exists():
        path.unlink(missing_ok=True)
        return False
    count_file(path.name, read_count_file(path, timezone.localdate()))
    path.unlink(missing_ok=True)
    return True


def count_file(name: str, counts: Sequence[Counted]) -> None:
    """Count the file called `name`; its name and its counts are written together or not at all."""
    with transaction.atomic():
        row = TakenFile.objects.create(name=name)
        row.counted, row.kept_aside = count_all(counts, _hour_of(name))
        row.save(update_fields=["counted", "kept_aside"])


def _hour_of(name: str) -> datetime:
    # The plane's clock, but never ahead of ours: an hour to come would hold up all until then.
    written = datetime.fromtimestamp(int(name[:20]) / 1_000_000_000, tz=UTC)
    return min(written, timezone.now()).replace(minute=0, second=0, microsecond=0)


def _set_aside(path: Path, flaw: Flaw) -> None:
    """Move a file that is no count out of the plane's reach, for a person to look at.

    What cannot be moved stays where it is and is told all the same.
    """
    folder: Path = settings.QUETSACH.home / "public-refused"
    name = "".join(sign if sign.isprintable() else "?" for sign in path.name)[:255]
    RefusedFile.objects.get_or_create(name=name, defaults={"reason": flaw.value})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if sum(1 for _one in folder.iterdir()) >= MOST_SET_ASIDE and not path.is_dir():
            path.unlink(missing_ok=True)
            return
        path.rename(folder / f"{secrets.token_hex(8)}.refused")
    except OSError:
        _logger.exception("A refused file of counts could not be moved")
