"""The table of a unit and its subtree as a file: written at once, or by a job where it is large."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from quetsach.api import problems, sheets
from quetsach.api.reports import AbsenceReason, TableCount, absent_words
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    Phase,
    ReportCounter,
)
from quetsach_portal.dashboards import access
from quetsach_portal.dashboards.access import frame
from quetsach_portal.dashboards.models import SubtreeFile
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.storage import attachment, attachment_header, forget
from quetsach_portal.followup import pages
from quetsach_portal.followup.queries import children_of
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.scope import below
from quetsach_portal.reports.models.report import COUNTS, ReportFigure, ReportVersion
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.web.acts import Refused, run_with_message
from quetsach_portal.web.paging import MEDIA_TYPES, Row, TableFile
from quetsach_portal.web.request import PortalRequest

COLUMNS = {
    "name": _lazy("Unit"),
    "code": _lazy("Code"),
    "units": _lazy("Units, with all below"),
    "told": _lazy("Told"),
    "received": _lazy("Receipt confirmed"),
    "deployed": _lazy("Deployed"),
    "expected": _lazy("Expected reports"),
    "excused": _lazy("Excused"),
    "reported": _lazy("Reported"),
    "on_time": _lazy("In time"),
    "nil": _lazy("Nothing to report"),
    "signed": _lazy("Signed"),
    "share_reported": _lazy("Share reported"),
    "looked_full": _lazy("Units that checked all"),
    "looked_part": _lazy("Units that checked a part"),
    "machines_seen": _lazy("Machines checked"),
    "machines": _lazy("Machines known"),
    "machines_sized": _lazy("Units whose number of machines is known"),
    "logs_full": _lazy("Units with network logs of each day"),
}
"""The heading of each column by its key."""

KEYS = tuple(COLUMNS)
STEPS, REPORTS, LOOKS = KEYS[2:6], KEYS[6:12], KEYS[13:]


def table_of(node: CampaignNode, phase: Phase | None) -> TableFile:
    """Return the unit's row, then one of each unit directly below. Cost: three queries."""
    nodes = [node, *children_of(node)]
    slots = {one.node_id: one for one in ReportCounter.objects.filter(phase=phase, node__in=nodes)}
    return TableFile(KEYS, heads(), [figure_row(one, slots.get(one.pk)) for one in nodes])


def figure_row(node: CampaignNode, slots: ReportCounter | None) -> Row:
    """Return the counters of a unit with all below it."""
    steps = [getattr(node.tally, name) for name in STEPS]
    counts = [None if slots is None else getattr(slots, name) for name in REPORTS]
    looks = [getattr(node.tally, name) for name in LOOKS]
    share = None
    if slots is not None and slots.expected > 0:
        share = round(slots.reported / slots.expected, 4)
    return [node.name_at_freeze, node.unit.code, *steps, *counts, share, *looks]


def heads() -> list[str]:
    """Return the column headings."""
    return list(map(str, COLUMNS.values()))


KINDS = ("xlsx", "csv")
_STEP = 500


def write(out: IO[bytes], node: CampaignNode, phase: Phase | None, kind: str) -> None:
    """Write the table into `out`, row by row; no cell is a formula.

    Cost: seven queries for 500 units, and their memory.
    """
    counts = () if phase is None else form_of(campaign_form_of(phase)).counts()
    columns = [*heads(), *_more_heads(), *(in_language(count.label) for count in counts)]
    sheets.write_table(out, columns, _rows(node, phase, counts), xlsx=kind == "xlsx")


def _rows(node: CampaignNode, phase: Phase | None, counts: Sequence[TableCount]) -> Iterator[Row]:
    """Yield a row for each unit, each behind the one above it."""
    nodes = CampaignNode.objects.filter(below(node.path)).select_related(
        "unit", "tally", "parent__unit"
    )
    last = ""
    while step := list(nodes.filter(path__gt=last).order_by("path")[:_STEP]):
        last = step[-1].path
        ids = [node_below.pk for node_below in step]
        counters = {
            counter.node_id: counter
            for counter in ReportCounter.objects.filter(phase=phase, node__in=ids)
        }
        slots = {
            slot.node_id: slot for slot in ExpectedReport.objects.filter(phase=phase, node__in=ids)
        }
        figures_by_slot = _figures_by_slot([slot.pk for slot in slots.values()])
        for node_below in step:
            slot = slots.get(node_below.pk)
            number, figures = figures_by_slot.get(slot.pk if slot else 0, (None, {}))
            yield [
                *figure_row(node_below, counters.get(node_below.pk)),
                "" if node_below.parent is None else node_below.parent.unit.code,
                node_below.depth,
                str(node_below.get_state_display()),
                "" if slot is None else str(slot.get_state_display()),
                number,
                *(_cell(figures.get(count.id)) for count in counts),
            ]


