"""A unit is chosen by keyboard from the list under the box; a reader hears how many there are."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django import forms
from django.test import Client
from django.utils import translation

from quetsach_portal.units.models import OrgUnit
from quetsach_portal.units.unit_fields import UnitField, UnitsField, offer_units
from tests.portal.browser.soundness import AXE
from tests.portal.browser.visitors import Visitors

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FOUND = [
    {"text": "Ủy ban nhân dân xã Một (TC01)", "above": "Ủy ban nhân dân huyện"},
    {"text": "Ủy ban nhân dân xã Hai (TC02)", "above": "Ủy ban nhân dân huyện"},
]


class Form(forms.Form):
    """One unit and several."""

    one = UnitField(label="Đơn vị")
    many = UnitsField(label="Các đơn vị")


@pytest.fixture
def page(chromium: Any, portal: str) -> Iterator[Any]:
    """The form, with an answer to whatever is typed."""
    visitors = Visitors(chromium, portal)
    opened, _heard = visitors.window(Client())
    with translation.override("vi"):
        form = Form()
        offer_units(form, OrgUnit.objects.none(), "/find")
        body = '<!doctype html><html lang="vi"><meta charset="utf-8"><title>x</title>'
        body += f"{form.media}<main><h1>x</h1><form>{form}<button>Gửi</button></form></main></html>"
    opened.route(f"{portal}/", lambda to: to.fulfill(body=body, content_type="text/html"))
    answer = json.dumps({"units": FOUND})
    opened.route("**/find*", lambda to: to.fulfill(body=answer, content_type="application/json"))
    opened.goto(f"{portal}/")
    yield opened
    visitors.close()


def test_a_late_answer_keeps_the_unit_that_is_marked(page: Any) -> None:
    box = page.locator("#id_one")
    box.press_sequentially("uy")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/find*"):
        box.press_sequentially(" b")
    page.wait_for_function("document.querySelector('[role=option]').isConnected")
    assert box.get_attribute("aria-expanded") == "true"
    chosen = page.locator("[role=option][aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert chosen.get_attribute("data-text") == FOUND[1]["text"]
    box.press_sequentially("an")
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    assert page.locator("[role=listbox]:visible").count() == 0


def test_a_unit_is_chosen_by_keyboard(page: Any) -> None:
    box = page.locator("#id_one")
    box.press_sequentially("uy ban")
    page.wait_for_selector("[role=option]")
    assert box.get_attribute("aria-expanded") == "true"
    assert page.locator("[role=status]").first.inner_text() == (
        "Tìm được 2 đơn vị. Dùng phím mũi tên để chọn."
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.evaluate(AXE_SCRIPT)
    bad = page.evaluate("options => axe.run(options)", AXE)["violations"]
    assert [(one["id"], one["help"]) for one in bad] == []
    page.keyboard.press("Enter")
    assert box.input_value() == FOUND[1]["text"]
    assert box.get_attribute("aria-expanded") == "false"

    search = page.get_by_label("Tìm đơn vị để thêm vào danh sách")
    for _again in range(2):
        search.press_sequentially("mot")
        page.wait_for_selector("[role=option]:visible")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    assert page.input_value("#id_many") == FOUND[0]["text"]
    search.press_sequentially("hai")
    page.wait_for_selector("[role=option]:visible")
    page.keyboard.press("Escape")
    assert page.locator("[role=listbox]:visible").count() == 0
    page.unroute("**/find*")
    nobody = json.dumps({"units": []})
    page.route("**/find*", lambda to: to.fulfill(body=nobody, content_type="application/json"))
    box.fill("nobody")
    page.get_by_text("Không tìm thấy đơn vị nào.").wait_for()
