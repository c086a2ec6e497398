"""What `portal.js` adds to pages that work without it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from quetsach_portal.people.models.roles import Role
from tests.portal.browser.visitors import Visitors

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGE = (
    "<!doctype html><title>x</title><div id=part data-again=/part>begun</div>"
    "<form method=post action=/sent><input required><button>Send</button></form>"
    "<script src=/static/quetsach/portal.js></script>"
)


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """Somebody with a window."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


class Answers:
    """What the server says, one answer after another, and how often it was asked for what."""

    def __init__(self, page: Any, address: str, parts: list[dict[str, Any]]) -> None:
        self.loaded, self.asked, self.sent = 0, 0, 0
        self._parts = parts
        page.clock.install()
        page.route(f"{address}/", self._page)
        page.route(f"{address}/part", self._part)
        page.route(f"{address}/sent", self._sent)

    def _page(self, route: Any) -> None:
        self.loaded += 1
        route.fulfill(body=PAGE, content_type="text/html")

    def _part(self, route: Any) -> None:
        answer = self._parts[min(self.asked, len(self._parts) - 1)]
        self.asked += 1
        route.fulfill(**{"content_type": "text/html", **answer})

    def _sent(self, route: Any) -> None:
        self.sent += 1
        route.fulfill(status=204)


def let_pass(page: Any, happened: Callable[[], bool]) -> None:
    """Move the page's clock on, a second at a time, until it happened."""
    for _second in range(300):
        if happened():
            return
        page.clock.run_for(1000)
    raise AssertionError("it never happened")


def test_a_part_under_way_is_asked_for_until_it_has_ended(visitors: Visitors) -> None:
    page, _heard = visitors.window(Client())
    half = {"body": "<div data-again=/part>half</div>"}
    ended = {"body": "<div data-again=/part>done</div>", "headers": {"X-Ended": "1"}}
    answers = Answers(page, visitors.address, [half, {"status": 502}, half, ended])
    page.goto(visitors.address + "/")
    assert page.inner_text("#part") == "begun"
    let_pass(page, lambda: page.inner_text("#part") == "half")
    let_pass(page, lambda: answers.loaded == 2)
    assert answers.asked >= 4


def test_a_form_is_sent_with_gaps_but_not_twice_by_a_second_press(visitors: Visitors) -> None:
    page, _heard = visitors.window(Client())
    answers = Answers(page, visitors.address, [{"status": 502}])
    page.goto(visitors.address + "/")
    with page.expect_response("**/sent"):
        page.dblclick("button")
    assert answers.sent == 1
    page.clock.run_for(8000)
    with page.expect_response("**/sent"):
        page.click("button")
    assert answers.sent == 2


@pytest.mark.parametrize(("width", "box"), [(1366, ".site-find input"), (360, "#find-words")])
def test_ctrl_k_opens_the_search_and_enter_leads_to_its_page(
    client_of: Callable[[str, Role], Client], visitors: Visitors, width: int, box: str
) -> None:
    page, _heard = visitors.window(client_of("TC", Role.LEAD_OWNER))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{visitors.address}/units/")
    page.keyboard.press("Control+k")
    page.locator(f"{box}:focus").wait_for()
    page.keyboard.type("TC02")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/?q=TC02")
    assert page.locator("main .task-list .tag-good").count() == 1
