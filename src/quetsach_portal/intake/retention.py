"""Destroy raw logs when their time is over, remove remains of dead tries, forget at archiving."""

import shutil
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.attaching import abandoned_folders
from quetsach_portal.files.models import FileState
from quetsach_portal.files.storage import forget, path_of
from quetsach_portal.intake.actions import audit
from quetsach_portal.intake.folders import abandoned_work, stored_findings
from quetsach_portal.intake.models import ENDED, StreamPart, Submission, SubmissionState, UnitStream
from quetsach_portal.intake.prints import forget_prints, stored_prints
from quetsach_portal.intake.queries import rules_of
from quetsach_portal.jobs.queue import RunningJob

_DRAFT_DAYS = 14
_LEFT_FOR_S = 24 * 3600
"""A try is never this old: its process is ended long before."""


def destroy_raw(work: RunningJob) -> None:
    """Destroy the files of submissions that ended longer ago than their campaign keeps them."""
    rows = Submission.objects.filter(state__in=ENDED, raw_destroyed_at=None).order_by("pk")
    for submission in rows.select_related("node__campaign", "node__unit").iterator(chunk_size=200):
        days = rules_of(submission.node.campaign).keep_raw_days
        ended = submission.finished_at
        if ended is not None and ended + timedelta(days=days) <= timezone.now():
            _destroy(submission, days)
            work.renew()


def _destroy(submission: Submission, days: int) -> None:
    files = list(submission.files.exclude(state=FileState.QUARANTINED))
    # First the bytes: a destruction that is recorded must have happened.
    for stored in files:
        path_of(stored).unlink(missing_ok=True)
    with transaction.atomic():
        fresh = Submission.objects.filter(pk=submission.pk, raw_destroyed_at=None, state__in=ENDED)
        if not fresh.update(raw_destroyed_at=timezone.now()):
            return
        digests = [stored.sha256 for stored in files]
        audit("evidence.destroyed", submission, None, {"files": digests, "after_days": days})


KEEP_PRINTS_DAYS = 180
"""A day is asked about so long after it, by its fingerprint."""


def destroy_prints(work: RunningJob) -> None:
    """Destroy the fingerprints of submissions whose last day is longer ago than they are kept."""
    before = timezone.now() - timedelta(days=KEEP_PRINTS_DAYS)
    rows = Submission.objects.exclude(prints="").filter(
        Q(last_day__lt=before.date()) | Q(last_day=None, finished_at__lt=before)
    )
    for submission in rows.select_related("node__unit").iterator(chunk_size=200):
        # First the secrets: a destruction that is recorded must have happened.
        forget_prints(submission.prints)
        with transaction.atomic():
            fresh = Submission.objects.filter(pk=submission.pk, prints=submission.prints)
            if fresh.update(prints=""):
                days: dict[str, object] = {"after_days": KEEP_PRINTS_DAYS}
                audit("fingerprints.destroyed", submission, None, days)
        work.renew()


def tidy(work: RunningJob) -> None:
    """Remove forgotten drafts, and findings, fingerprints and work that no submission knows."""
    kept = Submission.objects.exclude(findings="", prints="")
    known = {name for pair in kept.values_list("findings", "prints") for name in pair}
    before = time.time() - _LEFT_FOR_S
    for folder in (*stored_findings(), *stored_prints(), *abandoned_work()):
        if folder.name not in known and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            work.renew()
    for folder in abandoned_folders(before):
        shutil.rmtree(folder, ignore_errors=True)
        work.renew()
    _end_drafts()


def _end_drafts() -> None:
    before = timezone.now() - timedelta(days=_DRAFT_DAYS)
    for submission in Submission.objects.filter(
        state=SubmissionState.RECEIVING, created_at__lt=before
    ).select_related("node__unit"):
        with transaction.atomic():
            files = list(submission.files.values_list("pk", flat=True))
            audit("evidence.draft_ended", submission, None, {"files": len(files)})
            submission.files.clear()
            submission.delete()
            forget(files)


_NAMING = ("devices", "problems", "sources", "look", "set_aside")
"""Lists of a summary with names of machines, addresses or files; the counts beside them stay."""


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many submissions and files lost their personal data; the figures stay.

    The folders of findings and fingerprints are removed by the job that tidies up. The caller
    holds the transaction.
    """
    rows = Submission.objects.filter(node__campaign=campaign)
    files = forget(rows.filter(files__isnull=False).values_list("files", flat=True))
    summed_up = rows.filter(~Q(summary={})).select_for_update(of=("self",))
    for submission in summed_up.only("summary").iterator(chunk_size=500):
        submission.summary |= {name: [] for name in _NAMING if name in submission.summary}
        submission.save(update_fields=["summary"])
    rows.filter(raw_destroyed_at=None).update(raw_destroyed_at=timezone.now())
    UnitStream.objects.filter(node__campaign=campaign).update(name="")
    StreamPart.objects.filter(stream__node__campaign=campaign).update(path="")
    return {
        "submissions": rows.update(note="", told={}, findings="", prints="", withdrawn_reason=""),
        "submitted_files": files,
    }
