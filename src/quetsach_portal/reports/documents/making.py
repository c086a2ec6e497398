"""The job that makes a document's files; while it is down, reports are written and handed in."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach.api.reports import QuetsachError, report_files
from quetsach_portal.files.actions import keep
from quetsach_portal.files.models import Purpose, StoredFile
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.work import Work
from quetsach_portal.reports.document_models import DocumentState, ReportDocument
from quetsach_portal.reports.documents.official import official_report, told
from quetsach_portal.reports.places import RELATED

KIND = "reports.make_document"


def ask(document: ReportDocument) -> None:
    """Have the files of `document` made; within the transaction of the act that needs them."""
    enqueue(
        KIND,
        key=f"{KIND}:{document.pk}",
        payload={"document_id": document.pk},
        asked_by_id=document.asked_by_id,
        unit_path=document.version.slot.node.unit.path,
    )


def run(work: Work) -> None:
    """Make the electronic copy, the one to print and the register's entry, and keep them.

    What cannot be printed is kept as the reason; whoever asked reads it.
    """
    related = [f"version__slot__{one}" for one in RELATED]
    documents = ReportDocument.objects.select_related("version__form", *related)
    document = documents.get(pk=work.payload["document_id"])
    if document.state == DocumentState.MADE:
        with work.finishing():
            return
    try:
        report = official_report(document)
        made, to_print = report_files(report), report_files(report, paper=True)
    except QuetsachError as error:
        with work.finishing():
            document.state, document.problem = DocumentState.FAILED, told(error)[:500]
            document.save(update_fields=["state", "problem"])
        return
    with work.finishing():
        document.docx = _kept(document, "docx", made.docx)
        document.pdf = _kept(document, "pdf", made.pdf)
        document.paper = _kept(document, "pdf", to_print.pdf, "-ban-giay")
        document.entry = made.metadata.decode()
        document.state, document.problem = DocumentState.MADE, ""
        document.unprintable = [
            {"named": one.named, "beside": one.beside} for one in to_print.unfit
        ]
        document.made_at = timezone.now()
        document.save()


def _kept(document: ReportDocument, ending: str, content: bytes, which: str = "") -> StoredFile:
    number = "" if document.number is None else f"-{document.full_number.replace('/', '-')}"
    name = f"bao-cao{number}-{document.version.code}{which}.{ending}"
    path = document.version.slot.node.unit.path
    upload = SimpleUploadedFile(name, content)
    return keep(upload, purpose=Purpose.DOCUMENT, owner_path=path, actor=None)
