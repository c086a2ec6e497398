"""A clerk with one PC, on which nothing is found: from the letter to the report that says so.

The collector is downloaded from the page and run on this machine; what it wrote is handed in. Each
press of a button, a link or a box to tick is counted, and so is the choice of a file; two numbers
are typed. With `--log-cli-level=info` it tells how long that took.
"""

import io
import logging
import re
import subprocess
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion
from tests.portal.api.test_device_lists import publish
from tests.portal.browser.soundness import shown_wrong
from tests.portal.browser.visitors import Visitors
from tests.portal.cases.rows import make_case
from tests.portal.looks.collecting import collection
from tests.portal.reports.acting import slot_of
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.worklist.commune import CODE, looked_at_all, received, unread_hand_in
from tests.portal.world import World
from tests.whole import WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

log = logging.getLogger(__name__)

MOST_CLICKS = 6
MOST_SECONDS = 180
MOST_BYTES = 60_000
NARROW = 360
WIDTHS = (320, NARROW, 1366)
"""At each nothing scrolls sideways; the rules are asked at one of them, at all in a whole check."""


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """The clerk's windows."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


class Clerk:
    """Somebody at the first page, who counts what is pressed."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.clicks = 0

    def press(self, words: str) -> None:
        """Press the button with these words, and wait for the page that comes."""
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).click()

    def tick(self, words: str) -> None:
        """Tick the box with these words."""
        self.clicks += 1
        self.page.get_by_label(re.compile(words)).check()

    def download(self, words: str, into: Path) -> Path:
        """Press the link to a file, and return the file."""
        self.clicks += 1
        with self.page.expect_download() as coming:
            self.page.get_by_role("link", name=words, exact=True).click()
        coming.value.save_as(into)
        return into

    def choose(self, path: Path) -> None:
        """Choose the file to hand in."""
        self.clicks += 1
        self.page.set_input_files("main input[type=file]", path)


def with_names(collected: Path) -> Path:
    """Return the collection with a DNS cache beside it, which Windows keeps and Linux does not."""
    with zipfile.ZipFile(collected) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    first = files["connections.txt"].decode().partition("\n")[0]
    host, mac = (first.partition(f"{name}=")[2].split()[0] for name in ("host", "mac"))
    windows = zipfile.ZipFile(io.BytesIO(collection(host, mac=mac)))
    files["dnscache.tsv"] = windows.read("dnscache.tsv")
    with zipfile.ZipFile(collected, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return collected


class Looker:
    """The same clerk in a window with scripts, in which each state of the page is examined."""

    def __init__(self, visitors: Visitors, client: Client) -> None:
        self.visitors, self.client = visitors, client
        self.wrong: list[str] = []
        self.headings: list[str] = []
        self.seconds = 0.0

    def look(self) -> None:
        """Note what is wrong with the page at the widths of a phone and of an office."""
        began = time.monotonic()
        page, heard = self.visitors.window(self.client)
        response = page.goto(self.visitors.address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        heading = page.inner_text("h1")
        self.headings.append(heading)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 760})
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            self.wrong += [f"{heading}, {width} px: {wide} px too wide"] if wide > 0 else []
            if WHOLE or width == NARROW:
                faults = shown_wrong(page, heard, response.text())
                self.wrong += [f"{heading}, {width} px: {fault}" for fault in faults]
        size = len(response.body())
        self.wrong += [f"{heading}: {size} bytes"] if size > MOST_BYTES else []
        self.seconds += time.monotonic() - began


def test_one_pc_nothing_found_in_six_clicks_without_a_script(
    visitors: Visitors, world: World, tmp_path: Path
) -> None:
    publish(world, tmp_path, "bad.example\n")
    client = signed_in(world.user(CODE, Role.FOCAL_POINT))
    looker = Looker(visitors, client)
    page, _heard = visitors.window(client, scripts=False)
    began = time.monotonic()
    page.goto(visitors.address)
    clerk = Clerk(page)
    looker.look()
    clerk.press("Xác nhận đã nhận công văn")
    looker.look()

    packed = clerk.download("Tải bộ thu thập (zip)", tmp_path / "bo-thu-thap.zip")
    collected = _run_collector(packed, tmp_path / "usb")
    clerk.choose(with_names(collected))
    page.fill("#id_machines", "1")
    clerk.tick("Đơn vị không có nhật ký mạng")
    clerk.press("Nộp và xem kết quả")
    looker.look()
    run_ready()

    page.reload()
    looker.look()
    assert "Đã kiểm tra 1/1 máy" in page.inner_text("main")
    page.fill("[name=v-people_took_part]", "7")
    clerk.press("Gửi báo cáo")
    looker.look()
    assert page.inner_text("h1") == "Đã gửi báo cáo"
    assert "(trước" in page.inner_text("form.undo")
    words = ReportVersion.objects.get(slot__node=world.nodes[CODE]).look.words
    assert words.startswith("Đã kiểm tra 1/1 máy")
    took = time.monotonic() - began - looker.seconds
    log.info("clerk: %d clicks, %.1f s", clerk.clicks, took)
    assert took <= MOST_SECONDS
    assert clerk.clicks <= MOST_CLICKS
    assert not looker.wrong, "\n" + "\n".join(looker.wrong)


def _run_collector(packed: Path, folder: Path) -> Path:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    script = next(folder.rglob("quetsach-collect.sh"))
    subprocess.run(["sh", str(script), str(folder)], check=True, timeout=120, capture_output=True)
    return next(folder.glob("quetsach-*.zip"))


def test_the_other_states_are_sound_too(visitors: Visitors, world: World) -> None:
    client = signed_in(world.user(CODE, Role.FOCAL_POINT))
    looker = Looker(visitors, client)
    received(world)
    unread_hand_in(world)
    looker.look()
    looked_at_all(world)
    make_case(world, CODE, "192.0.2.11")
    looker.look()
    slot = slot_of(world, CODE)
    slot.due_at = timezone.now() - timedelta(days=2)
    slot.save()
    looker.look()
    headings = [
        "Chưa kiểm tra được gì: hãy nộp lại tệp",
        "Còn 2 việc, hạn",
        "Báo cáo đã quá hạn",
    ]
    assert all(map(str.startswith, looker.headings, headings)), looker.headings
    assert not looker.wrong, "\n" + "\n".join(looker.wrong)