def _figures_by_slot(slots: Sequence[int]) -> Mapping[int, tuple[int, Mapping[str, ReportFigure]]]:
    """Return by slot the number of the version that counts, and its figures."""
    rows = ReportVersion.objects.filter(slot__in=slots, state__in=COUNTS).order_by("n")
    newest = {slot: (pk, n) for slot, pk, n in rows.values_list("slot_id", "pk", "n")}
    by_version: dict[int, dict[str, ReportFigure]] = {}
    figures = ReportFigure.objects.filter(version__in=[pk for pk, _n in newest.values()])
    for one in figures.defer("sketch", "words"):
        by_version.setdefault(one.version_id, {})[one.key] = one
    return {slot: (n, by_version.get(pk, {})) for slot, (pk, n) in newest.items()}


def _cell(figure: ReportFigure | None) -> str | int | None:
    """Return a total; a missing total has its reason; empty when no version is accepted."""
    if figure is None:
        return None
    if figure.total is not None:
        return figure.total
    return absent_words(AbsenceReason(figure.absent)) if figure.absent else None


def _more_heads() -> list[str]:
    return [
        _("Code of the unit above"),
        _("Levels below the lead office"),
        _("State of the unit"),
        _("State of the report"),
        _("Version accepted"),
    ]


KIND = "dashboards.write_subtree"
MOST_AT_ONCE = 2_000
"""Up to so many units are written during the request; more by a job."""

MOST_WAITING = 4
KEPT = timedelta(days=7)
_UNDER_WAY = (JobState.READY, JobState.RUNNING)


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
        write(file, node, phase, kind)
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
            raise Refused(_("You are already waiting for other files; download those first."))
        requested = SubtreeFile.objects.create(node=node, phase=phase, kind=kind, by=actor)
        enqueue(
            KIND,
            key=_key(requested),
            payload={"file": requested.pk},
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
    return requested


def requested_files(user: User, campaign_id: int) -> list[tuple[SubtreeFile, bool]]:
    """Return the files that the person asked for, the newest first, each with whether it failed."""
    rows = SubtreeFile.objects.filter(by=user, node__campaign_id=campaign_id)
    requested = list(rows.select_related("node", "phase", "file").order_by("-pk"))
    jobs = Job.objects.filter(key__in=[_key(row) for row in requested], state=JobState.FAILED)
    failed = set(jobs.values_list("key", flat=True))
    return [(row, _key(row) in failed) for row in requested]


def _key(asked: SubtreeFile) -> str:
    return f"{KIND}:{asked.pk}"


def write_requested_file(work: RunningJob) -> None:
    """Write a requested file, and store it for the person who requested it."""
    related = ("node__unit", "phase__campaign", "by")
    rows = SubtreeFile.objects.select_related(*related)
    requested = rows.filter(pk=work.payload["file"]).first()
    if requested is None or requested.file_id is not None:
        return
    language, node, kind = requested.by.language, requested.node, requested.kind
    with (
        translation.override(language),
        problems.in_language("en" if language == "en" else "vi"),
        written(node, requested.phase, kind) as file,
    ):
        size = file.seek(0, 2)
        file.seek(0)
        upload = UploadedFile(file, name_of(node, requested.phase, kind), size=size)
        with work.finishing():
            try:
                requested.file = store_upload(
                    upload, purpose=FilePurpose.DOCUMENT, owner_path=node.unit.path, actor=None
                )
            except FileRefused as refused:
                raise GiveUp(str(refused.problem)) from refused
            requested.save(update_fields=["file"])


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
    """Return a small table; a large table is requested on the page of files."""
    node = access.subtree_of(request.scope, campaign_id, pages.node_in(request))
    if kind not in KINDS:
        raise Http404
    if is_large(node):
        return redirect(_files(campaign_id, node.pk))
    phase = pages.phase_in(request, node.campaign)
    response = FileResponse(written(node, phase, kind), content_type=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = attachment_header(name_of(node, phase, kind))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """List the files that the person requested, and take another request."""
    under = request.POST.get("under", "") or request.GET.get("under", "")
    node = access.subtree_of(request.scope, campaign_id, pages.number_in(under))
    phase = pages.phase_in(request, node.campaign)
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind in KINDS:
            done = _("The file is being written; it appears below when it is ready.")
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
    """Return a file that the person requested."""
    return attachment(access.file_of(request.scope, campaign_id, file_id))


def _files(campaign_id: int, node_id: int) -> str:
    return f"{reverse('dashboards:files', args=[campaign_id])}?under={node_id}"
