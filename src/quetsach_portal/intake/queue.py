"""Ask for a sweep: now, once more, or when the last file has been checked."""

from uuid import UUID

from django.db.models import QuerySet

from quetsach_portal.files.models import FileState
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.work import Work

JOB_KIND = "intake.sweep"
_UNDER_WAY = frozenset({FileState.RECEIVING, FileState.CHECKING})


def ask_for_sweep(submission: Submission) -> None:
    """Enqueue a job for `submission`; the caller holds the transaction and the row."""
    submission.runs += 1
    submission.state = SubmissionState.QUEUED
    submission.job = enqueue(
        JOB_KIND,
        key=f"{JOB_KIND}:{submission.pk}:{submission.runs}",
        payload={"submission": submission.pk},
        asked_by_id=submission.created_by.pk,
        unit_path=submission.node.unit.path,
        max_attempts=10,
    )
    submission.save(update_fields=["runs", "state", "job"])


def ask_when_checked(submission: Submission) -> None:
    """Enqueue the sweep if all files have been checked; else the last check will.

    The files are locked, so that a check that ends meanwhile is seen here or sees this.
    """
    files = submission.files.order_by("pk").select_for_update()
    if _UNDER_WAY.isdisjoint([one.state for one in files]):
        ask_for_sweep(submission)
    else:
        submission.state = SubmissionState.CHECKING
        submission.save(update_fields=["state"])


def file_checked(work: Work) -> None:
    """Go on with the submissions that waited for this file; the job that `files` asks for."""
    with work.finishing():
        for row in _waiting_for(UUID(work.payload["file"])):
            ask_when_checked(row)


def _waiting_for(file_id: UUID) -> QuerySet[Submission]:
    rows = Submission.objects.select_for_update(of=("self",)).order_by("pk")
    rows = rows.filter(files=file_id, state=SubmissionState.CHECKING)
    return rows.select_related("node__unit", "created_by")
