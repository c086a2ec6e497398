"""Ranges of the world's units, a lead office's file of notices, and logs of a unit."""

import io
import json
import zipfile
from datetime import date, timedelta
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

import msgspec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges import allotting
from quetsach_portal.ranges.answering import take_trace
from quetsach_portal.ranges.approving import approve_waiting, waiting_for
from quetsach_portal.ranges.asking import forward
from quetsach_portal.ranges.models import (
    AllottedNotice,
    Forwarding,
    NoticeQuestion,
    PublicRange,
)
from quetsach_portal.ranges.sandboxed import ReadItem, read_in_sandbox
from quetsach_portal.units.models import OrgUnit
from tests.portal.working import run_ready
from tests.portal.world import World

NOTICES = (
    "timestamp,ip,port,dst_ip,dst_port,infection\n"
    "2026-11-25 05:00:00Z,203.0.113.1,40112,198.51.100.77,443,botnet\n"
    "2026-11-25 06:00:00Z,203.0.113.2,40113,198.51.100.77,443,botnet\n"
    "2026-11-25 06:00:00Z,203.0.113.17,40114,198.51.100.77,443,botnet\n"
    "2026-11-25 06:00:00Z,203.0.113.33,40115,198.51.100.77,443,botnet\n"
    "2026-11-25 06:00:00Z,192.0.2.200,40116,198.51.100.77,443,botnet\n"
    "2026-11-25 06:00:00Z,203.0.113.200,40117,198.51.100.77,443,botnet\n"
    "2026-11-25 06:00:00Z,khong-ro,40118,198.51.100.77,443,botnet\n"
)
"""Two of TC01, one of TC02, one that both share, one of nobody, one not ours, one unreadable."""

RANGES = (
    ("TC01", "203.0.113.0/28", False),
    ("TC02", "203.0.113.16/28", False),
    ("TC01", "203.0.113.32/28", True),
    ("TC02", "203.0.113.32/28", True),
    ("", "203.0.113.0/24", False),
)


def approved(
    world: World, code: str, text: str, *, shared: bool = False, **days: date
) -> PublicRange:
    """Return a range of a unit, "" for none of ours, that two persons stand behind."""
    return PublicRange.objects.create(
        office=world.units["TC"],
        unit=world.units[code] if code else None,
        cidr=str(ip_network(text)),
        shared=shared,
        source="Hợp đồng 12/2024",
        added_by=world.user("TC", Role.LEAD_ANALYST),
        approved_by=world.user("TC", Role.LEAD_OWNER),
        approved_at=timezone.now(),
        **days,
    )


def approve_all(office: OrgUnit, actor: User) -> int:
    """Approve what waits and `actor` may approve, as it is shown now; return how much."""
    return approve_waiting(office, waiting_for(office, actor).digest, actor=actor)


def with_ranges(world: World) -> None:
    """Give the units their ranges."""
    for code, text, shared in RANGES:
        approved(world, code, text, shared=shared)


def handed_in(world: World, content: str | bytes = NOTICES, *, works: bool = True) -> NoticeBatch:
    """Return the lead office's file, allotted and traced."""
    raw = content if isinstance(content, bytes) else content.encode()
    batch = allotting.hand_in(
        world.nodes["TC"],
        upload=SimpleUploadedFile("canh-bao.csv", raw),
        due=timezone.now() + timedelta(days=5),
        actor=world.user("TC", Role.LEAD_OWNER),
    )
    if works:
        run_ready()
    return NoticeBatch.objects.get(pk=batch.pk)


def evidence(world: World, code: str, folder: Path) -> Submission:
    """Hand in all files of a folder as logs of a unit, already swept."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder).as_posix())
    stored = store_upload(
        SimpleUploadedFile("logs.zip", packed.getvalue()),
        purpose=FilePurpose.EVIDENCE,
        owner_path=world.units[code].path,
        actor=None,
    )
    submission = Submission.objects.create(
        token=uuid4(),
        node=world.nodes[code],
        kind=SubmissionKind.LOGS,
        state=SubmissionState.DONE,
        created_by=world.user(code, Role.FOCAL_POINT),
    )
    submission.files.add(stored)
    return submission


def allotted(world: World, content: str = NOTICES) -> NoticeBatch:
    """Return the lead office's file, allotted without a job; nothing is traced yet."""
    batch = handed_in(world, content, works=False)
    request = json.dumps(str(path_of(batch.stored))).encode()
    answer = json.loads(read_in_sandbox(request, lambda *_told: None))
    with transaction.atomic():
        allotting.write(batch, msgspec.convert(answer["value"], list[ReadItem]))
    return NoticeBatch.objects.select_related("node__unit", "node__campaign").get(pk=batch.pk)


def asked_of(world: World, batch: NoticeBatch, code: str) -> Forwarding:
    """Return what a unit is asked about a file."""
    return Forwarding.objects.select_related("node__campaign", "node__unit", "part").get(
        batch=batch, node=world.nodes[code]
    )


def traced(forwarding: Forwarding, number: int, case: Case | None = None) -> None:
    """Let the unit's logs name the machine of a case for an item, or no machine."""
    NoticeItem.objects.filter(batch=forwarding.part).delete()
    NoticeItem.objects.create(
        batch=forwarding.part,
        place=1,
        number=number,
        outcome="no-data" if case is None else "device",
        device_key="" if case is None else case.device.key,
        case=case,
    )
    with transaction.atomic():
        take_trace(forwarding.part)


def states(batch: NoticeBatch) -> list[str]:
    """Return the states of the items in their order."""
    return list(batch.allotted.order_by("number").values_list("state", flat=True))


def questions(forwarding: Forwarding) -> list[int]:
    """Return the open questions to a unit in the order of the items."""
    rows = NoticeQuestion.objects.filter(forwarding=forwarding, answer="")
    return list(rows.order_by("notice__number").values_list("pk", flat=True))


def allotted_to(world: World, code: str) -> Forwarding:
    """Return what one unit is asked about a file of that unit's own, with an item of nobody's."""
    node, actor = world.nodes[code], world.user(code, Role.LEAD_OWNER)
    stored = store_upload(
        SimpleUploadedFile("canh-bao.csv", NOTICES.encode()),
        purpose=FilePurpose.NOTICE,
        owner_path=node.unit.path,
        actor=actor,
    )
    batch = NoticeBatch.objects.create(
        node=node,
        stored=stored,
        source=NoticeBatch.Source.ALLOT,
        state="traced",
        items=2,
        handed_in_by=actor,
        accounts={"due": (timezone.now() + timedelta(days=5)).isoformat()},
    )
    first, _second = AllottedNotice.objects.bulk_create(
        AllottedNotice(
            batch=batch, number=at, address=f"192.0.2.{at}", outcome=outcome, state=state
        )
        for at, outcome, state in ((1, "allotted", "open"), (2, "nobodys", "undecided"))
    )
    with transaction.atomic():
        return forward(batch, node, [first], actor)
