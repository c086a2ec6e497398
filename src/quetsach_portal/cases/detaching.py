"""Take a findings folder out of a node again: what rests on nothing else ends as withdrawn."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q

from quetsach.api import findings as api_findings
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases import history
from quetsach_portal.cases.attaching import folders_of, known_of, path_of, place_notices
from quetsach_portal.cases.false_alarms import set_aside_standing
from quetsach_portal.cases.finding_rows import fit, write_devices, write_known_findings
from quetsach_portal.cases.judging import judge_cases, locked_cases, root_of
from quetsach_portal.cases.models.case import Case, CaseContact, CaseOutcome, Finding
from quetsach_portal.cases.models.coverage import CoveredDay, FolderRead
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User

Met = tuple[str, str]
"""A device as the logs name it, and the key of an indicator."""


def detach(
    node: CampaignNode,
    digest: str,
    *,
    lines: Collection[str] = (),
    source: str,
    actor: User | None,
) -> list[Case]:
    """Take the findings with this digest out of `node`; return the cases that ended by it.

    Shapes: `lines` are the numbers of its lines of which people made cases by hand. What other
    folders or a notice of the authority show stays; findings that nothing shows any more are set
    aside, and the same evidence may be handed in again. Doing it again changes nothing.
    Errors: QuetsachError E303, E305 for a folder of the node, and nothing was changed.
    Cost: one pass over all folders of the node, as `attach`.
    """
    with transaction.atomic():
        nodes = CampaignNode.objects.select_for_update(of=("self",)).select_related("unit")
        node = nodes.get(pk=node.pk)
        cases = locked_cases(node.pk)
        read = FolderRead.objects.filter(node=node, digest=digest)
        touched: list[Finding] = []
        if read.exists():
            touched = _shown_by(node, api_findings.read_folder(path_of(digest)))
            read.delete()
            _write_anew(node, touched)
            payload = {"digests": [digest]}
            enqueue("cases.forget_folders", key=f"cases.forget:{source}", payload=payload)
        touched += _by_hand(node, lines)
        _set_aside_baseless(touched)
        place_notices(node)
        set_aside_standing(node)
        roots = {root_of(finding.device) for finding in touched}
        for case in cases:
            if case.device_id in roots:
                case.last_seen = _last_seen(case)
                history.note(case, "evidence_gone", by=actor, detail={"source": source})
        ended = judge_cases(cases, actor=actor, reopens="proof")
    return [case for case in ended if case.outcome == CaseOutcome.WITHDRAWN]


def _shown_by(node: CampaignNode, folder: api_findings.Findings) -> list[Finding]:
    met = _met(folder)
    rows = Finding.objects.filter(origin__node=node).select_related("origin", "device")
    return [row for row in rows if (row.origin.engine_key, row.key) in met]


def _met(folder: api_findings.Findings) -> set[Met]:
    return {
        (fit(device.device, 255), fit(finding.key, 255))
        for device in api_findings.devices_in(folder)
        for finding in device.findings
    }


def _write_anew(node: CampaignNode, touched: Sequence[Finding]) -> None:
    """Tell `touched`, the contacts and the days from the folders that are left."""
    met = {(finding.origin.engine_key, finding.key) for finding in touched}
    for finding in touched:
        _reset(finding)
    folders = folders_of(node.pk)
    if not folders:
        CaseContact.objects.filter(finding__origin__node=node, by_notice=False).delete()
        CoveredDay.objects.filter(node=node).delete()
        return
    for path in folders:
        folder = api_findings.read_folder(path)
        if met & _met(folder):
            write_devices(node, folder, api_findings.devices_in(folder))
    write_known_findings(node, known_of(folders))


def _reset(finding: Finding) -> None:
    """Let a finding say what notices and people say of it, and no log."""
    finding.samples.exclude(grade="mentioned").delete()
    noted = CaseContact.objects.filter(finding=finding, by_notice=True)
    times = [
        datetime.fromtimestamp(when_us / 1e6, UTC)
        for when_us in noted.exclude(when_us=0).values_list("when_us", flat=True)
    ]
    is_noticed = noted.filter(number__startswith="N").exists()
    finding.best_grade = "connected" if is_noticed else "mentioned"
    finding.first_seen, finding.last_seen = min(times, default=None), max(times, default=None)
    finding.sightings = noted.count() if finding.kind == "notice" else 0
    finding.save()


def _by_hand(node: CampaignNode, lines: Collection[str]) -> list[Finding]:
    """Take away the contacts that people made of these lines; return their findings."""
    contacts = CaseContact.objects.filter(
        finding__origin__node=node, by_notice=True, number__in=[f"H{line}" for line in lines]
    )
    findings = list(Finding.objects.filter(contacts__in=contacts).distinct())
    contacts.delete()
    return findings


def _set_aside_baseless(touched: Sequence[Finding]) -> None:
    """Set those of `touched` aside that no contact is left of."""
    ids = [finding.pk for finding in touched]
    Finding.objects.filter(pk__in=ids, contacts__isnull=True).update(withdrawn=True, sightings=0)


def _last_seen(case: Case) -> datetime | None:
    mine = Q(device=case.device) | Q(device__merged_into=case.device)
    rows = Finding.objects.filter(mine, withdrawn=False).exclude(last_seen=None)
    return rows.order_by("-last_seen").values_list("last_seen", flat=True).first()
