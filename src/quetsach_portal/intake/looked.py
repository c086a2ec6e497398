"""Looks at machines and days of logs: recorded with a hand-in, counted, read from older ones."""

import hashlib
import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby

import msgspec
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from quetsach.sandbox.contract import EndedFromOutside
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.queries import current_phase
from quetsach_portal.files.models import FileState
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.boundary import EVIDENCE, MachineSeen
from quetsach_portal.intake.folders import lay_out, work_folder
from quetsach_portal.intake.models import (
    CoverageDay,
    OwnTable,
    StreamPart,
    Submission,
    SubmissionKind,
    SubmissionState,
    TableKind,
)
from quetsach_portal.intake.problems import without_folder
from quetsach_portal.intake.sandboxed import looks_in_files, machines_in_tables
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.looks.counting import LookWindow, settle, window_of
from quetsach_portal.looks.machines import ListedMachine, take_inventory
from quetsach_portal.looks.models import MachineLook, UnitLook
from quetsach_portal.looks.recording import TakenLook, record_looks

NO_NETWORK = ("host", "text")
"""Kinds of evidence that cover no day: what a machine says of itself, and lines of no form."""

INVENTORY_JOB = "intake.read_inventory"
_RUNNING = (CampaignState.LIVE, CampaignState.CLOSING)
_AT_ONCE = 900


def covered_days(rows: "QuerySet[CoverageDay]", window: LookWindow) -> dict[int, int]:
    """Return by node on how many days of `window` a log of its network was read."""
    days = rows.filter(day__gte=window.first, day__lte=window.last, lines__gt=0)
    counted = days.exclude(kind__in=NO_NETWORK).order_by().values("node_id")
    return dict(counted.annotate(n=Count("day", distinct=True)).values_list("node_id", "n"))


def settle_node(node: CampaignNode) -> None:
    """Count anew what the unit of `node` has looked at; the caller holds the transaction."""
    window = window_of(current_phase(node.campaign))
    days = covered_days(CoverageDay.objects.filter(node=node), window)
    settle(node.campaign, [node], days, window)


def settle_all(work: RunningJob) -> None:
    """Count anew in each campaign that runs: the days that are asked about move each night."""
    for campaign in Campaign.objects.filter(state__in=_RUNNING).order_by("pk"):
        work.renew()
        window = window_of(current_phase(campaign))
        days = covered_days(CoverageDay.objects.filter(node__campaign=campaign), window)
        for some in _batches(_nodes_to_settle(campaign, days)):
            with transaction.atomic():
                settle(campaign, some, days, window)
            work.renew()


def _nodes_to_settle(campaign: Campaign, days: Mapping[int, int]) -> list[CampaignNode]:
    nodes = CampaignNode.objects.filter(campaign=campaign).order_by("pk")
    with_rows = set(UnitLook.objects.filter(node__campaign=campaign).values_list("pk", flat=True))
    with_rows |= set(nodes.filter(unit__machine_total__isnull=False).values_list("pk", flat=True))
    with_rows |= set(nodes.filter(unit__machines__isnull=False).values_list("pk", flat=True))
    return [node for node in nodes.iterator() if node.pk in with_rows or node.pk in days]


