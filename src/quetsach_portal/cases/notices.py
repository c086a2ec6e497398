"""The ledger of notices: hand in, trace again, read, export as CSV; and the cases they lead to."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api import findings
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.cases import history
from quetsach_portal.cases.attaching import (
    alert_about,
    folders_of,
    known_of,
    open_case,
    place_notices,
)
from quetsach_portal.cases.finding_rows import write_known_findings
from quetsach_portal.cases.judging import (
    judge_cases,
    locked_cases,
    microseconds,
    root_of,
    zone_of_node,
)
from quetsach_portal.cases.models.case import CaseContact, Device, Finding
from quetsach_portal.cases.models.notice import BatchState, NoticeBatch, NoticeItem, NoticeOutcome
from quetsach_portal.files.actions import store_upload
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

LOGS = {
    "translation": _lazy("log of address translation (NAT)"),
    "outer-translation": _lazy("log of the outer address translation (provider)"),
    "lease": _lazy("records of address leases (DHCP)"),
    "contact": _lazy("log of connections or name queries"),
    "resolver-log": _lazy("log of the name server"),
    "proxy-log": _lazy("log of the proxy"),
    "port": _lazy("source port in the notice"),
    "time": _lazy("exact time in the notice"),
    "own-addresses": _lazy("list of the unit’s public addresses"),
}
"""What a trace may miss, by its name."""

TONES = {
    NoticeOutcome.DEVICE: "bad",
    NoticeOutcome.CANDIDATES: "warn",
    NoticeOutcome.CANNOT_TELL: "warn",
    NoticeOutcome.NO_DATA: "warn",
    NoticeOutcome.NOT_OURS: "calm",
    NoticeOutcome.REJECTED: "calm",
}


@dataclass(frozen=True)
class LedgerTotals:
    """Items in and items out, counted from the rows; `adds_up` says whether they agree."""

    items: int
    counts: Sequence[tuple[str, str, int]]
    adds_up: bool


def account_of(batch: NoticeBatch) -> LedgerTotals:
    """Return the totals of a file, recounted from its rows and compared with its input.

    Cost: one query.
    """
    counts = dict.fromkeys(NoticeOutcome.values, 0)
    for outcome in NoticeItem.objects.filter(batch=batch).values_list("outcome", flat=True):
        counts[outcome] += 1
    return LedgerTotals(
        items=batch.items,
        counts=[(end.value, str(end.label), counts[end.value]) for end in NoticeOutcome],
        adds_up=sum(counts.values()) == batch.items,
    )


def items_of(batch: NoticeBatch, outcome: str = "") -> QuerySet[NoticeItem]:
    """Return the items in the order of the file, those with `outcome` only where one is asked."""
    rows = NoticeItem.objects.filter(batch=batch).select_related("case__device")
    if outcome in NoticeOutcome.values:
        rows = rows.filter(outcome=outcome)
    return rows.order_by("place")


def missing_text(names: Sequence[str]) -> list[str]:
    """Return in words which further logs would have helped."""
    return [str(LOGS.get(name, name)) for name in names]


def as_csv(batch: NoticeBatch, *, faces: bool) -> bytes:
    """Return the items as CSV with a byte order mark; without `faces` no machine is named.

    A cell that a spreadsheet might take for a formula begins with an apostrophe (F2).
    """
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_heads(faces))
    for item in items_of(batch).iterator(chunk_size=2000):
        writer.writerow(map(findings.harmless_cell, _row(item, faces)))
    return text.getvalue().encode()


def _heads(faces: bool) -> list[str]:
    heads = [_("No."), _("Time"), _("Address"), _("Port"), _("Remote"), _("Malware"), _("Outcome")]
    more = [_("Machine"), _("Certainty"), _("Case"), _("Because")]
    return [*heads, *(more if faces else []), _("Missing log")]


def _row(notice_item: NoticeItem, faces: bool) -> Iterator[str]:
    yield str(notice_item.number)
    at = notice_item.at
    yield "" if at is None else timezone.localtime(at).isoformat(timespec="seconds")
    yield notice_item.address
    yield "" if notice_item.port is None else str(notice_item.port)
    yield notice_item.remote
    yield notice_item.family
    yield str(NoticeOutcome(notice_item.outcome).label)
    if faces:
        yield notice_item.device_key
        yield notice_item.grade
        yield "" if notice_item.case is None else notice_item.case.number
        yield notice_item.because
    yield "; ".join(missing_text(notice_item.missing))


PURPOSE = "notice"
MOST_BYTES = 20_000_000


def hand_in(
    node: CampaignNode,
    *,
    upload: "UploadedFile[bytes]",
    source: str,
    actor: User,
    accounts: Mapping[str, str] | None = None,
) -> NoticeBatch:
    """Keep what the authority sent, or a trace made at home, and ask for its tracing.

    A lead office's file for the units below is allotted to them, with the term in `accounts`.

    Errors: Refused for what is too large, or was handed in before and is the same; and in an
    archived campaign.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise Refused(_("The file is larger than 20 MB."), field="upload")
    with transaction.atomic():
        refuse_archived(node.campaign_id)
        stored = store_upload(upload, purpose=PURPOSE, owner_path=node.unit.path, actor=actor)
        before = NoticeBatch.objects.filter(
            node=node, stored__sha256=stored.sha256, source=source
        ).first()
        if before is not None:
            raise Refused(_("This file was already handed in."), field="upload")
        batch = NoticeBatch.objects.create(
            node=node,
            stored=stored,
            source=NoticeBatch.Source(source),
            handed_in_by=actor,
            accounts=dict(accounts or {}),
        )
        audit("notices.handed_in", batch, actor)
        ask_trace(batch)
    return batch


