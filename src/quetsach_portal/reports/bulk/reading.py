"""The job that reads the workbooks of a batch, each in a process of its own; nothing is saved."""

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach.api import in_language
from quetsach_portal.files.names import ending_of
from quetsach_portal.jobs.work import Work
from quetsach_portal.reports.batch_models import BatchFile, WorkbookBatch
from quetsach_portal.reports.workbooks import sheets
from quetsach_portal.web.problems import Refused

KIND = "reports.read_workbooks"
KEPT = timedelta(days=7)


def run(work: Work) -> None:
    """Read what was not read yet of the batch; another upload may have taken its place."""
    batch = WorkbookBatch.objects.filter(pk=work.payload["batch"]).select_related("by").first()
    if batch is None:
        return
    language = batch.by.language
    files = list(batch.files.filter(raw__isnull=False).order_by("pk"))
    with translation.override(language), in_language("en" if language == "en" else "vi"):
        for place, file in enumerate(files):
            work.progress(place, len(files))
            _read(file)
    with work.finishing():
        WorkbookBatch.objects.filter(pk=batch.pk).update(read_at=timezone.now())


def forget(_work: Work) -> None:
    """Remove the batches that nobody needs any more."""
    WorkbookBatch.objects.filter(given_at__lt=timezone.now() - KEPT).delete()


def _read(file: BatchFile) -> None:
    raw, opened, refused = bytes(file.raw or b""), "", ""
    try:
        if ending_of(file.name) != "xlsx":
            raise Refused(_("It is no XLSX file."))
        opened = sheets.opened(raw, file.name).to_json()
    except Refused as told:
        refused = told.told
    # Whatever replaced the batch meanwhile took this row with it.
    BatchFile.objects.filter(pk=file.pk).update(raw=None, opened=opened, refused=refused)
