"""Ask for a sweep: now, once more, or when the files have been checked."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.work import Work

JOB_KIND = "intake.sweep"
LOOK_AGAIN = timedelta(seconds=5)


def ask_for_sweep(submission: Submission, *, state: SubmissionState, wait: timedelta) -> None:
    """Enqueue a job for `submission` and set its state; the caller holds the transaction."""
    submission.runs += 1
    submission.state = state
    submission.job = enqueue(
        JOB_KIND,
        key=f"{JOB_KIND}:{submission.pk}:{submission.runs}",
        payload={"submission": submission.pk},
        run_after=timezone.now() + wait,
        asked_by_id=submission.created_by_id,
        unit_path=submission.node.unit.path,
        max_attempts=10,
    )
    submission.save(update_fields=["runs", "state", "job"])


def ask_again_when_checked(work: Work, submission: Submission) -> None:
    """End this job and ask for the next look at the files, in one transaction."""
    with work.finishing():
        row = Submission.objects.select_for_update().get(pk=submission.pk)
        ask_for_sweep(row, state=SubmissionState.CHECKING, wait=LOOK_AGAIN)
