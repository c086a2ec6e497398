"""From the letter that was read to the request of the start: few presses, each step on the rail.

Each press of a button or link is counted. What others do meanwhile, the clerk, the signer and the
second owner, is done by the acts themselves.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.actions.preparing import take_letter
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, ExpectedReport
from quetsach_portal.letters.models import Letter
from quetsach_portal.lists.deciding import approve
from quetsach_portal.lists.models import ListVersion
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.browser.soundness import shown_wrong
from tests.portal.browser.visitors import Visitors
from tests.portal.campaigns.acting import owner, second_owner
from tests.portal.campaigns.letters_in import LETTER
from tests.portal.letters.staged import sign
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World, make_world
from tests.whole import WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

log = logging.getLogger(__name__)

MOST_CLICKS = 12
NARROW, WIDE = 360, 1366
LIST = "địa chỉ\n198.51.100.7\nxau.example\n8.8.8.8\ngoogle.com\ndichvucong.gov.vn\n"


@pytest.fixture
def register(db: None) -> World:
    """The register, in which every unit can be reached."""
    world = make_world(live=False)
    for code, unit in world.units.items():
        UnitContact.objects.create(unit=unit, mail=f"vt.{code.lower()}@coquan.example")
    world.user("TC", Role.CLERK)
    return world


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """The owner's window."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


class Launcher:
    """The owner who prepares a campaign, and counts what is pressed."""

    def __init__(self, page: Any, heard: Any) -> None:
        self.page, self.heard = page, heard
        self.clicks = 0
        self.wrong: list[str] = []

    def press(self, words: str, role: str = "button") -> None:
        """Press the button or link with these words, after a look at the page that it is on."""
        self.look()
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role(role, name=words).first.click()

    def look(self) -> None:
        """Note what is wrong with the page, on a phone and in an office; a whole check asks axe."""
        heading = self.page.inner_text("h1")
        for width in (NARROW, WIDE):
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            self.wrong += [f"{heading}, {width} px: {wide} px too wide"] if wide > 0 else []
        if WHOLE:
            faults = shown_wrong(self.page, self.heard, "")
            self.wrong += [f"{heading}: {fault}" for fault in faults]


def letter_of_this_month() -> SimpleUploadedFile:
    """Return a letter of the true form, its deadline in a month; number and day are blank."""
    due = timezone.localdate() + timedelta(days=30)
    text = LETTER.read_text("utf-8").replace("29/9/2022", f"{due.day}/{due.month}/{due.year}")
    text = text.replace("tháng 9 năm 2022", f"tháng {due.month} năm {due.year}")
    return SimpleUploadedFile("cong-van.txt", text.encode())


def test_from_the_read_letter_to_the_request_of_the_start_in_twelve_presses(
    visitors: Visitors, register: World, tmp_path: Path
) -> None:
    reading = take_letter(register.units["TC"], letter_of_this_month(), actor=owner(register))
    run_ready()
    page, heard = visitors.window(signed_in(owner(register)))
    page.goto(f"{visitors.address}/campaigns/new/letter/{reading.pk}/")
    launcher = Launcher(page, heard)
    for number, answer in enumerate(page.locator("input[name^=answer_]").all()):
        answer.fill(f"{number + 1}")
    launcher.press("Lưu và chọn đơn vị")
    campaign = Campaign.objects.get()

    launcher.press("Chốt 4 đơn vị")
    launcher.press("Lưu và sang bước sau")
    assert (
        ExpectedReport.objects.filter(phase__campaign=campaign).values("due_at").distinct().count()
        > 1
    )

    (tmp_path / "danh-sach.csv").write_text(LIST, "utf-8")
    page.fill("#id_title", "Danh sách đợt 1")
    page.set_input_files("#id_lists", tmp_path / "danh-sach.csv")
    launcher.press("Kiểm tra")
    run_ready()
    page.reload()
    launcher.press("Quyết định mọi dòng còn lại theo đề xuất")
    launcher.press("Đề nghị áp dụng phiên bản này")
    run_ready()
    approve(ListVersion.objects.get(), actor=second_owner(register))
    run_ready()

    launcher.press("Soạn và trình ký")
    launcher.press("Sang bước nhắc việc", "link")
    page.goto(f"{visitors.address}/campaigns/{campaign.pk}/start/")
    assert "Chưa bắt đầu được: 1 chữ ký" in page.inner_text("main")
    sign(register, Letter.objects.get())
    page.go_back()
    launcher.press("Lưu và sang bước sau")
    run_ready()

    page.reload()
    launcher.press("Đề nghị bắt đầu")
    launcher.look()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.READY
    assert campaign.start_asked_by == owner(register)
    log.info("launch: %d presses", launcher.clicks)
    assert launcher.clicks <= MOST_CLICKS
    assert not launcher.wrong, "\n" + "\n".join(launcher.wrong)
