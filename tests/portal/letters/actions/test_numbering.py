"""Numbers, days and originals of letters, and the register of letters from outside."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.actions import numbering
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.models import Letter
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged

pytestmark = pytest.mark.django_db


def test_the_clerk_is_warned_when_number_code_and_issuer_repeat(world) -> None:
    staged.numbered(world, number=7)
    second = staged.with_clerk(world, based_on=Letter.objects.get(is_outside=True))
    clerk = world.user("TC", Role.CLERK)
    with pytest.raises(Refused) as refused:
        numbering.give_number(second.pk, staged.signing(7), repeat_is_meant=False, actor=clerk)
    assert refused.value.field == "number"
    numbering.give_number(second.pk, staged.signing(7), repeat_is_meant=True, actor=clerk)
    other_code = staged.signing(7, code="UBND-VX")
    numbering.give_number(second.pk, other_code, repeat_is_meant=False, actor=clerk)


@pytest.mark.parametrize("days", [1, -400])
def test_the_day_of_signing_lies_in_the_last_year(world, days) -> None:
    letter = staged.with_clerk(world)
    odd = staged.signing(signed_on=timezone.localdate() + timedelta(days=days))
    with pytest.raises(Refused):
        numbering.give_number(
            letter.pk, odd, repeat_is_meant=False, actor=world.user("TC", Role.CLERK)
        )


def test_the_signed_original_is_kept_with_its_digest_and_a_new_number_drops_it(world) -> None:
    letter = staged.numbered(world)
    clerk = world.user("TC", Role.CLERK)
    scan = SimpleUploadedFile("ban-ky.pdf", path_of(letter.pdf).read_bytes())
    kept = numbering.store_original(letter.pk, scan, actor=clerk)
    assert kept.original.sha256 == letter.pdf.sha256
    again = numbering.give_number(letter.pk, staged.signing(6), repeat_is_meant=False, actor=clerk)
    assert again.original is None
    releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    with pytest.raises(Refused):
        numbering.store_original(letter.pk, BytesIO(b"x"), actor=clerk)


def test_an_outside_letter_stands_in_the_register_once(world) -> None:
    staged.outside(world)
    with pytest.raises(Refused):
        staged.outside(world)
    staged.outside(world, number=1791)
