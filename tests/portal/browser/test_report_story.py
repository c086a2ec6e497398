"""A unit's report in a real browser, from opening to signed: by keyboard, and without a script."""

from collections.abc import Iterator
from typing import Any

import pytest

from quetsach_portal.reports.models import ReportVersion, VersionState
from quetsach_portal.rights.models import Role
from tests.portal.browser.soundness import NARROW, WIDE, shown_wrong
from tests.portal.browser.visitors import Visitors
from tests.portal.followup.acting import deployed
from tests.portal.reports.acting import INFORMED, PEOPLE, fresh, slot_of
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

MAIN = "main form .btn-primary, main a.btn-primary"
MOST_STOPS = 120
MOST_PRESSES = 12
"""So many buttons lead from the open report to the signed one, the pages of three people."""


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

    def press(self, button: str = MAIN) -> None:
        """Press the page's main button, and wait for the next page."""
        self.pressed += 1
        with self.page.expect_navigation():
            if self.keyboard:
                self._tab_to(button)
                self.page.keyboard.press("Enter")
            else:
                self.page.locator(button).first.click()

    def _tab_to(self, wanted: str) -> None:
        for _stop in range(MOST_STOPS):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {wanted} on {self.page.url}")


@pytest.mark.parametrize("way", ["keyboard", "no script"])
def test_a_units_report_is_written_accepted_and_signed_in_a_dozen_presses(
    visitors: Visitors, world: World, way: str
) -> None:
    deployed(world, "TC01A")
    slot, by_keyboard = slot_of(world, "TC01A"), way == "keyboard"

    def sit_down(code: str, role: Role, address: str) -> Hands:
        page, heard = visitors.window(signed_in(world.user(code, role)), scripts=by_keyboard)
        page.set_viewport_size({"width": WIDE if by_keyboard else NARROW, "height": 800})
        page.goto(f"{visitors.address}/reports/{address}")
        heard.take()
        return Hands(page, keyboard=by_keyboard)

    unit = sit_down("TC01A", Role.FOCAL_POINT, f"{slot.pk}/")
    unit.press()
    # The records have answered the other two lines by themselves.
    assert unit.page.input_value(f"[name='v-{INFORMED}']") == "1"
    unit.write(f"v-{PEOPLE}", "7")
    unit.press()
    unit.write("v-assessment", "Đã triển khai đến toàn thể cán bộ.")
    unit.press()
    unit.press()
    version = ReportVersion.objects.get()
    assert version.code in unit.page.inner_text("main")

    above = sit_down("TC01", Role.COMPILER, f"versions/{version.pk}/review/")
    above.press()
    signer = sit_down("TC01A", Role.SIGNER, f"versions/{version.pk}/")
    signer.press()
    signer.press()
    assert fresh(version).state == VersionState.SIGNED
    assert unit.pressed + above.pressed + signer.pressed <= MOST_PRESSES

    where = sit_down("TC01A", Role.FOCAL_POINT, f"from/{version.pk}/{PEOPLE}/")
    assert "7" in where.page.inner_text("h1")
    if by_keyboard:
        _page, heard = visitors.window(signed_in(world.user("TC01A", Role.FOCAL_POINT)))
        assert shown_wrong(where.page, heard, where.page.content()) == []
