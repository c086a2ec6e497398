"""A case that a person makes from a line to look at: they name the machine, the evidence does not.

The line proves no contact, so that the contact of the case is never sure: evidence decides what
becomes of it, as with every case.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api import findings
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases import history
from quetsach_portal.cases.attaching import open_case, place_notices
from quetsach_portal.cases.finding_rows import fit
from quetsach_portal.cases.judging import (
    judge_cases,
    locked_cases,
    microseconds,
    root_of,
    zone_of_node,
)
from quetsach_portal.cases.markings import is_for_unit_alone, withheld
from quetsach_portal.cases.models.case import Case, CaseContact, Device, Finding, Sighting
from quetsach_portal.cases.notices import KIND
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

GRADE = "mentioned"


@dataclass(frozen=True)
class LineSeen:
    """A line to look at: its number among the sightings, its place, its text, what it names.

    Shapes: `number` has 31 signs at most. Units: `offset` in bytes of the evidence.
    """

    number: str
    path: str
    offset: int
    text: str
    dataset: str
    indicator: str
    tlp: str = ""


def open_by_hand(
    node: CampaignNode, line: LineSeen, *, machine: str, reason: str, source: str, actor: User
) -> Case:
    """Return the case about `machine`, an open one of it or a new one, with `line` behind it.

    Shapes: `machine` is a name or address, as the unit's own people write it; `source` is what the
    line was found in, as history has it.
    Errors: Refused without machine or reason, for an archived campaign, and for a line that already
    stands behind a case.
    """
    name, why = " ".join(machine.split())[:255], " ".join(reason.split())[:500]
    if not name:
        raise Refused(_("Enter the machine that is meant."), field="machine")
    if not why:
        raise Refused(_("Give the reason for this case."), field="reason")
    with transaction.atomic():
        nodes = CampaignNode.objects.select_for_update(of=("self",))
        node = nodes.select_related("unit", "campaign").get(pk=node.pk)
        if node.campaign.state == CampaignState.ARCHIVED:
            raise Refused(_("The campaign is archived: its cases can no longer be changed."))
        if made_of(node, [line.number]):
            raise Refused(_("There is already a case for this line."))
        device = _device(node, name)
        case = next(iter(locked_cases(node.pk, {root_of(device)})), None)
        if case is None or case.closed_at is not None:
            case = open_case(node, Device.objects.get(pk=root_of(device)), by=actor, why=source)
        named = withheld() if is_for_unit_alone(line.tlp) else line.indicator
        detail = {"indicator": named, "sighting": line.number, "reason": why}
        history.audit("case.by_hand", case, actor, detail)
        history.note(case, "by_hand", by=actor, detail={"indicator": line.indicator}, remark=why)
        _rest_on(device, case, line)
        place_notices(node)
        judge_cases([case], actor=actor)
    return case


def made_of(node: CampaignNode, numbers: list[str]) -> dict[str, int]:
    """Return the ids of the cases that rest on these lines, by the lines' numbers."""
    rows = CaseContact.objects.filter(
        finding__origin__node=node, by_notice=True, number__in=[f"H{one}" for one in numbers]
    ).select_related("finding__device")
    by_root = {row.number[1:]: root_of(row.finding.device) for row in rows}
    cases = Case.objects.filter(node=node, device_id__in=by_root.values()).order_by("pk")
    newest = {case.device_id: case.pk for case in cases}
    return {number: newest[root] for number, root in by_root.items() if root in newest}


def _device(node: CampaignNode, name: str) -> Device:
    """Return the machine of the node that has this name, label or address, else a new one."""
    for device in Device.objects.filter(node=node).order_by("pk"):
        names = (device.key, device.label, device.host_name, *device.addresses)
        if name.casefold() in {text.casefold() for text in names}:
            return device
    return Device.objects.create(node=node, key=name, engine_key=name, grade="unknown")


def _rest_on(device: Device, case: Case, line: LineSeen) -> None:
    """Put the line behind the case: a contact of the day on which a person said so, never sure."""
    now = timezone.now()
    finding, _is_new = Finding.objects.get_or_create(
        origin=device,
        key=fit(line.indicator, 255),
        defaults={
            "device_id": case.device_id,
            "shown": fit(line.indicator, 255),
            "kind": "by-hand",
            "tlp": line.tlp,
            "best_grade": GRADE,
        },
    )
    Sighting.objects.create(
        finding=finding,
        number=line.number,
        grade=GRADE,
        dataset=fit(line.dataset, 60),
        file=fit(line.path, 500),
        offset=line.offset,
        raw=fit(line.text, 4096),
    )
    when_us = microseconds(now)
    CaseContact.objects.create(
        finding=finding,
        when_us=when_us,
        day=findings.day_in(zone_of_node(case.node_id), when_us),
        kind=KIND,
        number=f"H{line.number}",
        sure=False,
        by_notice=True,
    )
