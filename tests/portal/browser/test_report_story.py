"""A unit's report in a real browser, from opening to signed: by keyboard, and without a script.

By keyboard it goes on to the signed PDF, which the page of checks and the program then confirm.
With `--log-cli-level=info` it tells how long that took.
"""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quetsach_portal.files.signed_pdf import trust_folder
from quetsach_portal.letters.models import SignatureResult
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.document import DocumentSignature
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from tests.cli.running import quetsach
from tests.portal.browser.soundness import NARROW, WIDE, shown_wrong
from tests.portal.browser.visitors import Visitors
from tests.portal.followup.acting import deployed
from tests.portal.reports import papers
from tests.portal.reports.acting import INFORMED, PEOPLE, fresh, slot_of
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World
from tests.signing.pades.authority import PASSPHRASE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

log = logging.getLogger(__name__)

MAIN = "main form .btn-primary, main a.btn-primary"
MOST_STOPS = 120
MOST_PRESSES = 12
"""So many buttons lead from the open report to the signed one, the pages of three people."""

MOST_TO_THE_PDF = 8
"""So many more lead on to the signed PDF, and to the answer of the page of checks."""


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """The people of the story."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


class Hands:
    """Somebody at a page: by keyboard alone, or by mouse; counts what is pressed."""

    def __init__(self, page: Any, *, keyboard: bool) -> None:
        self.page = page
        self.keyboard = keyboard
        self.pressed = 0

    def write(self, field: str, text: str) -> None:
        """Write `text` into the box of this name."""
        if not self.keyboard:
            self.page.fill(f"[name='{field}']", text)
            return
        self._tab_to(f"[name='{field}']")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, field: str) -> None:
        """Choose the first answer of this name."""
        if not self.keyboard:
            self.page.locator(f"[name='{field}']").first.check()
            return
        self._tab_to(f"[name='{field}']")
        self.page.keyboard.press("Space")

    def press(self, button: str = MAIN) -> None:
        """Press the page's main button, and wait for the next page."""
        self.pressed += 1
        with self.page.expect_navigation():
            if self.keyboard:
                self._tab_to(button)
                self.page.keyboard.press("Enter")
            else:
                self.page.locator(button).first.click()

    def fetch(self, link: str, into: Path) -> Path:
        """Press a link to a file, and return the file."""
        self.pressed += 1
        with self.page.expect_download() as coming:
            self.page.locator(link).first.click()
        coming.value.save_as(into)
        return into

    def give(self, file: Path) -> None:
        """Choose a file in the page's only box for one."""
        self.page.set_input_files("main input[type=file]", file)

    def _tab_to(self, wanted: str) -> None:
        for _stop in range(MOST_STOPS):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {wanted} on {self.page.url}")


class Office:
    """The portal's people, who sit down at its pages one after the other."""

    def __init__(self, visitors: Visitors, world: World, *, keyboard: bool) -> None:
        self.visitors, self.world, self.keyboard = visitors, world, keyboard
        self.seats: list[Hands] = []

    def sit_down(self, code: str, role: Role, address: str) -> Hands:
        """Return the hands of somebody in a unit, at a page of reports."""
        client = signed_in(self.world.user(code, role))
        page, heard = self.visitors.window(client, scripts=self.keyboard)
        page.set_viewport_size({"width": WIDE if self.keyboard else NARROW, "height": 800})
        page.goto(f"{self.visitors.address}/{address}")
        heard.take()
        self.seats.append(Hands(page, keyboard=self.keyboard))
        return self.seats[-1]

    @property
    def pressed(self) -> int:
        """How often any of them has pressed something."""
        return sum(one.pressed for one in self.seats)


