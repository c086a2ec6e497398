"""The job that renders the files of a document, and the proof bundle of a version."""

import hashlib
import tempfile
import threading
from collections.abc import Iterator, Sequence
from typing import IO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.reports import QuetsachError, bundle_lines, form_json, report_files
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose, StoredFile
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.reports.documents.official import describe_error, official_report
from quetsach_portal.reports.models.document import DocumentState, ReportDocument
from quetsach_portal.reports.models.report import CampaignForm, ReportVersion
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.queries import RELATED
from quetsach_portal.web.acts import Refused

KIND = "reports.make_document"


def enqueue_files(document: ReportDocument) -> None:
    """Request the files of `document`, within the transaction of the calling act."""
    enqueue(
        KIND,
        key=f"{KIND}:{document.pk}",
        payload={"document_id": document.pk},
        asked_by_id=document.asked_by_id,
        unit_path=document.version.slot.node.unit.path,
    )


def make_document(work: RunningJob) -> None:
    """Create and store the electronic copy, the PDF to print and the register's entry.

    A problem is stored, and shown to the person who requested the document.
    """
    related = [f"version__slot__{one}" for one in RELATED]
    documents = ReportDocument.objects.select_related("version__form", *related)
    document = documents.get(pk=work.payload["document_id"])
    if document.state == DocumentState.MADE:
        with work.finishing():
            return
    try:
        report = official_report(document)
        electronic, to_print = report_files(report), report_files(report, paper=True)
    except QuetsachError as error:
        with work.finishing():
            document.state, document.problem = DocumentState.FAILED, describe_error(error)[:500]
            document.save(update_fields=["state", "problem"])
        return
    with work.finishing():
        document.docx = _store_file(document, "docx", electronic.docx)
        document.pdf = _store_file(document, "pdf", electronic.pdf)
        document.paper = _store_file(document, "pdf", to_print.pdf, "-ban-giay")
        document.entry = electronic.metadata.decode()
        document.state, document.problem = DocumentState.MADE, ""
        unfit = to_print.unfit
        document.unprintable = [{"named": sign.named, "beside": sign.beside} for sign in unfit]
        document.made_at = timezone.now()
        document.save()


def _store_file(
    document: ReportDocument, ending: str, content: bytes, which: str = ""
) -> StoredFile:
    number = "" if document.number is None else f"-{document.full_number.replace('/', '-')}"
    name = f"bao-cao{number}-{document.version.code}{which}.{ending}"
    path = document.version.slot.node.unit.path
    upload = SimpleUploadedFile(name, content)
    return store_upload(upload, purpose=FilePurpose.DOCUMENT, owner_path=path, actor=None)


# The proof bundle: a version, its inputs and their forms in one file.

MOST = 200_000
"""The most versions in one file; the verifier names those that are missing."""

AT_ONCE = 2
"""So many are written at a time in one process; further requests are refused for the moment."""

_STEP = 500
_room = threading.BoundedSemaphore(AT_ONCE)

_Found = tuple[int, str]
"""A version's number in the table, and its digest."""


def bundle_of(version: ReportVersion, *, with_below: bool = True) -> IO[bytes]:
    """Return a file with the bundle of `version`, at its beginning; it is gone once it is closed.

    Without the reports below, the verifier reports them as missing.
    Errors: Refused when a version was changed in the database, or while others are written.
    Cost: one query for 500 versions, twice; docs/benchmarks.md has the measure.
    """
    if not _room.acquire(blocking=False):
        raise Refused(_("Other proofs are being written; try again in a minute."))
    file = tempfile.TemporaryFile()  # noqa: SIM115  # it is handed on open
    try:
        file.writelines(_lines(version, with_below))
    except BaseException:
        file.close()
        raise
    finally:
        _room.release()
    file.seek(0)
    return file


def _lines(version: ReportVersion, with_below: bool) -> Iterator[bytes]:
    others, forms = _reached(version, with_below)
    below = sorted((digest, pk) for pk, digest in others.items())
    ordered = [(version.pk, version.sha256), *((pk, digest) for digest, pk in below)]
    definitions = {
        row.digest: form_json(form_of(row)) for row in CampaignForm.objects.filter(pk__in=forms)
    }
    shown = [definitions[digest] for digest in sorted(definitions)]
    return bundle_lines(version.sha256, len(ordered), _payloads(ordered), shown)


def _payloads(ordered: Sequence[_Found]) -> Iterator[bytes]:
    """Yield what was hashed, in this order. Errors: Refused where it is not that any more."""
    for start in range(0, len(ordered), _STEP):
        step = ordered[start : start + _STEP]
        rows = ReportVersion.objects.filter(pk__in=[pk for pk, _digest in step])
        texts = dict(rows.values_list("pk", "payload"))
        for pk, digest in step:
            line = texts[pk].encode()
            if hashlib.sha256(line).hexdigest() != digest:
                sentence = _(
                    "This version was changed after submission; inform the administrator of the "
                    "portal."
                )
                raise Refused(sentence)
            yield line


def _reached(version: ReportVersion, with_below: bool) -> tuple[dict[int, str], set[int]]:
    """Return what `version` rests on, near or far, by its number; and by which forms all that is.

    Cost: a query or two for 500 versions; some 200 bytes of memory for each.
    """
    digests: dict[int, str] = {}
    reached, forms = {version.pk}, {version.form_id}
    todo = [version.pk]
    while todo and len(reached) < MOST:
        step, todo = todo[:_STEP], todo[_STEP:]
        for pk, digest, form in _named_by(step, with_below):
            if pk not in reached and len(reached) < MOST:
                reached.add(pk)
                todo.append(pk)
                digests[pk] = digest
                forms.add(form)
    return digests, forms


def _named_by(versions: Sequence[int], with_below: bool) -> Iterator[tuple[int, str, int]]:
    """Yield what these versions name: those of their children, and those before them."""
    parts = ("pk", "sha256", "form_id")
    if with_below:
        children = ReportVersion.objects.filter(used_in__parent_version__in=versions)
        yield from children.values_list(*parts).iterator(chunk_size=2000)
    later = ReportVersion.objects.filter(pk__in=versions).exclude(prev_sha256="")
    before = dict(later.values_list("prev_sha256", "slot_id"))
    rows = ReportVersion.objects.filter(sha256__in=before, slot__in=before.values())
    yield from rows.values_list(*parts)
