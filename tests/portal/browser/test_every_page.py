"""L1: every page of the access table in a real browser, for somebody who may open it.

A new row of `tests/portal/access/<app>.py` is walked without a word here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from quetsach_portal.people.models.roles import Role
from tests.portal.access.over import sampled
from tests.portal.access.row import ROLES, Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import Asking, Place, places, same_browser, undone, who_may
from tests.portal.browser.soundness import unsound
from tests.portal.browser.visitors import Visitors
from tests.portal.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FOR_EVERY_ROLE = {"home"}
"""Pages that differ so much by role that each is looked at."""


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """The people who look."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


@pytest.mark.asvs("V3.7.1", "V14.2.3")
@pytest.mark.parametrize("app", TABLES)
def test_W2_P5_every_page_is_sound_in_a_browser(app: str, visitors: Visitors, world: World) -> None:
    asking, wrong = Asking(world), []
    for row in sampled(TABLES[app]):
        asking.seated_in(row.seat)
        with undone(world):
            for client, place, who in _who_looks(row, asking):
                found = _look(visitors, row.name, client, place)
                wrong += [f"{row.name} ({who}, {place.address}): {one}" for one in found]
    assert not wrong, "\n" + "\n".join(wrong)


def _who_looks(row: Row, asking: Asking) -> Iterator[tuple[Client, Place, str]]:
    may = who_may(row, "GET")
    if may is None or row.always is not None or row.name in PARTS:
        return
    role, relation = may
    place = next(one for one in places(row, asking.world) if one.relation == relation)
    if row.public:
        yield Client(), place, "signed out"
        return
    roles: tuple[Role, ...] = ROLES if row.name in FOR_EVERY_ROLE else (role,)
    for one in roles:
        yield asking.browser(row.seat, one.value), place, one.value


def _look(visitors: Visitors, name: str, client: Client, place: Place) -> list[str]:
    with undone(), same_browser(client):
        answer = client.get(place.address)
        answer.close()
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return [] if answer.status_code in (200, 302) else [f"status {answer.status_code}"]
    page, heard = visitors.window(client)
    with undone():
        response = page.goto(visitors.address + place.address)
        wrong = [] if response.status == 200 else [f"status {response.status}"]
        wrong += unsound(page, heard, response.text())
        if name not in NEEDS_SCRIPTS:
            wrong += _without_scripts(visitors, client, place, page.evaluate(READS))
    return wrong


PARTS = {"intake:progress"}
"""Addresses whose answer is a part of a page, which `portal.js` puts in its place."""

NEEDS_SCRIPTS = {"mfa_add_webauthn"}
"""A security key speaks with the browser's script alone; the page offers the app instead."""

READS = """() => {
  const main = (document.querySelector("main") || document.body).cloneNode(true);
  // A secret is drawn anew for each look; whether scripts keep a page fresh is said on it.
  const left = "code, .code, svg, img, noscript, [hidden], [data-live-on]";
  for (const one of main.querySelectorAll(left)) one.remove();
  // The minute may turn between two looks.
  return main.textContent.replace(/\\d\\d:\\d\\d(:\\d\\d)?/g, "").replace(/\\s+/g, " ").trim();
}"""

BUTTONS = """() => [...document.querySelectorAll("form")].filter(form =>
  ![...form.elements].some(one => one.type === "submit" || one.type === "image")
).map(form => "a form without a button: " + form.outerHTML.slice(0, 120))"""


def _without_scripts(visitors: Visitors, client: Client, place: Place, text: str) -> list[str]:
    """W1: the page says the same where scripts are off."""
    page, heard = visitors.window(client, scripts=False)
    page.goto(visitors.address + place.address)
    said = page.evaluate(READS)
    differs = [] if said == text else [f"without scripts it reads {said[:200]!r}"]
    return heard.take() + list(page.evaluate(BUTTONS)) + differs


def test_a_page_that_is_not_sound_is_found_out(visitors: Visitors) -> None:
    page, heard = visitors.window(Client())
    source = (
        "<title>x</title><h1>x</h1><h1>There is a problem</h1><p style='width:90em'>x</p>"
        "<img src='http://192.0.2.1/x.png'><form><input></form>"
    )
    page.route("**/*", lambda route: route.fulfill(body=source, content_type="text/html"))
    page.goto(visitors.address)
    wrong = "\n".join([*unsound(page, heard, source), *page.evaluate(BUTTONS)])
    for part in (
        "2 h1",
        "lang ",
        "not one main",
        "asked another host: http://192.0.2.1/x.png",
        "inline: ",
        "at 360 px: ",
        "label (critical)",
        "image-alt (critical)",
        "English: 'There is a problem'",
        "a form without a button",
        "the first stop of the keyboard",
    ):
        assert part in wrong, part
