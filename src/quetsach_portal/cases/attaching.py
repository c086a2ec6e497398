"""Attach a findings folder to a campaign node: open, extend and reopen its cases."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from quetsach.api import findings as api_findings
from quetsach.api import problems
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.cases import history
from quetsach_portal.cases.false_alarms import set_aside_standing
from quetsach_portal.cases.finding_rows import FindingRow, fit, write_devices, write_known_findings
from quetsach_portal.cases.judging import judge_cases, locked_cases, root_of
from quetsach_portal.cases.models.case import Case, CaseContact, CaseState, Device
from quetsach_portal.cases.models.coverage import CoveredDay, FolderRead
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User

KEPT = (
    "manifest.json",
    "devices.json",
    "coverage.json",
    "rejects.json",
    "sightings.parquet",
    "alive.parquet",
)


def path_of(digest: str) -> Path:
    """Return the path of the folder with this digest."""
    return Path(settings.QUETSACH.home) / "cases" / digest[:2] / digest


def store_folder(folder: Path, digest: str) -> Path:
    """Return the place at which the files of `folder` are kept, put there if they were not.

    Linked where the disk can, so that they take no second room. Safe to repeat: what a rolled-back
    act leaves behind is the same folder that the next try needs.
    """
    target = path_of(digest)
    if target.is_dir():
        # Young again: what tidies up must not take it for left behind.
        os.utime(target)
        return target
    partial = target.with_name(f".{digest[:16]}.{token_hex(6)}")
    partial.mkdir(parents=True)
    try:
        for name in KEPT:
            if (folder / name).is_file():
                _take(folder / name, partial / name)
        partial.rename(target)
    except OSError:
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def abandoned_folders(before: float) -> Iterator[Path]:
    """Yield folders last changed before `before` that no row knows, or that a kill left half made.

    Units: `before` in seconds since 1970.
    """
    known = set(FolderRead.objects.values_list("digest", flat=True))
    for path in sorted((Path(settings.QUETSACH.home) / "cases").glob("*/*")):
        if path.name not in known and path.stat().st_mtime < before:
            yield path


def _take(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def folders_of(node_id: int) -> dict[Path, bool]:
    """Return the folders of a node, the oldest first, each with whether it proves silence."""
    rows = FolderRead.objects.filter(node_id=node_id).order_by("pk")
    return {
        path_of(digest): proves for digest, proves in rows.values_list("digest", "proves_silence")
    }


def place_notices(node: CampaignNode) -> None:
    """Assign each contact by notice at `node` to a unit of its logs, where one can be determined.

    What a trace calls the unit need be no word of the logs: a plan has codes and names, and one
    made at home was made with another plan. A unit that no log has can never be covered. Then the
    machine's own contacts tell it, or else the log in which it was alive last; of a machine that no
    log knows it is the node's only one. The caller holds the transaction.
    Cost: three queries, and one for each contact that moves.
    """
    noticed = list(
        CaseContact.objects.filter(finding__origin__node=node, by_notice=True)
        .select_related("finding__device")
        .order_by("pk")
    )
    if not noticed:
        return
    rows = CoveredDay.objects.filter(node=node).order_by("day", "unit")
    days = list(rows.values_list("unit", "kind", "alive"))
    covering: dict[str, set[str]] = defaultdict(set)
    for unit, kind, _alive in days:
        covering[kind].add(unit)
    met, lived = _met(node), _lived_last(days)
    for contact in noticed:
        covered_units = covering[contact.kind] or {unit for unit, _kind, _alive in days}
        key = contact.finding.device.engine_key
        unit = _unit_of(contact.unit, covered_units, [*met.get(key, ()), *lived.get(key, ())])
        if unit != contact.unit:
            contact.unit = unit
            contact.save(update_fields=["unit"])


def _unit_of(named_unit: str, covered_units: set[str], seen_in: Sequence[str]) -> str:
    if named_unit in covered_units:
        return named_unit
    if seen_in:
        # A unit without such a log is named all the same: that one is missing, and no other's.
        return next((unit for unit in seen_in if unit in covered_units), seen_in[0])
    return next(iter(covered_units)) if len(covered_units) == 1 else named_unit


def _met(node: CampaignNode) -> dict[str, list[str]]:
    """Return the units whose logs show contacts of each device, the latest first."""
    rows = (
        CaseContact.objects.filter(finding__origin__node=node, by_notice=False)
        .order_by("-when_us", "unit")
        .values_list("finding__device__engine_key", "unit")
    )
    units_by_key: dict[str, dict[str, None]] = defaultdict(dict)
    for key, unit in rows:
        units_by_key[key].setdefault(unit)
    return {key: list(units) for key, units in units_by_key.items()}


def _lived_last(days: Iterable[tuple[str, str, list[str]]]) -> dict[str, list[str]]:
    """Return in whose log each device was alive last, `days` being in their order."""
    return {key: [unit] for unit, _kind, alive in days for key in alive}


@dataclass(frozen=True)
class AttachResult:
    """What a folder changed: cases opened, open ones extended, reopened; sightings not yet known.

    A folder that was taken in before changes nothing: all four are 0.
    """

    new: int = 0
    attached: int = 0
    reopened: int = 0
    sightings: int = 0


def known_of(folders: Mapping[Path, bool]) -> api_findings.KnownFindings:
    """Return what the folders of a node say together, as `folders_of` returns them.

    Errors: QuetsachError E303, E305 for a folder. Cost: 0.6 ms a folder that was read before.
    """
    unproven = {path for path, proves in folders.items() if not proves}
    return api_findings.merge_known_findings(list(folders), unproven, briefs=True)


def attach(
    *,
    campaign: Campaign,
    node: CampaignNode,
    folder: Path,
    source: str,
    actor: User | None,
    evidence_until: datetime | None = None,
    proves_silence: bool = True,
) -> AttachResult:
    """Add the findings in `folder` to `node`, and judge all its cases again.

    Idempotent by node and digest of the manifest; a sighting that an earlier folder told counts
    once by the digest of its evidence file. The folder is kept; the caller may remove its own.
    Findings that do not prove silence open cases and never help to close one.
    Errors: QuetsachError E303, E305 for the folder, and nothing was changed.
    Cost: one pass over all folders of the node, so that overlapping sweeps agree, from their
    briefs: half a second for a month of hourly ones (`bench.portal_watch`).
    """
    findings = api_findings.read_folder(folder)
    devices = api_findings.devices_in(findings)
    digest = api_findings.digest_of_findings(findings)
    if FolderRead.objects.filter(node=node, digest=digest).exists():
        return AttachResult()
    kept = store_folder(folder, digest)
    # Read before the locks are taken: everybody else's acts would wait for it.
    folders = folders_of(node.pk) | {kept: proves_silence}
    known_findings = known_of(folders)
    with transaction.atomic():
        nodes = CampaignNode.objects.select_for_update(of=("self",)).select_related("unit")
        node = nodes.get(pk=node.pk, campaign=campaign)
        if FolderRead.objects.filter(node=node, digest=digest).exists():
            return AttachResult()
        before = {case.device_id: case for case in locked_cases(node.pk)}
        folder_row = FolderRead.objects.create(
            node=node,
            digest=digest,
            source=fit(source, 120),
            zone=api_findings.zone_of_findings(findings).key,
            evidence_until=evidence_until,
            complete=problems.exit_code(findings.manifest["summary"]) != 3,
            proves_silence=proves_silence,
            read_by=actor,
        )
        record(
            "cases.evidence",
            actor=actor,
            kind="findings",
            object_id=folder_row.pk,
            unit_path=node.unit.path,
            detail={"digest": digest, "devices": len(devices)},
        )
        written = write_devices(node, findings, devices)
        if (folders_now := folders_of(node.pk)) != folders:  # others came in meanwhile
            known_findings = known_of(folders_now)
        fresh = write_known_findings(node, known_findings)
        place_notices(node)
        set_aside_standing(node)
        alert_about(node, f"findings:{folder_row.pk}", folder_row.read_at)
        return _brought(node, written, fresh, before=before, actor=actor, source=folder_row.source)


def _brought(
    node: CampaignNode,
    written: Sequence[FindingRow],
    fresh: dict[int, int],
    *,
    before: dict[int, Case],
    actor: User | None,
    source: str,
) -> AttachResult:
    cases = dict(before)
    opened, extended = 0, 0
    for finding_row in written:
        root = root_of(finding_row.device)
        new = fresh.get(finding_row.device.pk, 0)
        case = cases.get(root)
        if case is None:
            case = cases[root] = open_case(node, Device.objects.get(pk=root), by=actor, why=source)
            opened += 1
        elif new:
            detail = {"count": new, "source": source, "until": _iso(finding_row.last_seen)}
            history.note(case, "sighted", by=actor, detail=detail)
            extended += 1
        times = (case.last_seen, finding_row.last_seen)
        case.last_seen = max(filter(None, times), default=None)
    was = {root: (before[root].closed_at, before[root].recurrences) for root in before}
    judge_cases(list(cases.values()), actor=actor)
    again = [
        root
        for root, (closed_at, recurrences) in was.items()
        if cases[root].closed_at is None
        and (closed_at is not None or cases[root].recurrences > recurrences)
    ]
    return AttachResult(opened, extended, len(again), sum(fresh.values()))


def alert_about(node: CampaignNode, why: str, since: datetime) -> None:
    """Ask for alerts about what happens to cases of `node` from `since` on, in this transaction."""
    payload = {"node": node.pk, "since": since.isoformat()}
    enqueue("alerts.raise", key=f"alerts.raise:{why}", payload=payload, unit_path=node.unit.path)


def open_case(node: CampaignNode, device: Device, *, by: User | None, why: str) -> Case:
    """Return a new open case about `device`, counted above it; judging it is the caller's."""
    now = timezone.now()
    case = Case.objects.create(
        node=node,
        device=device,
        state=CaseState.INFECTED,
        opened_at=now,
        due_at=history.due_from(now, node.campaign_id),
    )
    history.note(case, "opened", by=by, detail={"source": why})
    history.move_counters(case, {})
    return case


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
