"""Write the public folder: files atomically, one writer at a time, each result recorded."""

import fcntl
import glob
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.public_page import PublicPage, public_folder, shown_page
from quetsach_portal.publishing.models import WriterRun

log = logging.getLogger(__name__)

_LOT = 8
"""So many signs `tempfile` draws for a name."""

_LEFT_FOR_S = 24 * 3600


def write_file(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all; the plane may read it.

    What a killed process left aside goes with the first writing a day later.
    """
    for left in path.parent.glob(f".{glob.escape(path.name)}.{'?' * _LOT}"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LEFT_FOR_S:
                left.unlink()
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lock `name` during the block, so that the last writer has read the latest state."""
    folder: Path = settings.QUETSACH.home
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"publishing-{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class CannotWrite(Exception):
    """A writer cannot write: the message says what is missing. The folder is unchanged."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def page_to_write() -> PublicPage:
    """Return the page for a writer. Errors: CannotWrite while none is shown."""
    page = shown_page()
    if page is None:
        raise CannotWrite("no public page is shown")
    return page


def campaign_to_write() -> Campaign:
    """Return the campaign for a writer. Errors: CannotWrite while none is shown."""
    return page_to_write().campaign


class Writer(NamedTuple):
    """A part of the public folder.

    Shapes: `name` is the key of its WriterRun and never changes; `write` puts files in place whole
    or not at all, and may return a sentence of what it wrote; `what` names the part for people.
    """

    name: str
    write: Callable[[Path], object]
    what: Promise


def write_all(writers: Sequence[Writer]) -> None:
    """Run `writers` in order; a failure is shown on the page and stops no other writer."""
    with alone("write"), override("vi"):
        for writer in writers:
            _write(writer)


def _write(writer: Writer) -> None:
    run, _is_new = WriterRun.objects.get_or_create(writer=writer.name)
    run.tried_at, run.problem = timezone.now(), ""
    try:
        run.said = str(writer.write(public_folder()) or "")[:300]
        run.written_at = timezone.now()
    except CannotWrite as refused:
        run.problem = refused.message[:500]
    except OSError as error:
        text = _(
            "The folder could not be written: %(why)s. Check the disk space and the permissions."
        )
        run.problem = (text % {"why": error.strerror or type(error).__name__})[:500]
    except Exception as error:  # a job runner of its own: one writer must not stop the others
        log.exception("writer failed", extra={"writer": writer.name})
        text = _("Internal error (%(kind)s); see the log of the worker.")
        run.problem = text % {"kind": type(error).__name__}
    run.save()
