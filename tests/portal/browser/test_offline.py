"""Without network the last pages stay; what is done is kept, sent once, and stays its author's."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from quetsach_portal.cases.models.case import Case, CaseFile, Handling
from quetsach_portal.intake.models import Submission
from quetsach_portal.people.models.roles import Role
from tests.portal.api.test_device_lists import publish
from tests.portal.browser.soundness import NARROW, TOO_WIDE, shown_wrong
from tests.portal.browser.visitors import Visitors
from tests.portal.cases.rows import make_case
from tests.portal.files.samples import pdf
from tests.portal.followup.acting import mailbox, told
from tests.portal.looks.collecting import collection
from tests.portal.reports.acting import slot_of
from tests.portal.signing_in import signed_in
from tests.portal.worklist.commune import CODE, received
from tests.portal.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ISOLATED = "Đã rút mạng, vừa xong"
ACTS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("kept-1", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("acts");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("acts").objectStore("acts").count();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
  };
})"""
KEPT = """async () => {
  const names = await caches.keys(), seen = [];
  for (const name of names)
    for (const request of await (await caches.open(name)).keys())
      seen.push(new URL(request.url).pathname);
  return seen;
}"""

KEPT_PAGE = """async path => {
  const ways = { ignoreSearch: true, ignoreVary: true };
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).match(path, ways);
    if (kept) return await kept.text();
  }
  return "";
}"""


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """The people of the office."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


class Phone:
    """A phone on which one person works after another, with or without network."""

    def __init__(self, visitors: Visitors, client: Client) -> None:
        self.visitors = visitors
        self.page, self.heard = visitors.window(client)
        self.address = visitors.address
        self.page.set_default_timeout(10_000)

    def open(self, path: str) -> None:
        """Open a page, and wait until the worker keeps it."""
        self.page.goto(self.address + path)
        until(lambda: path in self.page.evaluate(KEPT), self.page)

    def go_offline(self) -> None:
        """Take the network away."""
        self.page.context.set_offline(True)

    def go_online(self) -> None:
        """Give the network back; the page sends what waits."""
        self.page.context.set_offline(False)

    def band(self, words: str) -> str:
        """Return what the band says, once it says `words`."""
        self.page.get_by_text(re.compile(words)).first.wait_for()
        return str(self.page.inner_text("[data-offline]"))


def technician(world: World) -> Client:
    return signed_in(world.user(CODE, Role.TECHNICIAN))


def until(holds: Callable[[], bool], page: Any) -> None:
    """Wait until `holds`, at most ten seconds."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come")


