"""A world whose rows are drawn at random, by a seed: what the named queries are held against."""

import random
from datetime import timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeState
from quetsach_portal.cases.models.case import (
    Case,
    CaseFile,
    CaseOutcome,
    CaseState,
    Device,
    DeviceScanResult,
    Finding,
    Handling,
    HandlingKind,
)
from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem, NoticeOutcome
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.followup.models import DeployDeclaration, DeployEvidence, Method, Receipt
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.letters.models import Letter
from quetsach_portal.participation.handouts.giver import HandoutKind
from quetsach_portal.participation.models import (
    ConfirmedBurst,
    HandoutPull,
    JoinCode,
    JoinCounter,
    JoinKind,
    SlipHour,
    SlipLot,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_public.codes import drawn
from tests.portal.access.sent_files import pdf
from tests.portal.world import World


def fill_at_random(world: World, seed: int) -> None:
    """Write rows of all that units do into the campaign of `world`."""
    draw = random.Random(seed)
    assert world.campaign is not None
    world.campaign.release_facts = draw.choice([{}, {"count": draw.randrange(5000)}])
    world.campaign.save()
    actor = world.user("TC", Role.AUDITOR)
    proof = store_upload(pdf(), purpose="proof", owner_path=world.units["TC"].path, actor=actor)
    for code, node in world.nodes.items():
        node.campaign = world.campaign
        node.staff = draw.choice([0, 7, 12])
        node.state = draw.choice([*[NodeState.ACTIVE] * 4, NodeState.MERGED])
        _say(draw, node, proof, actor)
        node.save()
        _join(draw, node, code)
        _slips(draw, node, actor)
        _look(draw, node)
        _work(draw, node, proof)
        _warn(draw, node, proof, actor)


def _say(draw: random.Random, node: CampaignNode, proof: StoredFile, actor: User) -> None:
    now = timezone.now()
    if draw.random() < 0.7:
        node.received_at = now
        method = draw.choice([Method.PORTAL, Method.PORTAL, Method.ON_BEHALF])
        Receipt.objects.create(node=node, by=actor, method=method, received_at=now, proof=proof)
    for state in draw.sample(["withdrawn", "withdrawn", "declared"], draw.randrange(4)):
        told = draw.choice([None, 0, 5])
        made = DeployDeclaration.objects.create(node=node, by=actor, state=state, staff_told=told)
        if state == "declared":
            node.deployed_at = now
        if draw.random() < 0.6:
            DeployEvidence.objects.create(declaration=made, kind="link", link="https://xa.example/")
    for state in draw.sample(["draft", "released", "released", "withdrawn"], draw.randrange(4)):
        Letter.objects.create(
            campaign=node.campaign,
            node=node,
            issuer_name="x",
            subject="x",
            made_by=actor,
            state=state,
            number=4,
            signed_on=timezone.localdate(),
            is_outside=draw.random() < 0.3,
        )


def _join(draw: random.Random, node: CampaignNode, code: str) -> None:
    if draw.random() < 0.3:
        return
    for kind in JoinKind.values:
        short = drawn(draw.randrange)
        JoinCode.objects.create(node=node, kind=kind, code=f"{code}-{kind}", short=short)
        for ago in range(draw.randrange(3)):
            joined = draw.randrange(9)
            JoinCounter.objects.create(
                node=node,
                kind=kind,
                day=timezone.localdate() - timedelta(days=ago),
                joined=joined,
                checked=draw.randrange(joined + 1),
            )
            HandoutPull.objects.create(
                node=node,
                kind=HandoutKind.LEAFLET if kind == JoinKind.STAFF else HandoutKind.CHAT,
                language="vi" if kind == JoinKind.RELATIVE else "km",
                day=timezone.localdate() - timedelta(days=ago),
                here=draw.randrange(3),
                public=draw.randrange(9),
            )


def _slips(draw: random.Random, node: CampaignNode, actor: User) -> None:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for _lot in range(draw.randrange(3)):
        struck = now if draw.random() < 0.3 else None
        lot = SlipLot.objects.create(node=node, size=99, struck_at=struck)
        for ago in range(draw.randrange(7)):
            pressed = draw.choice([1, 1, 2, 3, 5, 8, 30])
            SlipHour.objects.create(lot=lot, hour=now - timedelta(hours=ago), pressed=pressed)
    for hour in node.slip_lots.values_list("hours__hour", flat=True).distinct():
        if hour is not None and draw.random() < 0.4:
            many = draw.choice([5, 60])
            ConfirmedBurst.objects.create(
                node=node, hour=hour, pressed=many, reason="họp", by=actor
            )


def _look(draw: random.Random, node: CampaignNode) -> None:
    for ago in range(draw.choice([0, 0, 3])):
        for kind in draw.sample(["dns", "firewall", "proxy"], draw.randrange(1, 4)):
            day = timezone.localdate() - timedelta(days=ago)
            lines = draw.choice([0, 10])
            CoverageDay.objects.create(node=node, day=day, kind=kind, lines=lines)


def _work(draw: random.Random, node: CampaignNode, proof: StoredFile) -> None:
    devices: list[Device] = []
    for number in range(draw.randrange(6)):
        key = f"192.0.2.{number}"
        into = draw.choice([None, None, *devices]) if draw.random() < 0.3 else None
        into = None if into is None or into.merged_into_id else into
        device = Device.objects.create(node=node, key=key, engine_key=key, merged_into=into)
        devices.append(device)
        for _again in range(draw.randrange(1, 3)):
            _case(draw, node, device, proof)
        for met in draw.sample(["xau.example", "hiem.example", "203.0.113.9"], draw.randrange(4)):
            Finding.objects.create(
                origin=device,
                device=device,
                key=met,
                shown=met,
                sightings=draw.randrange(1, 9),
                best_grade=draw.choice(["asked", "answered", "blocked", "connected", "moved"]),
            )


def _case(draw: random.Random, node: CampaignNode, device: Device, proof: StoredFile) -> None:
    outcome = draw.choice([one for one in CaseOutcome.values if one])
    if not Case.objects.filter(device=device, closed_at__isnull=True).exists():
        outcome = draw.choice(["", "", outcome])
    case = Case.objects.create(
        node=node,
        device=device,
        state=draw.choice(CaseState.values),
        outcome="merged" if device.merged_into_id else outcome,
        closed_at=timezone.now() if outcome or device.merged_into_id else None,
        recurrences=draw.choice([0, 0, 1]),
        isolated_at=draw.choice([None, None, timezone.now()]),
    )
    for kind in draw.sample(HandlingKind.values, draw.randrange(3)):
        Handling.objects.create(
            case=case,
            kind=kind,
            at=timezone.now(),
            result=draw.choice(["", *DeviceScanResult.values]) if kind == "scanned" else "",
            withdrawn_at=draw.choice([None, None, timezone.now()]),
        )
    if draw.random() < 0.3 and not CaseFile.objects.filter(stored=proof).exists():
        CaseFile.objects.create(case=case, stored=proof)


def _warn(draw: random.Random, node: CampaignNode, stored: StoredFile, actor: User) -> None:
    for _batch in range(draw.randrange(3)):
        batch = NoticeBatch.objects.create(
            node=node, stored=stored, source="notices", state="traced", handed_in_by=actor
        )
        for place in range(draw.randrange(7)):
            NoticeItem.objects.create(
                batch=batch,
                place=place,
                number=place,
                outcome=draw.choice(NoticeOutcome.values),
                address=draw.choice(["", "198.51.100.7", "198.51.100.8", "198.51.100.9"]),
            )
