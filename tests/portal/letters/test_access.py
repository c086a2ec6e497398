"""Drafts are nobody else's; released letters open to who received them."""

import pytest

from quetsach_portal.letters.actions import drafting, numbering
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from tests.portal.letters import staged
from tests.portal.letters.staged import text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [LetterState.DRAFT, LetterState.NUMBERED])
def test_A1_what_is_not_released_is_the_units_own(world, state, client_of) -> None:
    letter = staged.draft(world) if state == LetterState.DRAFT else staged.numbered(world)
    inside = {
        Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.FOCAL_POINT, Role.SIGNER,
        Role.CLERK, Role.AUDITOR,
    }  # fmt: skip
    for role in Role:
        got = client_of("TC", role).get(f"/letters/{letter.pk}/").status_code
        assert got == (200 if role in inside else 404), role
        for code in ("TC01", "TC02", "TC01A", "KH"):
            client = client_of(code, role)
            assert client.get(f"/letters/{letter.pk}/").status_code == 404, (code, role)
            assert letter.subject not in text(client.get("/letters/"))


def test_A1_a_sibling_that_was_not_chosen_sees_nothing(world, client_of) -> None:
    letter = staged.draft(world)
    actor = world.user("TC", Role.COMPILER)

    only = staged.wording(letter, to_all=False, chosen=[world.nodes["TC01"].pk])
    drafting.change_draft(letter.pk, only, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    clerk = world.user("TC", Role.CLERK)
    staged.sign(world, letter)
    letter = numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    staged.scanned(world, letter)
    releasing.release(letter.pk, DeliveryChannels(), start_mails=False, actor=clerk)
    assert client_of("TC01", Role.FOCAL_POINT).get(f"/letters/{letter.pk}/").status_code == 200
    for role in Role:
        assert client_of("TC02", role).get(f"/letters/{letter.pk}/").status_code == 404
        assert client_of("TC02", role).get(f"/letters/{letter.pk}/file/pdf").status_code == 404


def test_a_received_letter_opens_the_chain_above_it_and_nothing_beside(world, client_of) -> None:
    first = staged.released(world)
    beside = staged.released(world, based_on=Letter.objects.get(is_outside=True), number=6)
    second = staged.released(world, "TC01", first, number=12)
    school = client_of("TC01A", Role.FOCAL_POINT)
    for letter in (second, first, first.based_on):
        assert school.get(f"/letters/{letter.pk}/").status_code == 200
    assert school.get(f"/letters/{beside.pk}/").status_code == 404
    assert school.get(f"/letters/{first.pk}/dispatch/").status_code == 403
