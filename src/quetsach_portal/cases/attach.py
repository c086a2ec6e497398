"""A findings folder opens, extends and reopens cases: the one way from evidence to work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from quetsach import api
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import Campaign, CampaignNode
from quetsach_portal.cases import history
from quetsach_portal.cases.false_alarms import set_aside_standing
from quetsach_portal.cases.folders import folders_read, keep_folder
from quetsach_portal.cases.foreign import fit
from quetsach_portal.cases.judging import judge_cases, locked_cases, root_of
from quetsach_portal.cases.models import Case, CaseState, Device, FolderRead
from quetsach_portal.cases.noticed_units import place_notices
from quetsach_portal.cases.written_rows import Written, write_devices, write_known
from quetsach_portal.people.models import User


@dataclass(frozen=True)
class Attached:
    """What a folder changed: cases opened, open ones extended, reopened; sightings not yet known.

    A folder that was taken in before changes nothing: all four are 0.
    """

    new: int = 0
    attached: int = 0
    reopened: int = 0
    sightings: int = 0


class KnownOf:
    """What the folders of a node say together, read anew only where others came in meanwhile."""

    def __init__(self, folders: Mapping[Path, bool]) -> None:
        self._folders = dict(folders)
        self._known = _known_of(self._folders)

    def in_the_end(self, folders: Mapping[Path, bool]) -> api.Known:
        """Return what `folders` say, which mostly are those that were read."""
        return self._known if folders == self._folders else _known_of(folders)


def _known_of(folders: Mapping[Path, bool]) -> api.Known:
    unproven = {path for path, proves in folders.items() if not proves}
    return api.known_of(list(folders), unproven)


def attach(
    *,
    campaign: Campaign,
    node: CampaignNode,
    folder: Path,
    source: str,
    actor: User | None,
    evidence_until: datetime | None = None,
    proves_silence: bool = True,
) -> Attached:
    """Take the findings in `folder` in for `node`, and judge all its cases anew.

    Idempotent by node and digest of the manifest; a sighting that an earlier folder told counts
    once by the digest of its evidence file. The folder is kept; the caller may remove its own.
    Findings that do not prove silence open cases and never help to close one.
    Errors: QuetsachError E303, E305 for the folder, and nothing was changed.
    Cost: one pass over all folders of the node, so that overlapping sweeps agree; 0.3 s for one
    and 1.1 s for twenty folders of the demo district.
    """
    findings = api.read_folder(folder)
    devices = api.devices_in(findings)
    digest = api.digest_of_findings(findings)
    if FolderRead.objects.filter(node=node, digest=digest).exists():
        return Attached()
    kept = keep_folder(folder, digest)
    # Read before the locks are taken: everybody else's acts would wait for it.
    known = KnownOf(folders_read(node.pk) | {kept: proves_silence})
    with transaction.atomic():
        node = (
            CampaignNode.objects.select_for_update(of=("self",))
            .select_related("unit")
            .get(pk=node.pk, campaign=campaign)
        )
        if FolderRead.objects.filter(node=node, digest=digest).exists():
            return Attached()
        before = {one.device_id: one for one in locked_cases(node.pk)}
        row = FolderRead.objects.create(
            node=node,
            digest=digest,
            source=fit(source, 120),
            zone=api.zone_of_findings(findings).key,
            evidence_until=evidence_until,
            complete=api.exit_code(findings.manifest["summary"]) != 3,
            proves_silence=proves_silence,
            read_by=actor,
        )
        record(
            "cases.evidence",
            actor=actor,
            kind="findings",
            object_id=row.pk,
            unit_path=node.unit.path,
            detail={"digest": digest, "devices": len(devices)},
        )
        written = write_devices(node, findings, devices)
        fresh = write_known(node, known.in_the_end(folders_read(node.pk)))
        place_notices(node)
        set_aside_standing(node)
        return _brought(node, written, fresh, before=before, actor=actor, source=row.source)


def _brought(
    node: CampaignNode,
    written: Sequence[Written],
    fresh: dict[int, int],
    *,
    before: dict[int, Case],
    actor: User | None,
    source: str,
) -> Attached:
    cases = dict(before)
    opened, extended = 0, 0
    for one in written:
        root = root_of(one.device)
        new = fresh.get(one.device.pk, 0)
        case = cases.get(root)
        if case is None:
            case = cases[root] = open_case(node, Device.objects.get(pk=root), by=actor, why=source)
            opened += 1
        elif new:
            detail = {"count": new, "source": source, "until": _iso(one.last_seen)}
            history.note(case, "sighted", by=actor, detail=detail)
            extended += 1
        if one.last_seen and (case.last_seen is None or case.last_seen < one.last_seen):
            case.last_seen = one.last_seen
    was = {pk: (one.closed_at, one.recurrences) for pk, one in cases.items()}
    judge_cases(list(cases.values()), actor=actor)
    again = [
        root
        for root, one in cases.items()
        if root in before
        and one.closed_at is None
        and (was[root][0] is not None or one.recurrences > was[root][1])
    ]
    return Attached(opened, extended, len(again), sum(fresh.values()))


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
