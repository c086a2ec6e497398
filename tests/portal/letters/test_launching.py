"""The lead office's letter before the start: the signed one counts, a reminder never."""

import pytest
from django.utils import timezone

from quetsach_portal.letters.documents import REMINDER
from quetsach_portal.letters.launching import launch_letter, proposed
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.people.models.roles import Role
from tests.portal.campaigns.acting import sign_letter
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def letter_of(world: World, **fields: object) -> Letter:
    return Letter.objects.create(
        campaign=world.campaign,
        node=world.nodes["TC"],
        made_by=world.user("TC", Role.COMPILER),
        subject="V/v thử",
        **fields,
    )


def test_the_signed_letter_counts_before_a_later_draft(world: World) -> None:
    signed = sign_letter(world.campaign, world.user("TC", Role.CLERK))
    letter_of(world)
    found_letter = launch_letter(world.campaign)
    assert found_letter.row == signed
    assert found_letter.is_signed
    assert found_letter.signed_words.startswith("Tăng Thị Thắm")
    assert found_letter.recipients == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"template_code": REMINDER},
        {"is_outside": True},
        {"state": LetterState.WITHDRAWN, "number": 1, "signed_on": timezone.localdate()},
    ],
)
def test_other_letters_are_not_the_one(world: World, fields: dict[str, object]) -> None:
    letter_of(world, **fields)
    assert launch_letter(world.campaign).row is None


def test_the_letter_as_it_would_be_drafted_is_not_stored(world: World) -> None:
    letter = launch_letter(world.campaign)
    shown = proposed(letter)
    assert shown is not None
    assert shown.addressees
    assert shown.deadline == letter.usual_day
    assert not Letter.objects.exists()


def test_a_campaign_without_a_tree_has_no_letter(world: World) -> None:
    world.campaign.pk = 0
    assert launch_letter(world.campaign).node is None
