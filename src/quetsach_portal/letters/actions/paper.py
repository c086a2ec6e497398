"""Paper: sheets to print, and what was handed over on which day."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import chain

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.letters.actions.drafting import locked, note
from quetsach_portal.letters.documents import sheet_of
from quetsach_portal.letters.mails import receipt_page
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    DispatchSubject,
    Letter,
    LetterState,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

# Paper: the letter with the sheet of receipt for each unit, ready to be printed.


KIND = "letters.sheets"


def make_sheets(work: RunningJob) -> None:
    """Make the letter and the sheets of all units that get it on paper, and keep them with it."""
    letter = Letter.objects.select_related("node__unit", "pdf", "paper", "original").get(
        pk=work.payload["letter_id"]
    )
    content = merged(_pages(letter, work))
    upload = SimpleUploadedFile(f"phieu-nhan-{letter.pk}.pdf", content)
    with work.finishing():
        letter.sheets = store_upload(
            upload, purpose=FilePurpose.DOCUMENT, owner_path=letter.node.unit.path, actor=None
        )
        letter.save(update_fields=["sheets"])
        note("letter.sheets_made", letter, None)


def paper_for(row: Dispatch) -> bytes:
    """Return the letter and the sheet of one unit, whose code leads to the page of receipt."""
    return merged(chain(_printed_letter(row.letter), [_sheet(row)]))


def merged(parts: Iterator[bytes]) -> bytes:
    """Return one PDF with the pages of all `parts` in order."""
    whole = pypdfium2.PdfDocument.new()
    try:
        for part in parts:
            source = pypdfium2.PdfDocument(part)
            whole.import_pages(source)
            source.close()
        out = BytesIO()
        whole.save(out)
    finally:
        whole.close()
    return out.getvalue()


def _pages(letter: Letter, work: RunningJob) -> Iterator[bytes]:
    rows = list(
        Dispatch.objects.filter(letter=letter, channel=Channel.PAPER, about=DispatchSubject.ISSUE)
        .select_related("letter", "to_node")
        .order_by("to_node__name_at_freeze", "pk")
    )
    # Once: a copier multiplies it, and 3,000 copies would make a file that no printer takes.
    yield from _printed_letter(letter)
    for place, row in enumerate(rows):
        work.progress(place, len(rows))
        yield _sheet(row)


def _printed_letter(letter: Letter) -> Iterator[bytes]:
    """Yield the letter as PDF: the signed original where it is one that opens, else ours."""
    for stored in (letter.original, letter.paper, letter.pdf):
        if stored is not None:
            content = path_of(stored).read_bytes()
            if content.startswith(b"%PDF-") and _opens(content):
                yield content
                return


def _opens(content: bytes) -> bool:
    try:
        pypdfium2.PdfDocument(content).close()
    except pypdfium2.PdfiumError:
        return False
    return True


def _sheet(row: Dispatch) -> bytes:
    letter = row.letter
    return sheet_of(letter, row.to_node.name_at_freeze, receipt_page(row.to_node_id))


def request_sheets(letter_id: int, *, actor: User) -> Job:
    """Return the job that makes the file with the sheets of all units that get paper."""
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.is_outside or letter.state != LetterState.RELEASED:
            raise Refused(_("Release the letter first."))
        if not letter.dispatches.filter(channel=Channel.PAPER).exists():
            raise Refused(_("No unit receives this letter on paper."))
        jobs = Job.objects.filter(kind=KIND, payload__letter_id=letter.pk)
        waiting = jobs.filter(state__in=[JobState.READY, JobState.RUNNING]).first()
        if waiting is not None:
            return waiting
        note("letter.sheets_asked", letter, actor)
        return enqueue(
            KIND,
            key=f"{KIND}:{letter.pk}:{jobs.count() + 1}",
            payload={"letter_id": letter.pk},
            asked_by_id=actor.pk,
            unit_path=letter.node.unit.path,
        )


def add_paper(letter_id: int, dispatch_id: int, *, actor: User) -> Dispatch:
    """Return the row by which the unit of row `dispatch_id` gets the letter on paper as well."""
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.state != LetterState.RELEASED:
            raise Refused(_("Release the letter first."))
        node_id = Dispatch.objects.values_list("to_node_id", flat=True).get(
            pk=dispatch_id, letter=letter
        )
        dispatch, is_new = Dispatch.objects.get_or_create(
            letter=letter,
            to_node_id=node_id,
            channel=Channel.PAPER,
            address="",
            about=DispatchSubject.ISSUE,
        )
        if is_new:
            note("letter.paper_added", letter, actor, dispatch=dispatch.pk)
    return dispatch


def hand_over(dispatch_id: int, *, on: date, remark: str, actor: User) -> Dispatch:
    """Return the row of a printed letter, handed over on a day.

    It says that the paper left; that it arrived is said by a receipt alone.
    Errors: Refused for a day before the release or after today.
    """
    with transaction.atomic():
        locked(Dispatch.objects.values_list("letter_id", flat=True).get(pk=dispatch_id))
        dispatch = (
            Dispatch.objects.select_for_update(of=("self",))
            .select_related("letter__node__unit")
            .get(pk=dispatch_id)
        )
        if dispatch.channel != Channel.PAPER or dispatch.state != DispatchState.QUEUED:
            raise Refused(_("This row is not a pending paper letter."))
        released = dispatch.letter.released_at or timezone.now()
        if not timezone.localtime(released).date() <= on <= timezone.localdate():
            raise Refused(_("The day must be between the release and today."), field="on")
        dispatch.state, dispatch.handed_on, dispatch.reply = (
            DispatchState.DELIVERED,
            on,
            remark.strip()[:500],
        )
        dispatch.done_at = timezone.now()
        dispatch.save(update_fields=["state", "handed_on", "reply", "done_at"])
        note("letter.handed_over", dispatch.letter, actor, dispatch=dispatch.pk, on=on.isoformat())
    return dispatch
