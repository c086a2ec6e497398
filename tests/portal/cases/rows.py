"""Cases made by hand, where no sweep is needed."""

from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.counters import add
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.case import (
    Case,
    CaseContact,
    CaseFile,
    CaseOutcome,
    CaseState,
    Device,
    FalseAlarm,
    Finding,
    Handling,
    HandlingKind,
    Sighting,
)
from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem, NoticeOutcome
from quetsach_portal.cases.models.request import AddressRequest, AskedAddress
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.files.samples import pdf
from tests.portal.world import World, make_campaign

RAW = "192.0.2.11 asked for xau.example"


class Rewound(SimpleUploadedFile):
    """An upload that can be sent more than once."""

    def read(self, *args: int) -> bytes:
        """Return the content from its beginning."""
        self.seek(0)
        return bytes(super().read(*args))


def node_of(world: World, code: str) -> CampaignNode:
    """Return the node of a unit, in a campaign of its own where it stands in none."""
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return world.nodes[code]


def make_case(
    world: World, code: str, address: str | None = None, met: str = "xau.example"
) -> Case:
    """Return an open case of an infected machine, counted above it."""
    node = node_of(world, code)
    if address is None:
        number = Device.objects.filter(node=node).count()
        address = f"192.0.2.11{number or ''}"
    seen = timezone.now() - timedelta(days=2)
    device = Device.objects.create(
        node=node,
        key=address,
        engine_key=address,
        label=f"Máy bí mật {address}",
        addresses=[address],
        grade="likely",
    )
    case = Case.objects.create(
        node=node,
        device=device,
        last_seen=seen,
        due_at=timezone.now() + timedelta(days=5),
    )
    add(node, cases_open=1)
    make_finding(device, met)
    return case


def make_finding(device: Device, met: str) -> Finding:
    """Return an indicator that the device met, with a contact and a sample."""
    seen = timezone.now() - timedelta(days=2)
    finding = Finding.objects.create(
        origin=device,
        device=device,
        key=met,
        shown=met,
        label="Emotet",
        listed_in="danh-sach.txt",
        row=7,
        sightings=3,
        first_seen=seen,
        last_seen=seen,
    )
    CaseContact.objects.create(
        finding=finding,
        when_us=int(seen.timestamp()) * 1_000_000,
        day=timezone.localtime(seen).date().isoformat(),
        kind="dns",
    )
    Sighting.objects.create(finding=finding, number=f"{finding.pk:016x}", at=seen, raw=RAW)
    return finding


def make_closed(world: World, code: str) -> Case:
    """Return a case that evidence has closed."""
    case = make_case(world, code)
    case.outcome, case.closed_at = CaseOutcome.VERIFIED, timezone.now()
    case.state = CaseState.VERIFIED
    case.save()
    add(case.node, cases_open=-1, cases_verified=1)
    return case


def make_handling(world: World, code: str) -> Handling:
    """Return a handling of a case."""
    return Handling.objects.create(
        case=make_case(world, code),
        kind=HandlingKind.CLEANED,
        at=timezone.now() - timedelta(hours=1),
        by=world.user(code, Role.TECHNICIAN),
    )


def make_file(world: World, code: str) -> CaseFile:
    """Return an evidence file of a case."""
    stored = store_upload(
        SimpleUploadedFile("bien-ban.pdf", pdf()),
        purpose=FilePurpose.PROOF,
        owner_path=world.units[code].path,
        actor=world.user(code, Role.TECHNICIAN),
    )
    return CaseFile.objects.create(case=make_case(world, code), stored=stored)


def make_alarm(world: World, code: str, scope: str = "unit") -> FalseAlarm:
    """Return a proposal that waits."""
    case = make_case(world, code)
    return FalseAlarm.objects.create(
        case=case,
        key="xau.example",
        shown="xau.example",
        scope=scope,
        reason="Máy chủ của đơn vị",
        proposed_by=world.user(code, Role.FOCAL_POINT),
    )


