"""The job that writes the public folder: each writer of settings.PUBLIC_WRITERS by itself.

A writer is a function `write(folder) -> None`, which puts files in place whole or not at all. It
may return a sentence of what it wrote; its module's WHAT names it for people.
"""

import logging
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.work import Work
from quetsach_portal.publishing.folder import alone, public_folder
from quetsach_portal.publishing.models import PublicPage, WriterRun
from quetsach_portal.publishing.problems import CannotWrite
from quetsach_portal.publishing.shown import shown_page

log = logging.getLogger(__name__)

WRITE = "publishing.write"
CLOSED = "quetsach_portal.publishing.closing.write"


def ask_to_write(*, asked_by_id: int | None = None) -> None:
    """Have the whole folder written soon; part of the transaction of the act that changes it."""
    enqueue(WRITE, key=f"{WRITE}:{secrets.token_hex(8)}", asked_by_id=asked_by_id)


def run(work: Work) -> None:
    """Write everything while a campaign's page is shown, else that the last one is closed."""
    if shown_page() is not None:
        write_all(settings.PUBLIC_WRITERS)
    elif PublicPage.objects.filter(closed_at__isnull=False).exists():
        write_all([CLOSED])
    with work.finishing():
        pass


def write_all(writers: Sequence[str]) -> None:
    """Run `writers` in their order; what fails is told on the page and stops no other."""
    with alone("write"), override("vi"):
        for writer in writers:
            _write(writer)


def _write(writer: str) -> None:
    run, _is_new = WriterRun.objects.get_or_create(writer=writer)
    run.tried_at, run.problem = timezone.now(), ""
    try:
        run.said = str(import_string(writer)(public_folder()) or "")[:300]
        run.written_at = timezone.now()
    except CannotWrite as told:
        run.problem = told.told[:500]
    except OSError as error:
        text = _("The folder could not be written: %(why)s. Is the disk full, may we write there?")
        run.problem = (text % {"why": error.strerror or type(error).__name__})[:500]
    except Exception as error:  # a job runner of its own: one writer must not stop the others
        log.exception("writer failed", extra={"writer": writer})
        text = _("An inner error (%(kind)s); the log of the worker has it in full.")
        run.problem = text % {"kind": type(error).__name__}
    run.save()