@pytest.mark.parametrize("way", ["keyboard", "no script"])
def test_a_units_report_is_written_accepted_and_signed_in_a_dozen_presses(
    visitors: Visitors, world: World, tmp_path: Path, way: str
) -> None:
    deployed(world, "TC01A")
    slot, by_keyboard = slot_of(world, "TC01A"), way == "keyboard"

    office = Office(visitors, world, keyboard=by_keyboard)
    began = time.perf_counter()
    unit = office.sit_down("TC01A", Role.FOCAL_POINT, f"reports/{slot.pk}/")
    unit.press()
    # The records have answered the other two lines by themselves.
    assert unit.page.input_value(f"[name='v-{INFORMED}']") == "1"
    unit.write(f"v-{PEOPLE}", "7")
    unit.press()
    unit.write("v-assessment", "Đã triển khai đến toàn thể cán bộ.")
    unit.press()
    # Nothing was looked at: the reason is asked for, and printed.
    unit.choose("gap")
    unit.press()
    version = ReportVersion.objects.get()
    assert version.code in unit.page.inner_text("main")

    above = office.sit_down("TC01", Role.COMPILER, f"reports/versions/{version.pk}/review/")
    above.press()
    signer = office.sit_down("TC01A", Role.SIGNER, f"reports/versions/{version.pk}/")
    signer.press()
    signer.press()
    assert fresh(version).state == VersionState.SIGNED
    assert office.pressed <= MOST_PRESSES

    if by_keyboard:
        signed_pdf(office, version, tmp_path)
        took = time.perf_counter() - began
        log.info("from open to signed PDF: %.1f s, %d presses", took, office.pressed)
        assert office.pressed <= MOST_PRESSES + MOST_TO_THE_PDF

    where = office.sit_down("TC01A", Role.FOCAL_POINT, f"reports/from/{version.pk}/{PEOPLE}/")
    assert "7" in where.page.inner_text("h1")
    if by_keyboard:
        _page, heard = visitors.window(signed_in(world.user("TC01A", Role.FOCAL_POINT)))
        assert shown_wrong(where.page, heard, where.page.content()) == []


def signed_pdf(office: Office, version: ReportVersion, folder: Path) -> None:
    """Go on to the signed PDF: number, signature by a key file, and the same file asked about."""
    papers.trusted()
    key, phrase = folder / "vanthu.p12", folder / "phrase"
    key.write_bytes(papers.holder().p12())
    phrase.write_bytes(PASSPHRASE)
    phrase.chmod(0o600)
    document = f"reports/documents/{version.pk}/"

    clerk = office.sit_down("TC01A", Role.CLERK, document)
    clerk.press()
    clerk.press("main a[href$='/number']")
    clerk.write("number", "5")
    clerk.write("code", "BC-THA")
    clerk.write("place", "Hàm Giang")
    clerk.write("signer_name", "Nguyễn Thị Mẫu")
    clerk.write("signer_post", "Hiệu trưởng")
    clerk.press()
    run_ready()

    signer = office.sit_down("TC01A", Role.SIGNER, document)
    signer.press()
    blank = signer.fetch("main ol a", folder / "bao-cao.pdf")
    signed = folder / "da-ky.pdf"
    by_key = ("--key", key, "--passphrase-file", phrase, "-o", signed)
    assert quetsach("report", "sign", blank, *by_key).returncode == 0
    signer.give(signed)
    signer.press("main form[enctype] .btn-primary")
    assert DocumentSignature.objects.get().result == SignatureResult.VALID

    copy = signer.fetch("main a[href*='/signed/']", folder / "ban-giu.pdf")
    assert copy.read_bytes() == signed.read_bytes()
    trust = trust_folder()
    whom = ("--root", trust / "roots/ca.crt", "--revoked", trust / "revoked/ca.crl")
    whom = (*whom, "--unit", papers.SCHOOL, "--original", blank)
    assert quetsach("report", "verify-pdf", copy, *whom).returncode == 0
    anybody = office.sit_down("TC02", Role.FOCAL_POINT, "check/")
    anybody.give(copy)
    anybody.press("main form[enctype] button")
    assert version.code in anybody.page.inner_text("main")
    assert anybody.page.locator("main .notice-good").count() == 2