def _batches(nodes: list[CampaignNode]) -> Iterable[list[CampaignNode]]:
    numbered = groupby(enumerate(nodes), lambda pair: pair[0] // _AT_ONCE)
    return ([node for _number, node in some] for _batch, some in numbered)


def keep_looks(submission: Submission, looks: Iterable[MachineSeen]) -> list[MachineLook]:
    """Record the looks of a hand-in, and count its unit anew. The caller holds the transaction."""
    recorded = record_looks(
        submission.node,
        [TakenLook(**msgspec.structs.asdict(seen)) for seen in looks],
        source=source_of(submission),
        received_at=submission.created_at,
    )
    submission.looks_kept = True
    Submission.objects.filter(pk=submission.pk).update(looks_kept=True)
    settle_node(submission.node)
    return recorded


def source_of(submission: Submission) -> str:
    """Return how a look names the hand-in that it came with."""
    return f"submission:{submission.pk}"


def looks_of(submission: Submission) -> list[MachineLook]:
    """Return the looks of a hand-in, by machine. Cost: one query."""
    rows = MachineLook.objects.filter(source=source_of(submission))
    return list(rows.select_related("machine", "repeats__node").order_by("machine__name", "pk"))


def keep_all_looks(work: RunningJob) -> None:
    """Record the looks of hand-ins that an earlier version took in; safe to repeat.

    From their files where those are still kept, else from what the sweep has told of them.
    """
    rows = Submission.objects.filter(state=SubmissionState.DONE, looks_kept=False)
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        submission = rows.select_related("node__campaign", "node__unit").get(pk=pk)
        looks = _older_looks(submission)
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",)).filter(pk=pk).first()
            if locked is not None:
                keep_looks(submission, looks)
        work.renew()


def _older_looks(submission: Submission) -> list[MachineSeen]:
    if submission.kind == SubmissionKind.FINDINGS:
        return []
    stored = submission.files.filter(state=FileState.ACCEPTED).order_by("created_at", "pk")
    places = [(one.name, path_of(one)) for one in stored]
    if not places or not all(place.is_file() for _name, place in places):
        return _told_looks(submission)
    folder = work_folder(submission.pk)
    try:
        lay_out(places, folder / EVIDENCE)
        return list(looks_in_files(folder))
    except (EndedFromOutside, OSError):
        return _told_looks(submission)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_COLLECTION = re.compile(r"quetsach-([\w.-]{1,60}?)-(20\d{6})-(\d{6})(?!\d)")
_TABLES = {"connections": "connections", "dnscache": "names"}


def _told_looks(submission: Submission) -> list[MachineSeen]:
    """Return the looks that the names of the swept files tell: machine, moment, and which tables.

    Where a collection was renamed before it was handed in, nobody knows of which machine it is.
    """
    parts = StreamPart.objects.filter(submission=submission).order_by("path")
    digests = {without_folder(path): chain for path, chain in parts.values_list("path", "chain")}
    lines_by_collection: dict[str, dict[str, int]] = {}
    texts: dict[str, list[str]] = {}
    for source in submission.summary.get("sources", ()):
        path = without_folder(str(source["path"]))
        named = list(_COLLECTION.finditer(path))
        table = _TABLES.get(path.rpartition("/")[2].rpartition("!")[2].partition(".")[0])
        if named and table is not None:
            collection = named[-1].group(0)
            lines = lines_by_collection.setdefault(collection, {})
            lines[table] = lines.get(table, 0) + int(source["lines"])
            texts.setdefault(collection, []).append(digests.get(path, path))
    return [
        _told_look(name, lines, texts[name]) for name, lines in sorted(lines_by_collection.items())
    ]


def _told_look(collection: str, lines: Mapping[str, int], texts: list[str]) -> MachineSeen:
    host, day, clock = _COLLECTION.fullmatch(collection).groups()  # type: ignore[union-attr]
    try:
        taken_at = timezone.make_aware(datetime.strptime(day + clock, "%Y%m%d%H%M%S"))
    except ValueError:
        taken_at = None
    return MachineSeen(
        host=host,
        mac="",
        address="",
        taken_at=taken_at,
        connections=lines.get("connections"),
        names=lines.get("names"),
        # Not what is digested of a collection's tables: of those only the whole text is known.
        content=hashlib.sha256("\n".join(["told", *sorted(texts)]).encode()).hexdigest(),
    )


def enqueue_inventory(table: OwnTable) -> None:
    """Ask for the machines of a new list to be read; the caller holds the transaction."""
    if table.kind == TableKind.INVENTORY:
        enqueue(
            INVENTORY_JOB,
            key=f"{INVENTORY_JOB}:{table.pk}",
            payload={"table": table.pk},
            asked_by_id=table.added_by_id,
            unit_path=table.unit.path,
        )


def read_inventory(work: RunningJob) -> None:
    """Make the machines of the list that the job names those of its unit, if it is the newest."""
    table = OwnTable.objects.select_related("unit", "file", "added_by").get(
        pk=work.payload["table"]
    )
    newer = OwnTable.objects.filter(unit=table.unit, kind=table.kind, ended_at=None)
    newest = newer.order_by("-as_of", "-pk").first()
    machines = None
    if newest is not None and newest.pk == table.pk:
        folder = work_folder(f"table-{table.pk}")
        try:
            names = lay_out([(table.file.name, path_of(table.file))], folder / "lists")
            machines = machines_in_tables(folder, [f"lists/{name}" for name in names])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    with work.finishing():
        if machines is not None:
            rows = [ListedMachine(**msgspec.structs.asdict(one)) for one in machines]
            take_inventory(table.unit, rows, actor=table.added_by)
