"""Acts on submissions: begin, add files, send, sweep again, throw away, destroy raw logs."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState, NodeState
from quetsach_portal.cases.by_hand import LineSeen, open_by_hand
from quetsach_portal.cases.models.case import Case
from quetsach_portal.files.actions import FileUpload, accept_upload
from quetsach_portal.files.models import FilePurpose, FileState, StoredFile
from quetsach_portal.files.storage import forget
from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

JOB_KIND = "intake.sweep"
_UNDER_WAY = frozenset({FileState.RECEIVING, FileState.CHECKING})


def enqueue_sweep(submission: Submission) -> None:
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


def enqueue_sweep_when_checked(submission: Submission) -> None:
    """Enqueue the sweep if all files have been checked; else the last check will.

    The files are locked, so that a check that ends meanwhile is seen here or sees this.
    """
    files = submission.files.order_by("pk").select_for_update()
    if _UNDER_WAY.isdisjoint(stored.state for stored in files):
        enqueue_sweep(submission)
    else:
        submission.state = SubmissionState.CHECKING
        submission.save(update_fields=["state"])


def file_checked(work: RunningJob) -> None:
    """Go on with the submissions that waited for this file; the job that `files` asks for."""
    with work.finishing():
        for row in _waiting_for(UUID(work.payload["file"])):
            enqueue_sweep_when_checked(row)


def _waiting_for(file_id: UUID) -> QuerySet[Submission]:
    rows = Submission.objects.select_for_update(of=("self",)).order_by("pk")
    rows = rows.filter(files=file_id, state=SubmissionState.CHECKING)
    return rows.select_related("node__unit", "created_by")


def _drop(stored: StoredFile) -> None:
    """Forget a file that came with what was refused."""
    with transaction.atomic():
        forget([stored.pk])


MOST_FILES = 50
_RUNNING = (CampaignState.LIVE, CampaignState.CLOSING)
_GONE = (NodeState.MERGED, NodeState.SPLIT, NodeState.CLOSED)
_ONCE_MORE = frozenset({"H107"})
"""What was refused and may be taken another time, with the same file."""


def begin(
    node: CampaignNode, *, kind: str, upload: FileUpload, note: str, token: UUID, actor: User
) -> Submission:
    """Return the submission that this form began; the same form sent twice begins one.

    Findings are one file and are sent off at once; logs wait for more files until `send`.
    Errors: Refused.
    """
    same_form = Submission.objects.filter(token=token, created_by=actor, node=node)
    if (begun := same_form.first()) is not None:
        return begun
    refuse_if_closed(node)
    stored = accept_upload(upload, purpose=purpose_of(kind), owner_path=node.unit.path, actor=actor)
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                token=token,
                node=node,
                kind=SubmissionKind(kind),
                state=SubmissionState.RECEIVING,
                note=note,
                created_by=actor,
            )
            submission.files.add(stored)
            audit("evidence.begun", submission, actor, {"kind": kind, "file": str(stored.pk)})
            if submission.kind == SubmissionKind.FINDINGS:
                enqueue_sweep_when_checked(submission)
            return submission
    except IntegrityError as error:
        _drop(stored)
        if (begun := same_form.first()) is None:
            raise Refused(_("This form was already submitted. Reload the page.")) from error
        return begun


def begin_and_send(
    node: CampaignNode, *, kind: str, upload: FileUpload, note: str, token: UUID, actor: User
) -> Submission:
    """Return the submission of one file, sent off at once. Errors: Refused."""
    submission = begin(node, kind=kind, upload=upload, note=note, token=token, actor=actor)
    send(submission, actor=actor)
    return submission


def purpose_of(kind: str) -> str:
    """Return what files of this kind of submission are kept for."""
    return FilePurpose.FINDINGS if kind == SubmissionKind.FINDINGS else FilePurpose.EVIDENCE


def refuse_if_closed(node: CampaignNode) -> None:
    """Errors: Refused when nothing can be handed in for `node`."""
    if node.campaign.state not in _RUNNING:
        raise Refused(_("The campaign is not running; nothing can be handed in now."))
    if node.state in _GONE:
        raise Refused(
            _("Your unit no longer takes part in this campaign. Hand in for its successor instead.")
        )
    if node.campaign.release_file is None:
        raise Refused(_("The lead office has not published its list of malicious addresses yet."))


def add_file(submission: Submission, upload: FileUpload, *, actor: User) -> StoredFile:
    """Return the file that was added to what was begun. Errors: Refused."""
    if submission.state != SubmissionState.RECEIVING:
        raise Refused(_("This submission was already sent."))
    path = submission.node.unit.path
    stored = accept_upload(upload, purpose=FilePurpose.EVIDENCE, owner_path=path, actor=actor)
    try:
        with transaction.atomic():
            locked = _locked(submission, SubmissionState.RECEIVING)
            if locked.files.count() >= MOST_FILES:
                text = _("At most %(count)s files. Pack many small files into one ZIP file.")
                raise Refused(text % {"count": MOST_FILES}, field="file")
            locked.files.add(stored)
            audit("evidence.file_added", locked, actor, {"file": str(stored.pk)})
    except Refused:
        _drop(stored)
        raise
    return stored


def remove_file(submission: Submission, file_id: UUID, *, actor: User) -> None:
    """Take a file out of what was begun, and destroy it. Errors: Refused."""
    with transaction.atomic():
        locked = _locked(submission, SubmissionState.RECEIVING)
        for stored in locked.files.filter(pk=file_id):
            locked.files.remove(stored)
            audit("evidence.file_removed", locked, actor, {"file": str(stored.pk)})
            forget([stored.pk])


def send(submission: Submission, *, actor: User) -> None:
    """Send off what was begun; pressing twice is pressing once. Errors: Refused."""
    with transaction.atomic():
        locked = _locked(submission)
        if locked.state != SubmissionState.RECEIVING:
            return
        refuse_if_closed(locked.node)
        if not locked.files.exists():
            raise Refused(_("Add at least one file."))
        audit("evidence.handed_in", locked, actor, {"files": locked.files.count()})
        enqueue_sweep_when_checked(locked)


def throw_away(submission: Submission, *, actor: User) -> None:
    """Remove what was begun and not sent, with its files. Errors: Refused."""
    with transaction.atomic():
        locked = _locked(submission, SubmissionState.RECEIVING)
        files = list(locked.files.values_list("pk", flat=True))
        audit("evidence.thrown_away", locked, actor, {"files": len(files)})
        locked.files.clear()
        locked.delete()
        forget(files)


def retry_sweep(submission: Submission, *, actor: User) -> None:
    """Ask for another try of a failed sweep. Errors: Refused."""
    with transaction.atomic():
        locked = _locked(submission)
        jobs = Job.objects.select_for_update()
        job = None if locked.job_id is None else jobs.get(pk=locked.job_id)
        if not may_retry_sweep(locked, job) or locked.raw_destroyed_at is not None:
            raise Refused(_("There is nothing to sweep again."))
        locked.told, locked.finished_at = {}, None
        locked.save(update_fields=["told", "finished_at"])
        audit("evidence.again", locked, actor, {"run": locked.runs + 1})
        enqueue_sweep(locked)


def make_case(
    submission: Submission, line: LineSeen, *, machine: str, reason: str, actor: User
) -> Case:
    """Return the case that a person makes of a line to look at. Errors: Refused."""
    source = f"submission:{submission.pk}"
    return open_by_hand(
        submission.node, line, machine=machine, reason=reason, source=source, actor=actor
    )


def may_retry_sweep(submission: Submission, job: Job | None) -> bool:
    """True when a try has ended without findings and another may go better."""
    if submission.state == SubmissionState.FAILED or submission.told.get("code") in _ONCE_MORE:
        return True
    waits = submission.state in (SubmissionState.QUEUED, SubmissionState.SWEEPING)
    return waits and (job is None or job.state in (JobState.FAILED, JobState.CANCELLED))


def _locked(submission: Submission, *states: SubmissionState) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",))
    row = rows.select_related("node__unit", "node__campaign", "created_by").get(pk=submission.pk)
    if states and row.state not in states:
        raise Refused(_("This submission was already sent."))
    return row


def audit(
    action: str, submission: Submission, actor: User | None, detail: dict[str, object]
) -> None:
    """Write an act on `submission` into the audit trail."""
    record(
        action,
        actor=actor,
        kind="submission",
        object_id=submission.pk,
        detail=detail,
        unit_path=submission.node.unit.path,
    )
