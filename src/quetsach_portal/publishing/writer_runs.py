"""Run the writers of the public folder independently, and record each result."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from quetsach_portal.campaigns.public_page import public_folder
from quetsach_portal.publishing.folder import CannotWrite, alone
from quetsach_portal.publishing.models.page import WriterRun

log = logging.getLogger(__name__)


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
        text = _("The folder could not be written: %(why)s. Is the disk full, may we write there?")
        run.problem = (text % {"why": error.strerror or type(error).__name__})[:500]
    except Exception as error:  # a job runner of its own: one writer must not stop the others
        log.exception("writer failed", extra={"writer": writer.name})
        text = _("An inner error (%(kind)s); the log of the worker has it in full.")
        run.problem = text % {"kind": type(error).__name__}
    run.save()
