"""A machine that a notice names has a case: the one it had, or a new one."""

from collections.abc import Sequence

from quetsach.api import findings
from quetsach_portal.cases import history
from quetsach_portal.cases.attaching import folders_of, open_case, place_notices
from quetsach_portal.cases.finding_rows import write_known_findings
from quetsach_portal.cases.judging import (
    judge_cases,
    locked_cases,
    microseconds,
    root_of,
    zone_of_node,
)
from quetsach_portal.cases.models.case import Case, CaseContact, Device, Finding
from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem, NoticeOutcome

SURE = ("certain", "likely")
KIND = "connection"
"""What the authority saw is a connection: only a log of connections could prove its silence."""


def link_cases(batch: NoticeBatch, rows: Sequence[tuple[NoticeItem, str]]) -> None:
    """Fill in the case of each item that names a machine, opening one where there is none.

    Shapes: `rows` are items with the unit that the trace names. What an earlier tracing of the
    same batch told is taken back first. The caller holds the transaction.
    Cost: where a machine had no case before, one pass over all findings folders of the node.
    """
    node = batch.node
    cases = {one.device_id: one for one in locked_cases(node.pk)}
    CaseContact.objects.filter(
        finding__origin__node=node, by_notice=True, number__startswith=f"N{batch.pk}."
    ).delete()
    devices = {one.key: one for one in Device.objects.filter(node=node, split_from__isnull=True)}
    noted_cases, is_new = set(), False
    for notice_item, unit in rows:
        if notice_item.outcome != NoticeOutcome.DEVICE or not notice_item.device_key:
            continue
        device = devices.get(notice_item.device_key) or _by_hardware(
            notice_item.device_key, devices
        )
        if device is None:
            device = devices[notice_item.device_key] = Device.objects.create(
                node=node,
                key=notice_item.device_key,
                engine_key=notice_item.device_key,
                grade=notice_item.grade,
            )
            is_new = True
        root = root_of(device)
        case = cases.get(root)
        if case is None:
            case = open_case(node, device, by=None, why=batch.stored.name)
            cases[root] = case
        notice_item.case = case
        _contact(device, notice_item, batch, unit)
        if case.pk not in noted_cases:
            noted_cases.add(case.pk)
            history.note(case, "notice", by=None, detail={"batch": batch.pk})
        _seen(case, notice_item)
    if is_new and (folders := folders_of(node.pk)):
        # The days keep only who has a case: those of a machine that had none are read now.
        write_known_findings(node, findings.merge_known_findings(folders))
    place_notices(node)
    judge_cases(list(cases.values()))


def _by_hardware(key: str, devices: dict[str, Device]) -> Device | None:
    """Return the device whose hardware address stands in `key`: one machine, named without a list.

    Shapes: the engine calls a machine that no inventory knows "NAME (MAC)" or by its MAC.
    """
    found = [one for one in devices.values() if one.mac and one.mac in key]
    return found[0] if len(found) == 1 else None


def _contact(device: Device, notice_item: NoticeItem, batch: NoticeBatch, unit: str) -> None:
    key = notice_item.remote or notice_item.family or notice_item.address
    finding, _is_new = Finding.objects.get_or_create(
        origin=device,
        key=key,
        defaults={
            "device": device,
            "shown": key,
            "kind": "notice",
            "label": notice_item.family,
            "listed_in": batch.stored.name[:255],
            "best_grade": "connected",
        },
    )
    if notice_item.at is not None:
        known = (finding.first_seen, finding.last_seen)
        finding.first_seen = min(at for at in (known[0], notice_item.at) if at)
        finding.last_seen = max(at for at in (known[1], notice_item.at) if at)
    when_us = 0 if notice_item.at is None else microseconds(notice_item.at)
    day = "" if notice_item.at is None else findings.day_in(zone_of_node(device.node_id), when_us)
    CaseContact.objects.create(
        finding=finding,
        when_us=when_us,
        day=day,
        kind=KIND,
        unit=unit,
        number=f"N{batch.pk}.{notice_item.place}",
        sure=notice_item.grade in SURE,
        by_notice=True,
    )
    if finding.kind == "notice":
        finding.sightings = CaseContact.objects.filter(finding=finding, by_notice=True).count()
    finding.save()


def _seen(case: Case, item: NoticeItem) -> None:
    if item.at and (case.last_seen is None or case.last_seen < item.at):
        case.last_seen = item.at
