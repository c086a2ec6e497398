"""The table of a subtree as a file: written at once where it is small, else by a job."""

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach.api.problems import in_language
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode, Phase
from quetsach_portal.dashboards import access
from quetsach_portal.dashboards.access import frame
from quetsach_portal.dashboards.models import SubtreeFile
from quetsach_portal.dashboards.pages import subtree
from quetsach_portal.dashboards.pages.subtree import KINDS
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.storage import attachment, attachment_header, forget
from quetsach_portal.followup import pages
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused, run_with_message
from quetsach_portal.web.paging import MEDIA_TYPES
from quetsach_portal.web.request import PortalRequest

KIND = "dashboards.write_subtree"
MOST_AT_ONCE = 2_000
"""So many units are written while somebody waits; more are written by a job."""

MOST_WAITING = 4
KEPT = timedelta(days=7)
_UNDER_WAY = (JobState.READY, JobState.RUNNING)


@dataclass(frozen=True)
class RequestedFile:
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


def request_file(node: CampaignNode, phase: Phase | None, kind: str, *, actor: User) -> SubtreeFile:
    """Return the file that a job will write. Errors: Refused where the person waits for others."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        waiting = Job.objects.filter(kind=KIND, asked_by_id=actor.pk, state__in=_UNDER_WAY)
        if waiting.count() >= MOST_WAITING:
            raise Refused(_("You wait for other files already; take those first."))
        subtree_file = SubtreeFile.objects.create(node=node, phase=phase, kind=kind, by=actor)
        enqueue(
            KIND,
            key=_key(subtree_file),
            payload={"file": subtree_file.pk},
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
    return subtree_file


def requested_files(user: User, campaign_id: int) -> list[RequestedFile]:
    """Return the files that the person asked for in a campaign, the newest first."""
    rows = SubtreeFile.objects.filter(by=user, node__campaign_id=campaign_id)
    found = list(rows.select_related("node", "phase", "file").order_by("-pk"))
    jobs = Job.objects.filter(key__in=[_key(one) for one in found], state=JobState.FAILED)
    failed = set(jobs.values_list("key", flat=True))
    return [RequestedFile(one, _key(one) in failed) for one in found]


def _key(asked: SubtreeFile) -> str:
    return f"{KIND}:{asked.pk}"


def write_requested_file(work: RunningJob) -> None:
    """Write the file that somebody asked for, and keep it for them."""
    related = ("node__unit", "phase__campaign", "by")
    subtree_file = (
        SubtreeFile.objects.select_related(*related).filter(pk=work.payload["file"]).first()
    )
    if subtree_file is None or subtree_file.file_id is not None:
        return
    language = subtree_file.by.language
    with (
        translation.override(language),
        in_language("en" if language == "en" else "vi"),
        written(subtree_file.node, subtree_file.phase, subtree_file.kind) as file,
    ):
        size = file.seek(0, 2)
        file.seek(0)
        upload = UploadedFile(
            file, name_of(subtree_file.node, subtree_file.phase, subtree_file.kind), size=size
        )
        with work.finishing():
            try:
                subtree_file.file = store_upload(
                    upload,
                    purpose=FilePurpose.DOCUMENT,
                    owner_path=subtree_file.node.unit.path,
                    actor=None,
                )
            except FileRefused as refused:
                raise GiveUp(str(refused.problem)) from refused
            subtree_file.save(update_fields=["file"])


def forget_old(_work: RunningJob) -> None:
    """Remove the files that are past their time."""
    with transaction.atomic():
        old = SubtreeFile.objects.filter(asked_at__lt=timezone.now() - KEPT)
        ids = list(old.exclude(file=None).values_list("file_id", flat=True))
        old.delete()
        forget(ids)


# Views of the subtree table.


@require_safe
def subtree_file(
    request: PortalRequest, campaign_id: int, kind: str
) -> HttpResponse | FileResponse:
    """Hand out a small table; a large one is asked for on the page of files."""
    node = access.subtree_of(request.scope, campaign_id, pages.node_in(request))
    if kind not in KINDS:
        raise Http404
    if is_large(node):
        return redirect(_files(campaign_id, node.pk))
    phase = pages.phase_in(request, node.campaign)
    response = FileResponse(written(node, phase, kind), content_type=MEDIA_TYPES[kind])
    name = name_of(node, phase, kind)
    response.headers["Content-Disposition"] = attachment_header(name)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """List the files that the person asked for, and ask for another one."""
    under = request.POST.get("under", "") or request.GET.get("under", "")
    node = access.subtree_of(request.scope, campaign_id, pages.number_in(under))
    phase = pages.phase_in(request, node.campaign)
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind in KINDS:
            done = _("The file is being written; it stands below when it is ready.")
            run_with_message(
                request, lambda: request_file(node, phase, kind, actor=request.user), done
            )
        return redirect(_files(campaign_id, node.pk))
    context = frame(request, node.campaign, node) | {
        "phase": phase,
        "kinds": KINDS,
        "is_large": is_large(node),
        "files": requested_files(request.user, campaign_id),
    }
    return render(request, "dashboards/files.html", context)


@require_safe
def file(request: PortalRequest, campaign_id: int, file_id: int) -> FileResponse:
    """Hand out a file that the person asked for."""
    return attachment(access.file_of(request.scope, campaign_id, file_id))


def _files(campaign_id: int, node_id: int) -> str:
    return f"{reverse('dashboards:files', args=[campaign_id])}?under={node_id}"
