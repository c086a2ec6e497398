"""The table of a whole subtree as a file: at once where it is small, else by a job."""

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach.api import in_language
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import CampaignNode, Phase
from quetsach_portal.dashboards.models import SubtreeFile
from quetsach_portal.dashboards.pages import subtree
from quetsach_portal.files.actions import keep
from quetsach_portal.files.forgetting import forget
from quetsach_portal.files.models import Purpose
from quetsach_portal.files.refusal import FileRefused
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.work import Work
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused

KIND = "dashboards.write_subtree"
MOST_AT_ONCE = 2_000
"""So many units are written while somebody waits; more are written by a job."""

MOST_WAITING = 4
KEPT = timedelta(days=7)
_UNDER_WAY = (JobState.READY, JobState.RUNNING)


@dataclass(frozen=True)
class Asked:
    """A file that was asked for, and whether it could not be written."""

    row: SubtreeFile
    has_failed: bool


def is_large(node: CampaignNode) -> bool:
    """Whether the table of `node` and all below it is written by a job."""
    return bool(node.tally.units > MOST_AT_ONCE)


def name_of(node: CampaignNode, phase: Phase | None, kind: str) -> str:
    """Return what the file is called."""
    part = "" if phase is None else f"-dot-{phase.no}"
    return f"so-lieu-toan-bo-{node.unit.code}{part}.{kind}"


def written(node: CampaignNode, phase: Phase | None, kind: str) -> IO[bytes]:
    """Return the file at its beginning; it is gone once it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # it is handed on open
    try:
        subtree.write(file, node, phase, kind)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def ask(node: CampaignNode, phase: Phase | None, kind: str, *, actor: User) -> SubtreeFile:
    """Return the file that a job will write. Errors: Refused where the person waits for others."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        waiting = Job.objects.filter(kind=KIND, asked_by_id=actor.pk, state__in=_UNDER_WAY)
        if waiting.count() >= MOST_WAITING:
            raise Refused(_("You wait for other files already; take those first."))
        made = SubtreeFile.objects.create(node=node, phase=phase, kind=kind, by=actor)
        enqueue(
            KIND,
            key=_key(made),
            payload={"file": made.pk},
            asked_by_id=actor.pk,
            unit_path=node.unit.path,
            max_attempts=2,
        )
        record(
            "report.subtree_asked",
            actor=actor,
            kind="campaign",
            object_id=node.campaign_id,
            unit_path=node.unit.path,
            detail={"node": node.pk, "kind": kind},
        )
    return made


def asked_by(user: User, campaign_id: int) -> list[Asked]:
    """Return the files that the person asked for in a campaign, the newest first."""
    rows = SubtreeFile.objects.filter(by=user, node__campaign_id=campaign_id)
    found = list(rows.select_related("node", "phase", "file").order_by("-pk"))
    jobs = Job.objects.filter(key__in=[_key(one) for one in found], state=JobState.FAILED)
    failed = set(jobs.values_list("key", flat=True))
    return [Asked(one, _key(one) in failed) for one in found]


def _key(asked: SubtreeFile) -> str:
    return f"{KIND}:{asked.pk}"


def run(work: Work) -> None:
    """Write the file that somebody asked for, and keep it for them."""
    related = ("node__unit", "phase__campaign", "by")
    asked = SubtreeFile.objects.select_related(*related).filter(pk=work.payload["file"]).first()
    if asked is None or asked.file_id is not None:
        return
    language = asked.by.language
    with (
        translation.override(language),
        in_language("en" if language == "en" else "vi"),
        written(asked.node, asked.phase, asked.kind) as file,
    ):
        size = file.seek(0, 2)
        file.seek(0)
        upload = UploadedFile(file, name_of(asked.node, asked.phase, asked.kind), size=size)
        with work.finishing():
            try:
                asked.file = keep(
                    upload, purpose=Purpose.DOCUMENT, owner_path=asked.node.unit.path, actor=None
                )
            except FileRefused as refused:
                raise GiveUp(str(refused.problem)) from refused
            asked.save(update_fields=["file"])


def forget_old(_work: Work) -> None:
    """Remove the files that nobody needs any more."""
    with transaction.atomic():
        old = SubtreeFile.objects.filter(asked_at__lt=timezone.now() - KEPT)
        ids = list(old.exclude(file=None).values_list("file_id", flat=True))
        old.delete()
        forget(ids)
