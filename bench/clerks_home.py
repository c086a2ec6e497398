"""A portal for clerks who work at the same time: units, people, open cases, a report to write."""

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
    from quetsach_portal.people.models.account import User

PASSWORD = "mot cau mat khau rat dai"
CASES = 4


@dataclass(frozen=True)
class Clerk:
    """A person and their work: the node of their unit, its expected report, its open cases."""

    email: str
    cookie: str
    node: int
    slot: int
    cases: tuple[int, ...]


def make_clerks(count: int) -> list[Clerk]:
    """Return `count` clerks, each the focal point and technician of a commune of their own."""
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from bench.portal_load import cookie_of
    from bench.portal_tree import PROVINCES, make_contacts, make_tree
    from quetsach_portal.campaigns.models.campaign import ExpectedReport
    from quetsach_portal.people.models.account import User
    from quetsach_portal.people.models.roles import Assignment, Role
    from quetsach_portal.reports.phase_forms.changing import keep_form

    campaign, owner = make_tree(1 + PROVINCES + count, phases=1)
    make_contacts(campaign, left_out=0)
    keep_form(campaign)
    _publish_list(campaign, owner)
    # One hash for all: to make one takes as long as to sign in, and signing in is measured.
    password = make_password(PASSWORD)
    slots = dict(ExpectedReport.objects.values_list("node_id", "pk"))
    day = timezone.localdate() - timedelta(days=1)
    clerks = []
    for number, node in enumerate(campaign.nodes.filter(depth=2).select_related("unit")[:count]):
        email = f"vt{number}@coquan.example"
        user = User.objects.create_user(email, None, name=f"Văn thư {number}")
        User.objects.filter(pk=user.pk).update(password=password)
        user.refresh_from_db()
        for role in (Role.FOCAL_POINT, Role.TECHNICIAN):
            Assignment.objects.create(user=user, unit=node.unit, role=role, valid_from=day)
        cases = tuple(_make_case(node, place) for place in range(CASES))
        cookie = cookie_of(user).partition("=")[2]
        clerks.append(Clerk(user.email, cookie, node.pk, slots[node.pk], cases))
    return clerks


def _publish_list(campaign: "Campaign", owner: "User") -> None:
    """Give the campaign a list: without one no evidence is taken."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from quetsach.api import lists
    from quetsach_portal.files.actions import store_upload
    from quetsach_portal.files.models import FilePurpose

    with tempfile.TemporaryDirectory(prefix="bench-list-") as name:
        listed, release = Path(name) / "list.txt", Path(name) / "release.jsonl"
        listed.write_text("xau.example\n")
        titles = lists.ReleaseTitles("2022-09-12T08:00:00+07:00", "Đợt 1")
        released = lists.release_indicators([listed], titles, lists.ReleaseTarget(out=release))
        campaign.release_file = store_upload(
            SimpleUploadedFile("release.jsonl", release.read_bytes()),
            purpose=FilePurpose.RELEASE,
            owner_path=campaign.lead_unit.path,
            actor=owner,
        )
    campaign.release_sha256 = released.digest.removeprefix("sha256:")
    campaign.save()


def _make_case(node: "CampaignNode", place: int) -> int:
    from django.utils import timezone

    from quetsach_portal.campaigns.counters import add
    from quetsach_portal.cases.models.case import Case, Device, Finding

    address = f"192.0.2.{10 + place}"
    seen = timezone.now() - timedelta(days=2)
    device = Device.objects.create(
        node=node,
        key=address,
        engine_key=address,
        label=f"Máy {address}",
        addresses=[address],
        grade="likely",
    )
    due_at = timezone.now() + timedelta(days=5)
    case = Case.objects.create(node=node, device=device, last_seen=seen, due_at=due_at)
    add(node, cases_open=1)
    Finding.objects.create(
        origin=device,
        device=device,
        key="xau.example",
        shown="xau.example",
        label="Emotet",
        listed_in="danh-sach.txt",
        row=7,
        sightings=3,
        first_seen=seen,
        last_seen=seen,
    )
    return int(case.pk)
