"""Numbers, days and originals of letters, and the register of letters from outside."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.letters.actions import numbering
from quetsach_portal.letters.models import Letter
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged

pytestmark = pytest.mark.django_db


def test_the_clerk_is_warned_when_number_code_and_issuer_repeat(world) -> None:
    staged.numbered(world, number=7)
    second = staged.signed(world, based_on=Letter.objects.get(is_outside=True))
    clerk = world.user("TC", Role.CLERK)
    with pytest.raises(Refused) as refused:
        numbering.give_number(second.pk, staged.signing(7), repeat_is_meant=False, actor=clerk)
    assert refused.value.field == "number"
    numbering.give_number(second.pk, staged.signing(7), repeat_is_meant=True, actor=clerk)
    other_code = staged.signing(7, code="UBND-VX")
    numbering.give_number(second.pk, other_code, repeat_is_meant=False, actor=clerk)


def test_paper_is_signed_then_numbered_and_the_signer_stays(world) -> None:
    letter = staged.with_clerk(world)
    clerk = world.user("TC", Role.CLERK)
    with pytest.raises(Refused, match="E424"):
        numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    staged.sign(world, letter)
    before = staged.signing(signed_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused) as early:
        numbering.give_number(letter.pk, before, repeat_is_meant=False, actor=clerk)
    assert early.value.field == "signed_on"
    other = staged.signing(signer_name="Người Khác")
    made = numbering.give_number(letter.pk, other, repeat_is_meant=False, actor=clerk)
    assert made.signer_name == "Tăng Thị Thắm"
    assert "Người Khác" not in staged.text_of(made.pdf)


@pytest.mark.parametrize("days", [1, -400])
def test_the_day_of_signing_lies_in_the_last_year(world, days) -> None:
    letter = staged.with_clerk(world)
    odd = staged.signing(signed_on=timezone.localdate() + timedelta(days=days))
    with pytest.raises(Refused):
        numbering.give_number(
            letter.pk, odd, repeat_is_meant=False, actor=world.user("TC", Role.CLERK)
        )


def test_an_outside_letter_stands_in_the_register_once(world) -> None:
    staged.outside(world)
    with pytest.raises(Refused):
        staged.outside(world)
    staged.outside(world, number=1791)