def test_a_case_is_read_and_what_is_done_is_kept_and_sent(visitors: Visitors, world: World) -> None:
    case = make_case(world, CODE, "192.0.2.11")
    phone = Phone(visitors, technician(world))
    page = phone.page
    phone.open(f"/cases/{case.pk}/")
    phone.go_offline()
    page.reload()
    words = phone.band("Mất mạng từ")
    assert "Trang đang hiện số liệu lúc" in words
    page.get_by_role("button", name=ISOLATED).click()
    phone.band("chưa gửi: 1 việc")
    assert page.get_by_role("button", name=ISOLATED).is_disabled()
    assert "chờ có mạng" in page.inner_text("#step-disconnect")
    page.get_by_text("Thêm tệp").click()
    photo = {"name": "anh.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    page.set_input_files("#id_upload", photo)
    page.get_by_role("button", name="Thêm", exact=True).click()
    phone.band("2 việc, 1 tệp, ảnh")
    source = page.content()
    page.set_viewport_size({"width": NARROW, "height": 760})
    assert page.evaluate(TOO_WIDE) == ""
    assert Handling.objects.count() == 0
    phone.heard.take()
    assert shown_wrong(page, phone.heard, source) == []
    phone.go_online()
    until(lambda: Handling.objects.count() == 1 and CaseFile.objects.count() == 1, page)
    phone.band("Đã gửi: 2 việc")
    handling = Handling.objects.get()
    assert handling.note.startswith("Ghi khi mất mạng, gửi lúc")
    assert handling.at < handling.told_at
    page.get_by_role("link", name="Tải lại trang").click()
    page.get_by_text("Ghi khi mất mạng, gửi lúc").first.wait_for()
    assert page.locator("[data-offline]").is_hidden()


def test_the_answer_to_an_act_is_not_told_again_from_a_kept_page(
    visitors: Visitors, world: World
) -> None:
    path = f"/cases/{make_case(world, CODE, '192.0.2.11').pk}/"
    phone = Phone(visitors, technician(world))
    phone.open(path)
    phone.page.get_by_role("button", name=ISOLATED).click()
    answer = phone.page.get_by_text("Đã ghi việc vừa làm.")
    answer.wait_for()
    until(lambda: "Đã ghi việc vừa làm." in phone.page.evaluate(KEPT_PAGE, path), phone.page)
    phone.go_offline()
    phone.page.reload()
    phone.band("Mất mạng từ")
    assert answer.count() == 1
    assert answer.is_hidden()


def test_a_file_waits_for_its_clerk_over_the_end_of_a_session_and_past_another_person(
    visitors: Visitors, world: World, tmp_path: Path
) -> None:
    publish(world, tmp_path, "bad.example\n")
    received(world)
    clerk, other = world.user(CODE, Role.FOCAL_POINT), world.user("TC", Role.LEAD_OWNER)
    phone = Phone(visitors, signed_in(clerk))
    page = phone.page
    phone.open("/")
    phone.go_offline()
    page.reload()
    zip_file = {"name": "quetsach-PC-1.zip", "mimeType": "application/zip", "buffer": collection()}
    page.set_input_files("main input[type=file]", zip_file)
    page.get_by_role("button", name="Nộp và xem kết quả").click()
    phone.band("chưa gửi: 1 việc, 1 tệp, ảnh")
    page.context.clear_cookies()
    phone.go_online()
    phone.band("Phiên đăng nhập đã hết")
    page.get_by_role("link", name="Đăng nhập", exact=True).click()
    page.get_by_role("button", name="Đăng nhập").first.wait_for()
    until(lambda: "/" not in page.evaluate(KEPT), page)
    visitors.window(signed_in(other))
    phone.open("/")
    phone.band("việc chưa gửi của người khác: 1")
    assert Submission.objects.count() == 0
    visitors.window(signed_in(clerk))
    page.goto(phone.address)
    phone.band("Đã gửi: 1 việc")
    assert Submission.objects.get().created_by == clerk
    assert page.evaluate(ACTS) == 0


def test_a_refused_act_says_why_and_a_sign_out_takes_everything(
    visitors: Visitors, world: World
) -> None:
    case = make_case(world, CODE, "192.0.2.11")
    phone = Phone(visitors, technician(world))
    page = phone.page
    phone.open(f"/cases/{case.pk}/")
    phone.go_offline()
    page.get_by_role("button", name=ISOLATED).click()
    phone.band("chưa gửi: 1 việc")
    Case.objects.update(version=F("version") + 1)
    phone.go_online()
    words = phone.band("Không được nhận: ")
    assert "Máy bí mật 192.0.2.11: Đã rút mạng" in words
    assert Handling.objects.count() == 0
    assert page.evaluate(ACTS) == 1
    page.get_by_role("button", name="Đăng xuất").click()
    phone.band("Đăng xuất sẽ xóa những việc chưa gửi")
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("button", name="Đăng nhập").first.wait_for()
    assert page.evaluate(ACTS) == 0
    assert f"/cases/{case.pk}/" not in page.evaluate(KEPT)


def test_without_network_a_chief_reads_and_does_nothing(visitors: Visitors, world: World) -> None:
    told(world, CODE)
    mailbox(world, CODE)
    slot = slot_of(world, CODE)
    slot.due_at = timezone.now() - timedelta(days=2)
    slot.save()
    phone = Phone(visitors, signed_in(world.user("TC", Role.SIGNER)))
    page = phone.page
    phone.open("/")
    buttons = page.locator("main form[method=post] button")
    assert buttons.count() > 0
    phone.go_offline()
    assert "Có mạng mới bấm được các nút khác" in phone.band("Mất mạng từ")
    page.reload()
    phone.band("Trang đang hiện số liệu lúc")
    assert all(buttons.nth(place).is_disabled() for place in range(buttons.count()))
    page.goto(phone.address + "/letters/")
    assert page.inner_text("h1") == "Mất mạng"
    page.get_by_role("link", name="Việc hôm nay, theo lần xem gần nhất").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_text("Đã xóa mọi thứ lưu trên máy này").wait_for()
    page.goto(phone.address)
    assert page.inner_text("h1") == "Mất mạng"


def test_without_scripts_nothing_of_it_appears(visitors: Visitors, world: World) -> None:
    page, _heard = visitors.window(technician(world), scripts=False)
    page.goto(visitors.address)
    assert page.locator("[data-offline]").is_hidden()