def retrace(batch_id: int, *, actor: User) -> None:
    """Enqueue a new tracing, with the evidence that arrived since.

    Errors: Refused for what each unit traces, while it is traced, and in an archived campaign.
    """
    with transaction.atomic():
        rows = NoticeBatch.objects.select_for_update(of=("self",)).select_related("node__unit")
        batch = rows.get(pk=batch_id)
        if batch.source == NoticeBatch.Source.ALLOT:
            raise Refused(_("This file was allotted to units; each traces its own part."))
        if batch.state == BatchState.WAITING:
            raise Refused(_("It is being traced now."))
        refuse_archived(batch.node.campaign_id)
        audit("notices.traced_again", batch, actor)
        batch.runs += 1
        batch.state = BatchState.WAITING
        batch.save(update_fields=["runs", "state"])
        ask_trace(batch)


def is_archived(campaign_id: int) -> bool:
    """True when the campaign names no machine any more; until the caller's transaction ends."""
    return Campaign.objects.select_for_update().get(pk=campaign_id).state == CampaignState.ARCHIVED


def refuse_archived(campaign_id: int) -> None:
    """Errors: Refused where the campaign is archived, and nothing may name a machine in it."""
    if is_archived(campaign_id):
        raise Refused(_("The campaign is archived: its cases can no longer be changed."))


def ask_trace(batch: NoticeBatch) -> None:
    """Enqueue the job of this run: a lead office's file is allotted, all others are traced."""
    kind = "ranges.allot" if batch.source == NoticeBatch.Source.ALLOT else "cases.trace"
    enqueue(
        kind,
        key=f"{kind}:{batch.pk}:{batch.runs}",
        payload={"batch": batch.pk},
        asked_by_id=batch.handed_in_by_id,
        unit_path=batch.node.unit.path,
    )


def audit(
    action: str, batch: NoticeBatch, actor: User | None, detail: dict[str, int] | None = None
) -> None:
    """Write an act on a file of notices into the audit trail."""
    record(
        action,
        actor=actor,
        kind="notices",
        object_id=batch.pk,
        unit_path=batch.node.unit.path,
        detail=detail,
    )


# A machine that a notice names has a case: the one it had, or a new one.

SURE = ("certain", "likely")
KIND = "connection"
"""What the authority saw is a connection: only a log of connections could prove its silence."""


def link_cases(batch: NoticeBatch, rows: Sequence[tuple[NoticeItem, str]]) -> None:
    """Fill in the case of each item that names a machine, opening one where there is none.

    Shapes: `rows` are items with the unit that the trace names. What an earlier tracing of the
    same batch told is taken back first. The caller holds the transaction.
    Cost: where a machine had no case before, one pass over all findings folders of the node.
    """
    node, began = batch.node, timezone.now()
    cases = {case.device_id: case for case in locked_cases(node.pk)}
    CaseContact.objects.filter(
        finding__origin__node=node, by_notice=True, number__startswith=f"N{batch.pk}."
    ).delete()
    unsplit = Device.objects.filter(node=node, split_from__isnull=True)
    devices = {device.key: device for device in unsplit}
    noted_cases, is_new = set(), False
    for notice_item, unit in rows:
        if notice_item.outcome != NoticeOutcome.DEVICE or not notice_item.device_key:
            continue
        key = notice_item.device_key
        device = devices.get(key) or _by_hardware(key, devices)
        if device is None:
            grade = notice_item.grade
            device = Device.objects.create(node=node, key=key, engine_key=key, grade=grade)
            devices[key], is_new = device, True
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
        if notice_item.at and (case.last_seen is None or case.last_seen < notice_item.at):
            case.last_seen = notice_item.at
    if is_new and (folders := folders_of(node.pk)):
        # The days keep only who has a case: those of a machine that had none are read now.
        write_known_findings(node, known_of(folders))
    place_notices(node)
    judge_cases(list(cases.values()))
    alert_about(node, f"notices:{batch.pk}:{began.isoformat()}", began)


def _by_hardware(key: str, devices: dict[str, Device]) -> Device | None:
    """Return the device whose hardware address is in `key`: one machine, named without a list.

    Shapes: the engine calls a machine that no inventory knows "NAME (MAC)" or by its MAC.
    """
    matches = [device for device in devices.values() if device.mac and device.mac in key]
    return matches[0] if len(matches) == 1 else None


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
        finding.first_seen = min(finding.first_seen or notice_item.at, notice_item.at)
        finding.last_seen = max(finding.last_seen or notice_item.at, notice_item.at)
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
