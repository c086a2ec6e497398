"""The public page that verifies a copy, without signing in and without any figure."""

from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.verification.uploads import CopyStatus, check_copy
from tests.portal.letters import staged
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    accepted,
    numbers,
)
from tests.portal.world import World


def test_anybody_asks_without_signing_in_and_sees_no_figure(world: World, client) -> None:
    version = accepted(world, "TC01A", numbers(people="4321"))
    asked = client.post("/check/", {"code": version.code.upper()})
    assert asked.headers["Location"] == f"/check/{version.code}/"
    page = client.get(f"/check/{version.code}/")
    assert page.status_code == 200
    said = page.content.decode()
    assert papers.SCHOOL in said
    assert "4321" not in said
    assert "4.321" not in said
    assert client.get(f"/check/{'0' * 16}/").status_code == 404
    assert "/check/" in client.get("/account/login/").content.decode()
    assert client.post("/check/", {"code": "xyz"}).status_code == 200


def test_a_letter_is_known_by_its_code_and_its_file_once_it_is_released(world, client) -> None:
    letter = staged.numbered(world)
    at = f"/check/{letter.check_code}/"
    assert client.get(at).status_code == 404, "a number alone issues nothing"
    releasing.release(
        letter.pk, DeliveryChannels(), start_mails=False, actor=world.user("TC", Role.CLERK)
    )
    page = client.get(at)
    assert page.status_code == 200
    assert "Hợp lệ: văn bản này" in page.content.decode()
    assert letter.full_number in page.content.decode()
    for stored in (letter.pdf, letter.paper):
        pdf = papers.content(stored)
        assert letter.check_code in papers.text(pdf)
        assert (check_copy(pdf).copy, check_copy(pdf).letter) == (CopyStatus.ISSUED, letter)
    changed = check_copy(papers.content(letter.pdf) + b"\n%x")
    assert (changed.copy, changed.letter) == (CopyStatus.CHANGED, letter)
    releasing.withdraw(letter.pk, why="s", actor=world.user("TC", Role.CLERK))
    assert "Thu hồi ngày" in client.get(at).content.decode()
