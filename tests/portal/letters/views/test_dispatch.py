"""The page of a letter's sending."""

import pytest

from quetsach_portal.letters.models import LetterState
from quetsach_portal.people.models.roles import Role
from tests.portal.letters import staged
from tests.portal.letters.staged import text
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db


def test_an_address_is_shown_to_who_sends_and_to_no_auditor(world, client_of) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    letter = staged.released(world)
    page = f"/letters/{letter.pk}/dispatch/"
    assert "xa1@huyen.example" in text(client_of("TC", Role.CLERK).get(page))
    assert "xa1@huyen.example" not in text(client_of("TC", Role.AUDITOR).get(page))


def test_A6_release_and_start_ask_again_who_is_there(world) -> None:
    letter = staged.numbered(world)
    client = signed_in(world.user("TC", Role.CLERK), minutes_ago=30)
    answer = client.post(f"/letters/{letter.pk}/release/", {"on_paper": "nobody"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url
    letter.refresh_from_db()
    assert letter.state == LetterState.NUMBERED