def make_joined(world: World, code: str) -> tuple[Case, Device]:
    """Return a case and the device that is part of it."""
    case, other = make_case(world, code), make_case(world, code, "192.0.2.12")
    Device.objects.filter(pk=other.device_id).update(merged_into=case.device)
    other.outcome, other.closed_at = CaseOutcome.MERGED, timezone.now()
    other.save()
    add(case.node, cases_open=-1)
    return case, other.device


def make_batch(world: World, code: str, by: User | None = None) -> NoticeBatch:
    """Return a traced file of notices with one machine found and one item that is none."""
    case = make_case(world, code)
    who = world.user(code, Role.FOCAL_POINT) if by is None else by
    stored = store_upload(
        SimpleUploadedFile("canh-bao.csv", code.encode()),
        purpose="notice",
        owner_path=world.units[code].path,
        actor=who,
    )
    batch = NoticeBatch.objects.create(
        node=case.node, stored=stored, source="notices", state="traced", items=2, handed_in_by=who
    )
    NoticeItem.objects.create(
        batch=batch,
        place=1,
        number=1,
        outcome=NoticeOutcome.DEVICE,
        address="198.51.100.7",
        port=20042,
        remote="203.0.113.9",
        family="Emotet",
        device_key=case.device.key,
        because="Máy 192.0.2.11 giữ địa chỉ này.",
        case=case,
        at=timezone.now(),
    )
    NoticeItem.objects.create(
        batch=batch,
        place=2,
        number=2,
        outcome=NoticeOutcome.CANNOT_TELL,
        address="198.51.100.8",
        family="=1+2",
        missing=["translation"],
    )
    return batch


REQUEST_ANSWER = {
    "file": "van-ban.docx",
    "issuer": "Phòng An ninh mạng",
    "number": "214",
    "code": "PA05",
    "date": "2026-09-04",
    "subject": "đề nghị cung cấp thông tin",
    "basis": ["Luật 116/2025/QH15"],
    "purpose": "phục vụ xác minh",
    "deadline": "trong thời hạn 24 giờ",
    "wanted": ["device", "name"],
    "zone_declared": None,
    "by_ocr": False,
    "complete": True,
    "unread": [],
    "counts": {"device": 1, "unclear-request": 1},
}
"""What is kept of a letter as a whole, as the job writes it."""


def asked_row(number: int, outcome: str, **facts: object) -> dict[str, object]:
    """Return a row of an answer, as `answer_holders` gives it."""
    return {
        "number": number,
        "words": "203.0.113.5 lúc 08:15:22",
        "address": "203.0.113.5",
        "port": 40112,
        "first": "2026-09-01T08:15:22+07:00",
        "last": None,
        "zone": "+07:00",
        "zone_words": "UTC+7",
        "zone_note": "",
        "open": [],
        "questions": [],
        "outcome": outcome,
        "device": None,
        "grade": None,
        "unit": "",
        "addresses": [],
        "rivals": [],
        "logs": [],
        "missing": [],
        "because": "",
        **facts,
    }


def make_request(world: World, code: str) -> AddressRequest:
    """Return a letter that asks about two addresses: of one the machine was found."""
    node, who = node_of(world, code), world.user(code, Role.FOCAL_POINT)
    stored = store_upload(
        SimpleUploadedFile("van-ban.pdf", pdf(code.encode())),
        purpose="letter-in",
        owner_path=world.units[code].path,
        actor=who,
    )
    asked = AddressRequest.objects.create(
        node=node, stored=stored, state="traced", answer=REQUEST_ANSWER, handed_in_by=who
    )
    found = asked_row(1, "device", device="PC-VP-41", grade="certain", addresses=["10.0.0.41"])
    unclear = asked_row(
        2, "unclear-request", address="203.0.113.6", open=["holder-time"], questions=["Khi nào?"]
    )
    for row in (found, unclear):
        AskedAddress.objects.create(
            request=asked,
            number=row["number"],
            address=row["address"],
            outcome=row["outcome"],
            row=row,
        )
    return asked


ClientOf = Callable[[str, Role], Client]
