"""A list is held against the evidence that is kept: tried before it is in force, matched after.

Only what is new or changed is looked for. Each unit is done apart, and each submission of it once:
a job that was interrupted goes on behind the last one.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import ngettext

from quetsach.api import findings as api_findings
from quetsach.sandbox.contract import EndedFromOutside
from quetsach_portal.alerts.models import AlertKind
from quetsach_portal.alerts.raising import raise_about
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases.attaching import AttachResult, attach
from quetsach_portal.cases.judging import apply_list
from quetsach_portal.cases.models.case import Finding
from quetsach_portal.cases.overview import record_counts
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import home, path_of
from quetsach_portal.intake.boundary import FINDINGS, SweepOutcome
from quetsach_portal.intake.folders import is_plain
from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.intake.sandboxed import look_through
from quetsach_portal.intake.sweeping import task_for
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.lists.models import DoubtfulRow, ListVersion, ListVersionState, VersionNode
from quetsach_portal.lists.receiving import ask, audit, made_in
from quetsach_portal.lists.sandboxed_lists import CHANGES, FRESH, ChangesGiven

MOST_TOLD_ROWS = 10
MOST_ROWS = 1000
"""How many rows of a trial are kept of a unit, those that name most devices."""


def kept_evidence(version: ListVersion) -> dict[int, list[int]]:
    """Return the submissions by node whose files are still here, in order."""
    rows = Submission.objects.filter(
        node__campaign=version.campaign,
        state=SubmissionState.DONE,
        kind__in=(SubmissionKind.LOGS, SubmissionKind.COLLECTOR),
        raw_destroyed_at__isnull=True,
    )
    by_node: dict[int, list[int]] = {}
    for node_id, pk in rows.order_by("node_id", "pk").values_list("node_id", "pk"):
        by_node.setdefault(node_id, []).append(pk)
    return by_node


def run_try(work: RunningJob) -> None:
    """Try a checked version on all evidence that is kept; a job. It opens no case."""
    rows = ListVersion.objects.select_related("campaign__release_file", "campaign__lead_unit")
    version = rows.get(pk=work.payload["version"])
    if version.state != ListVersionState.CHECKED or version.candidate is None:
        return
    before = version.campaign.release_file
    fresh = _fresh_list(work, version, before, version.candidate)
    evidence = kept_evidence(version) if fresh is not None else {}
    done = set(
        VersionNode.objects.filter(version=version, tried_at__isnull=False).values_list(
            "node_id", flat=True
        )
    )
    for number, (node_id, submissions) in enumerate(evidence.items()):
        work.progress(number, len(evidence))
        if node_id in done or fresh is None:
            continue
        outcome, unread = _tried(work, submissions, fresh)
        VersionNode.objects.update_or_create(
            version=version,
            node_id=node_id,
            defaults={
                "tried_at": timezone.now(),
                "told": outcome,
                "submissions": len(submissions),
                "left": unread,
            },
        )
    with work.finishing():
        version = ListVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if version.state != ListVersionState.CHECKED:
            return
        version.trial = _summed(version)
        version.state = ListVersionState.TRIED
        version.save(update_fields=["trial", "state"])
        audit("list.tried", version, None, units=version.trial["units_tried"])


def _tried(
    work: RunningJob, submissions: list[int], fresh: StoredFile
) -> tuple[dict[str, Any], int]:
    devices: dict[str, set[str]] = {}
    doubtful: dict[str, set[str]] = {}
    outdated: set[str] = set()
    unread = 0
    for pk in submissions:
        with _looked_again(work, pk, fresh) as (outcome, folder):
            if outcome is None or outcome.refused is not None:
                unread += 1
                continue
            findings = api_findings.read_folder(folder).devices
        for device in findings["devices"]:
            devices.setdefault(device["device"], set()).update(
                each["key"] for each in device["findings"]
            )
        for device in findings["not_blamed"]:
            if device["role"] == "allowed":
                keys = {each["key"] for each in device["findings"]}
                doubtful.setdefault(device["device"], set()).update(keys)
            elif device["role"] == "outdated":
                outdated.add(device["device"])
    only_held = {name: keys for name, keys in doubtful.items() if name not in devices}
    return {
        "devices": len(devices),
        "held": len(only_held),
        "outdated": len(outdated - devices.keys()),
        "rows": _by_row(devices),
        "held_rows": _by_row(only_held),
    }, unread


def _by_row(devices: Mapping[str, set[str]]) -> dict[str, list[int]]:
    """Return for each key how many devices met it, and how many met nothing else."""
    counted = Counter(key for keys in devices.values() for key in keys)
    only = Counter(key for keys in devices.values() if len(keys) == 1 for key in keys)
    return {key: [count, only[key]] for key, count in counted.most_common(MOST_ROWS)}


def _summed(version: ListVersion) -> dict[str, Any]:
    """Return the trial of all units together, and write what each doubtful row would do."""
    sums: Counter[str] = Counter()
    rows: dict[str, list[int]] = {}
    doubtful: dict[str, list[int]] = {}
    for node in VersionNode.objects.filter(version=version):
        outcome = node.told
        sums["units_tried"] += 1
        sums["left"] += node.left
        for name in ("devices", "held", "outdated"):
            sums[name] += outcome.get(name, 0)
        sums["units"] += bool(outcome.get("devices"))
        for into, name in ((rows, "rows"), (doubtful, "held_rows")):
            for key, (count, only) in outcome.get(name, {}).items():
                known = into.setdefault(key, [0, 0, 0])
                into[key] = [known[0] + count, known[1] + only, known[2] + 1]
    for row in DoubtfulRow.objects.filter(version=version, key__in=list(doubtful)):
        row.devices, row.only, row.units = doubtful[row.key]
        row.save(update_fields=["devices", "only", "units"])
    top = sorted(rows.items(), key=lambda pair: (-pair[1][0], pair[0]))[:50]
    names = ("devices", "held", "outdated", "units", "units_tried", "left")
    return {**{name: sums[name] for name in names}, "rows": [[key, *of] for key, of in top]}


def run_follow(work: RunningJob) -> None:
    """After a change of the list flag what is gone, and ask for the rest by unit; a job."""
    rows = ListVersion.objects.select_related("release", "in_use", "campaign__lead_unit")
    version = rows.get(pk=work.payload["version"])
    before: str | None = work.payload.get("old")
    old = None if before is None else StoredFile.objects.filter(pk=before).first()
    if version.state != ListVersionState.IN_FORCE or version.release is None:
        return
    changes, fresh = _compared(work, version, old, version.in_use or version.release)
    gone, back = frozenset(changes["gone"]), frozenset(changes["fresh"])
    nodes = CampaignNode.objects.filter(campaign=version.campaign).select_related(
        "campaign", "unit"
    )
    withdrawn = cases = 0
    for node in nodes.filter(devices__isnull=False).distinct().order_by("pk"):
        work.renew()
        with _told_to_reports(version, node, str(work.job_id)) as changed_by:
            effect = apply_list(node, gone=gone, back=back)
            changed_by.extend(effect.keys)
        if effect.ended:
            _tell(version, node, len(effect.ended))
        if effect.findings:
            version_node, _is_new = VersionNode.objects.get_or_create(version=version, node=node)
            VersionNode.objects.filter(pk=version_node.pk).update(
                withdrawn=F("withdrawn") + len(effect.ended)
            )
        withdrawn, cases = withdrawn + effect.findings, cases + len(effect.ended)
    with work.finishing():
        version.fresh = fresh
        version.save(update_fields=["fresh"])
        audit("list.withdrawn", version, None, keys=len(gone), findings=withdrawn, cases=cases)
        for node_id in kept_evidence(version) if fresh is not None else ():
            version_node, _is_new = VersionNode.objects.get_or_create(
                version=version, node_id=node_id
            )
            VersionNode.objects.filter(pk=version_node.pk).update(matched_at=None, at=0)
            enqueue(
                "intake.match_again",
                key=f"intake.match_again:{version_node.pk}:{work.job_id}",
                payload={"version": version.pk, "node": node_id},
                unit_path=version.campaign.lead_unit.path,
                max_attempts=10,
            )


def _tell(version: ListVersion, node: CampaignNode, ended: int) -> None:
    """Tell a unit that cases of it ended, as the list was corrected."""
    words = ngettext(
        "The list was corrected: %(count)s case of your unit has ended by it.",
        "The list was corrected: %(count)s cases of your unit have ended by it.",
        ended,
    )
    with transaction.atomic():
        raise_about(node, AlertKind.LIST, f"list:{version.pk}:{node.pk}", words % {"count": ended})


def run_match(work: RunningJob) -> None:
    """Look for what is new in the list in all evidence that is kept of a unit; a job."""
    version_node = VersionNode.objects.select_related(
        "version__fresh", "version__campaign", "node"
    ).get(version=work.payload["version"], node=work.payload["node"])
    version = version_node.version
    if version.state != ListVersionState.IN_FORCE or version.fresh is None:
        return
    if version.campaign.state != CampaignState.LIVE:
        return
    submissions = [
        pk for pk in kept_evidence(version).get(version_node.node_id, ()) if pk > version_node.at
    ]
    for number, pk in enumerate(submissions):
        work.progress(number, len(submissions))
        with _looked_again(work, pk, version.fresh) as (outcome, folder):
            if outcome is None or outcome.refused is not None:
                version_node.left += 1
            elif outcome.device_count or outcome.outdated:
                brought = _attached(version_node, pk, folder, str(work.job_id))
                version_node.cases += brought.new + brought.reopened
                version_node.outdated += outcome.outdated
        version_node.at = pk
        version_node.save(update_fields=["at", "left", "cases", "outdated"])
    with work.finishing():
        version_node.matched_at = timezone.now()
        version_node.save(update_fields=["matched_at"])
        audit(
            "list.matched",
            version,
            None,
            node=version_node.node_id,
            cases=version_node.cases,
            left=version_node.left,
        )


def _attached(version_node: VersionNode, pk: int, folder: Path, job: str) -> AttachResult:
    """Add what was found in a submission, and let reports know what that changed."""
    version, node = version_node.version, version_node.node
    with _told_to_reports(version, node, f"{job}:{pk}") as rows:
        if not Submission.objects.filter(pk=pk, state=SubmissionState.DONE).exists():
            return AttachResult()  # It was withdrawn while it was looked through.
        findings = Finding.objects.filter(origin__node=node)
        last = findings.aggregate(last=Max("pk"))["last"] or 0
        brought = attach(
            campaign=version.campaign,
            node=node,
            folder=folder,
            source=f"list:{version.n}:submission:{pk}",
            actor=None,
            # The days were counted by the sweep itself; this one looked for less.
            proves_silence=False,
        )
        fresh = findings.filter(pk__gt=last).order_by("key")
        rows.extend(fresh.values_list("key", flat=True).distinct())
    return brought


@contextmanager
def _told_to_reports(version: ListVersion, node: CampaignNode, source: str) -> Iterator[list[str]]:
    """Do in one transaction what the list changes, and ask for reports that had other figures.

    The caller adds the rows of the list that did it to what is given.
    """
    with transaction.atomic():
        # So that nobody else's evidence is taken for the list's doing.
        CampaignNode.objects.select_for_update(of=("self",)).get(pk=node.pk)
        before, rows = record_counts(node), list[str]()
        yield rows
        after = record_counts(node)
        if before != after:
            enqueue(
                "reports.list_changed",
                key=f"reports.list_changed:{node.pk}:{source}",
                payload={
                    "node": node.pk,
                    "n": version.n,
                    "before": before,
                    "after": after,
                    "rows": rows[:MOST_TOLD_ROWS],
                    "count": len(rows),
                },
                unit_path=version.campaign.lead_unit.path,
            )


@contextmanager
def _looked_again(
    work: RunningJob, submission_id: int, fresh: StoredFile
) -> Iterator[tuple[SweepOutcome | None, Path]]:
    """Give what a submission says of the list `fresh`, and its findings; None without its files."""
    rows = Submission.objects.select_related("node__campaign__release_file", "created_by")
    submission = rows.get(pk=submission_id)
    base = home() / "sweeps"
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=f"{submission_id}-again-", dir=base))
    try:
        yield _outcome(work, submission, folder, fresh), folder / FINDINGS
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _outcome(
    work: RunningJob, submission: Submission, folder: Path, fresh: StoredFile
) -> SweepOutcome | None:
    try:
        task = task_for(submission, folder, (path_of(fresh), fresh.sha256))
        outcome = look_through(task, folder, lambda _progress: work.renew())
    except (FileNotFoundError, EndedFromOutside):
        return None
    return outcome if outcome.refused is not None or is_plain(folder / FINDINGS) else None


def _compared(
    work: RunningJob, version: ListVersion, before: StoredFile | None, after: StoredFile
) -> tuple[dict[str, Any], StoredFile | None]:
    """Return what changes from one release to another, and what is new, kept as a file."""
    old = "" if before is None else str(path_of(before).resolve())
    new = str(path_of(after).resolve())
    with TemporaryDirectory() as name:
        folder = Path(name)
        changes = ask(work, CHANGES, ChangesGiven(before=old, after=new), folder, [old, new])
        if not changes["fresh"]:
            return changes, None
        made = made_in(folder, FRESH)
    path = version.campaign.lead_unit.path
    return changes, store_upload(made, purpose="release", owner_path=path, actor=None)


def _fresh_list(
    work: RunningJob, version: ListVersion, before: StoredFile | None, after: StoredFile
) -> StoredFile | None:
    """Return what is to be tried, the same for each try of a job; None where nothing is new."""
    if version.fresh is None:
        _changes, version.fresh = _compared(work, version, before, after)
        version.save(update_fields=["fresh"])
    return version.fresh
