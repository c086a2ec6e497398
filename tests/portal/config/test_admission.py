"""Who may send a large body: people and programs that are known, two bodies at a time."""

from typing import Any

import pytest
from django.test import RequestFactory

from quetsach_portal.config import admission
from quetsach_portal.config.admission import AT_ONCE, admit
from quetsach_portal.config.front import NotAdmitted
from quetsach_portal.files.receiving import MOST_IN_A_FORM
from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test's own connection open: its rows are seen by no other."""
    monkeypatch.setattr(admission, "close_old_connections", lambda: None)


def asked_with(text: str = "", cookies: dict[str, str] | None = None) -> dict[str, Any]:
    factory = RequestFactory()
    factory.cookies.load(cookies or {})
    headers = {"authorization": f"Bearer {text}"} if text else {}
    return factory.post("/intake/", headers=headers).environ


def refused(environ: dict[str, Any], length: int = 1000) -> int:
    with pytest.raises(NotAdmitted) as caught:
        admit(environ, length)
    return caught.value.status


@pytest.mark.parametrize("text", ["", "qs_" + "x" * 43])
def test_a_stranger_sends_no_large_body(text: str) -> None:
    assert refused(asked_with(text)) == 413


def test_a_program_is_known_by_its_token_and_a_person_by_the_session(world, client_of) -> None:
    _token, text = token_of(world)
    user = world.user("TC01", Role.FOCAL_POINT)
    cookies = {
        name: cookie.value for name, cookie in client_of("TC01", Role.FOCAL_POINT).cookies.items()
    }
    for environ in (asked_with(text), asked_with(cookies=cookies)):
        sender = admit(environ, 1000)
        sender.done()
        assert (sender.sender, sender.most) == (user.pk, 1000)


def test_a_third_body_waits_until_another_is_done(world) -> None:
    _token, text = token_of(world)
    under_way = [admit(asked_with(text), 1000) for _number in range(AT_ONCE)]
    assert refused(asked_with(text)) == 429
    under_way.pop().done()
    under_way.append(admit(asked_with(text), 1000))
    for sender in under_way:
        sender.done()


def test_what_is_larger_than_any_file_is_refused_before_it_is_read(world) -> None:
    _token, text = token_of(world)
    assert refused(asked_with(text), MOST_IN_A_FORM + 1) == 413
