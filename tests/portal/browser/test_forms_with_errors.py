"""W2: a form that was sent empty says at the top what is missing, and leads there by keyboard."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Error

from tests.portal.access.over import sampled
from tests.portal.access.row import Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import Asking, Place, places, same_browser, undone, who_may
from tests.portal.browser.soundness import Heard, shown_wrong
from tests.portal.browser.visitors import Visitors
from tests.portal.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

OWN_FORM = """() => {
  const own = one => one.method === "post" &&
    [location.pathname, location.pathname + location.search].includes(
      one.action.slice(location.origin.length));
  return [...document.querySelectorAll("main form")].filter(own)[0];
}"""

EMPTY = """form => {
  form.noValidate = true;
  const kinds = ["text", "email", "number", "date", "url", "tel", "search", "textarea",
                 "datetime-local", "password"];
  for (const one of form.elements) if (kinds.includes(one.type)) one.value = "";
}"""

SUMMARY = """() => {
  const summary = document.querySelector(".error-summary"), wrong = [];
  if (!summary) return document.querySelector(".field-error") ? ["errors without a summary"] : [];
  if (document.activeElement !== summary) wrong.push("the summary has not the focus");
  for (const link of summary.querySelectorAll("a"))
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1))))
      wrong.push("leads nowhere: " + link.hash);
  for (const one of document.querySelectorAll("[aria-invalid=true]"))
    for (const id of (one.getAttribute("aria-describedby") || "").split(" ").filter(Boolean))
      if (!document.getElementById(id)) wrong.push("described by nothing: " + id);
  return wrong;
}"""


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """The people who send."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


@pytest.mark.asvs("V2.2.2")
@pytest.mark.parametrize("app", TABLES)
def test_W2_a_form_sent_empty_says_what_is_missing(
    app: str, visitors: Visitors, world: World
) -> None:
    asking, wrong = Asking(world), []
    for row in sampled(TABLES[app]):
        may = who_may(row, "GET")
        if may is None or row.post is None or row.always is not None or who_may(row, "POST") != may:
            continue
        asking.seated_in(row.seat)
        with undone(world):
            client = Client() if row.public else asking.browser(row.seat, may[0].value)
            found = _send_empty(visitors, client, _place(row, may[1], world))
            wrong += [f"{row.name} ({may[0].value}): {one}" for one in found]
    assert not wrong, "\n" + "\n".join(wrong)


def _place(row: Row, relation: str, world: World) -> Place:
    return next(one for one in places(row, world) if one.relation == relation)


def _send_empty(visitors: Visitors, client: Client, place: Place) -> list[str]:
    with undone(), same_browser(client):
        answer = client.get(place.address)
        answer.close()
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return []
    page, heard = visitors.window(client)
    with undone():
        page.goto(visitors.address + place.address)
        form = page.evaluate_handle(OWN_FORM).as_element()
        if form is None:
            return []
        form.evaluate(EMPTY)
        try:
            with page.expect_navigation() as navigated:
                form.evaluate("form => form.requestSubmit()")
        except Error as error:
            # Nothing was missing: a file came, and the page stayed.
            if "ERR_ABORTED" in str(error):
                return heard.take()
            raise
        return _answered(page, heard, navigated.value)


def _answered(page: Any, heard: Heard, response: Any) -> list[str]:
    if response.status >= 400:
        return [*heard.take(), f"status {response.status}"]
    if response.request.redirected_from is not None:
        heard.take()
        return []
    return [*page.evaluate(SUMMARY), *shown_wrong(page, heard, response.text())]


def test_W2_the_summary_of_a_real_form_has_the_focus_and_leads_to_its_field(
    visitors: Visitors, world: World
) -> None:
    asking = Asking(world).seated_in("TC01")
    page, heard = visitors.window(asking.browser("TC01", "LO"))
    page.goto(f"{visitors.address}/people/unit/{world.units['TC01'].pk}/invite")
    page.evaluate_handle(OWN_FORM).as_element().evaluate(EMPTY)
    with page.expect_navigation() as navigated:
        page.click("main form .btn-primary")
    assert _answered(page, heard, navigated.value) == []
    links = page.query_selector_all(".error-summary a")
    assert len(links) >= 2
    for link in links:
        link.click()
        reached = page.evaluate("document.activeElement.closest('.has-error') !== null")
        assert reached, link.get_attribute("href")


def test_an_error_without_a_summary_is_found_out(visitors: Visitors) -> None:
    page, _heard = visitors.window(Client())
    page.set_content("<p class='field-error'>x</p>")
    assert page.evaluate(SUMMARY) == ["errors without a summary"]
    page.set_content(
        "<div class='error-summary'><a href='#gone'>x</a></div>"
        "<input aria-invalid='true' aria-describedby='nowhere'>"
    )
    assert page.evaluate(SUMMARY) == [
        "the summary has not the focus",
        "leads nowhere: #gone",
        "described by nothing: nowhere",
    ]
