"""Numbers of letters, and what the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.letters.models import Channel, Dispatch, Letter, LetterState
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


@pytest.mark.parametrize(
    ("number", "code", "full"),
    [
        (5, "UBND-TH", "05/UBND-TH"),
        (1790, "STTTT-BCVTCNTT", "1790/STTTT-BCVTCNTT"),
        (12, "CV/HU", "12-CV/HU"),
        (None, "UBND-TH", "…/UBND-TH"),
        (7, "", "07"),
        (None, "", "…"),
    ],
)
def test_a_number_is_written_as_its_code_asks(number: int | None, code: str, full: str) -> None:
    assert Letter(number=number, code=code).full_number == full


def test_a_letter_has_a_check_code_once_it_is_numbered() -> None:
    assert Letter().check_code == ""
    assert Letter(sha256="0123456789abcdef" * 4).check_code == "0123456789abcdef"


@pytest.mark.django_db
def test_no_letter_is_out_without_a_number_and_a_day(world: World) -> None:
    letter = _letter(world)
    for state in (LetterState.NUMBERED, LetterState.RELEASED, LetterState.WITHDRAWN):
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(state=state, number=5)
    Letter.objects.filter(pk=letter.pk).update(
        state=LetterState.NUMBERED, number=5, signed_on="2022-09-12"
    )


@pytest.mark.django_db
def test_nobody_is_sent_the_same_letter_twice_on_one_way(world: World) -> None:
    way = {"letter": _letter(world), "to_node": world.nodes["TC01"], "channel": Channel.MAIL}
    Dispatch.objects.create(**way, address="vt@xa.example")
    Dispatch.objects.create(**way, address="vt2@xa.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.create(**way, address="vt@xa.example")


def _letter(world: World) -> Letter:
    return Letter.objects.create(
        campaign=world.campaign,
        node=world.nodes["TC"],
        issuer_name="UBND huyện",
        subject="triển khai",
        made_by=world.user("TC", Role.COMPILER),
    )
