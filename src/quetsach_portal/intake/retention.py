"""Raw logs are destroyed when their time is over; what dead tries left behind is removed."""

import shutil
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.files.models import FileState
from quetsach_portal.intake.models import ENDED, Submission, SubmissionState
from quetsach_portal.intake.places import kept_findings, left_work
from quetsach_portal.intake.raw_files import remove_raw
from quetsach_portal.intake.rules import rules_of
from quetsach_portal.jobs.work import Work

_DRAFT_DAYS = 14
_LEFT_FOR_S = 24 * 3600
"""A try is never this old: its process is ended long before."""


def destroy_raw(work: Work) -> None:
    """Destroy the files of submissions that ended longer ago than their campaign keeps them."""
    rows = Submission.objects.filter(state__in=ENDED, raw_destroyed_at=None).order_by("pk")
    for row in rows.select_related("node__campaign", "node__unit").iterator(chunk_size=200):
        days = rules_of(row.node.campaign).keep_raw_days
        if row.finished_at is None or row.finished_at + timedelta(days=days) > timezone.now():
            continue
        _destroy(row, days)
        work.renew()


def _destroy(row: Submission, days: int) -> None:
    files = list(row.files.exclude(state=FileState.QUARANTINED))
    # First the bytes: a destruction that is recorded must have happened.
    for one in files:
        remove_raw(one)
    with transaction.atomic():
        fresh = Submission.objects.filter(pk=row.pk, raw_destroyed_at=None, state__in=ENDED)
        if not fresh.update(raw_destroyed_at=timezone.now()):
            return
        record(
            "evidence.destroyed",
            actor=None,
            kind="submission",
            object_id=row.pk,
            detail={"files": [one.sha256 for one in files], "after_days": days},
            unit_path=row.node.unit.path,
        )


def tidy(work: Work) -> None:
    """Remove forgotten drafts, and findings and work folders that no submission knows."""
    known = set(Submission.objects.exclude(findings="").values_list("findings", flat=True))
    before = time.time() - _LEFT_FOR_S
    for folder in (*kept_findings(), *left_work()):
        if folder.name not in known and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            work.renew()
    _end_drafts()


def _end_drafts() -> None:
    before = timezone.now() - timedelta(days=_DRAFT_DAYS)
    for row in Submission.objects.filter(
        state=SubmissionState.RECEIVING, created_at__lt=before
    ).select_related("node__unit"):
        files = list(row.files.all())
        with transaction.atomic():
            record(
                "evidence.draft_ended",
                actor=None,
                kind="submission",
                object_id=row.pk,
                detail={"files": len(files)},
                unit_path=row.node.unit.path,
            )
            row.files.clear()
            row.delete()
        for one in files:
            remove_raw(one)
