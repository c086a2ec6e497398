"""A whole story in a real browser: start, receipt, upload, case, handling, and proven clean."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.cases.models.case import Case
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.api.test_device_lists import publish
from tests.portal.browser.visitors import Visitors
from tests.portal.campaigns.acting import sign_letter
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PC = "192.168.27.24"
BAD = "bad.example"


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """The people of the story."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


def queries(days: range, asked_on: set[int]) -> bytes:
    """Return Zeek dns lines of some days ago: several machines all day long, one name asked for."""
    today = timezone.localdate()
    lines = []
    for ago in days:
        midnight = timezone.make_aware(datetime.combine(today - timedelta(days=ago), time()))
        for hour in range(24):
            for minute in range(0, 60, 10):
                at = (midnight + timedelta(hours=hour, minutes=minute)).timestamp()
                for host in (PC, "192.168.27.30", "192.168.27.31"):
                    lines.append(_line(at, host, f"bao{minute}.example"))
        if ago in asked_on:
            lines.append(_line((midnight + timedelta(hours=9)).timestamp(), PC, BAD))
    return "\n".join(lines).encode() + b"\n"


def _line(at: float, host: str, name: str) -> str:
    row = {
        "ts": at,
        "uid": f"C{abs(hash((at, host))):x}",
        "id.orig_h": host,
        "id.orig_p": 53124,
        "id.resp_h": "192.168.27.1",
        "id.resp_p": 53,
        "proto": "udp",
        "query": name,
        "qtype_name": "A",
        "rcode_name": "NOERROR",
        "answers": ["198.51.100.9"],
    }
    return json.dumps(row)


def press(page: Any, words: str) -> None:
    """Press the button or link with these words."""
    page.locator("main").get_by_role("button", name=re.compile(words)).first.click()
    page.wait_for_load_state()


def hand_in(page: Any, address: str, content: bytes, tmp_path: Path) -> None:
    """Hand in a log and have it swept."""
    log = tmp_path / "dns.log"
    log.write_bytes(content)
    page.goto(f"{address}/hand-in/logs")
    page.set_input_files("input[type=file]", log)
    press(page, "Tải lên")
    # A log may be sent in parts by the script; either way the page of the submission comes.
    page.wait_for_url(re.compile(r"/evidence/\d+/"), timeout=180_000)
    run_ready()
    page.reload()
    press(page, "Quét các")
    run_ready()
    page.reload()


def test_from_the_start_of_the_campaign_to_a_machine_that_is_proven_clean(
    visitors: Visitors, world: World, tmp_path: Path
) -> None:
    assert world.campaign is not None
    publish(world, tmp_path, f"{BAD}\n")
    world.campaign.state = CampaignState.READY
    world.campaign.starts_at = None
    world.campaign.legal_basis, world.campaign.tasks = "Công văn số 1/UBND", ["Rà quét"]
    world.campaign.frozen_on = timezone.localdate()
    world.campaign.save()
    for code, unit in world.units.items():
        UnitContact.objects.create(unit=unit, mail=f"vt.{code.lower()}@coquan.example")
    sign_letter(world.campaign, world.user("TC", Role.CLERK))
    start = f"{visitors.address}/campaigns/{world.campaign.pk}/start/"

    first, _heard = visitors.window(signed_in(world.user("TC", Role.LEAD_OWNER)))
    first.goto(start)
    press(first, "Đề nghị")
    from tests.portal.world import make_user

    second = make_user(world.units["TC"], Role.LEAD_OWNER, "chutri2@coquan.example")
    page, _heard = visitors.window(signed_in(second))
    page.goto(start)
    press(page, "Bắt đầu")
    world.campaign.refresh_from_db()
    assert world.campaign.state == CampaignState.LIVE

    node = world.nodes["TC01"]
    page, _heard = visitors.window(signed_in(world.user("TC01", Role.FOCAL_POINT)))
    page.goto(f"{visitors.address}/followup/units/{node.pk}/receive/")
    press(page, "đã nhận")
    node.refresh_from_db()
    assert node.received_at is not None

    evidence = f"{visitors.address}/evidence/units/{node.pk}"
    hand_in(page, evidence, queries(range(12, 8, -1), {9}), tmp_path)
    case = Case.objects.get()
    assert case.state == "infected"

    page.goto(f"{visitors.address}/cases/{case.pk}/handle")
    handled = timezone.localtime() - timedelta(days=9)
    page.check("input[name=kind][value=reinstalled]")
    page.fill("input[name=at]", handled.strftime("%Y-%m-%dT17:00"))
    press(page, "Ghi")
    case.refresh_from_db()
    # Nobody has looked since: no evidence of these days, and so no word on the machine.
    assert case.state == "cannot-tell"
    assert not case.outcome

    hand_in(page, evidence, queries(range(8, 0, -1), set()), tmp_path)
    case.refresh_from_db()
    page.goto(f"{visitors.address}/cases/{case.pk}/")
    told = page.inner_text("main")
    assert case.state == "verified-clean", told
    assert case.outcome == "verified-clean"
    assert "sạch" in told
