"""L4: a browser carries the head of the trail from sign-in to sign-in."""

import base64

import msgspec
import pytest
from django.contrib.messages import get_messages
from django.test import Client

from quetsach.api.signing import write_key_pair
from quetsach_portal.audit.anchors import keys_folder
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.witness import COOKIE
from quetsach_portal.people.models.roles import Role
from tests.portal.audit.trail import rewrite, write
from tests.portal.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-dai-2026"


def sign_in(client: Client, world: World) -> str:
    """Sign in as a unit's clerk; return what the next page tells."""
    user = world.user("TC01", Role.FOCAL_POINT)
    user.set_password(PASSWORD)
    user.save()
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def acts(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def test_L4_a_browser_that_carries_another_row_is_an_act_and_tells_the_person(world: World) -> None:
    write(3)
    browser, other = Client(), Client()
    assert sign_in(browser, world) == ""
    assert acts("trail.witnessed") == 0
    carried = browser.cookies[COOKIE]
    assert carried["httponly"]
    assert carried["samesite"] == "Lax"
    content = base64.urlsafe_b64decode(carried.value + "==")
    assert set(msgspec.json.decode(content)) == {"seq", "digest", "at", "portal", "signature"}
    sign_in(other, world)
    assert sign_in(browser, world) == ""
    sign_in(browser, world)
    assert acts("trail.witnessed") == 1, "once a day and unit"
    assert acts("trail.contradicted") == 0

    rewrite("somebody else")
    assert "dòng khác" in sign_in(browser, world)
    assert acts("trail.contradicted") >= 1
    assert browser.cookies[COOKIE].value, "what it carries is kept as evidence"


def test_L4_what_anybody_can_write_into_a_cookie_accuses_nobody(world: World) -> None:
    write(3)
    browser = Client()
    sign_in(browser, world)
    anchor = msgspec.json.decode(base64.urlsafe_b64decode(browser.cookies[COOKIE].value + "=="))
    forged = [
        "x",
        "A" * 5000,
        "é",
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(b"\n" * 50).decode(),
        base64.urlsafe_b64encode(msgspec.json.encode(anchor | {"digest": "0" * 64})).decode(),
        base64.urlsafe_b64encode(msgspec.json.encode(anchor | {"signature": {}})).decode(),
    ]
    for value in forged:
        browser.cookies[COOKIE] = value
        assert sign_in(browser, world) == ""
    # A key of somebody else's, over a row that is not.
    for path in keys_folder().iterdir():
        path.rename(path.with_suffix(".old"))
    write_key_pair("office", keys_folder())
    assert sign_in(browser, world) == ""
    assert acts("trail.contradicted") == 0
