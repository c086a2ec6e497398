"""Who gets a letter, and on which way."""

import pytest

from quetsach_portal.letters.models import Channel, Letter
from quetsach_portal.letters.recipients import DeliveryChannels, OnPaper
from tests.portal.letters import staged

pytestmark = pytest.mark.django_db


def test_on_paper_everybody_or_nobody(world) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    everybody = staged.released(world, ways=DeliveryChannels(on_paper=OnPaper.EVERYBODY))
    assert everybody.dispatches.filter(channel=Channel.PAPER).count() == 2
    nobody = staged.released(
        world,
        based_on=Letter.objects.get(is_outside=True),
        ways=DeliveryChannels(by_mail=False, on_paper=OnPaper.NOBODY),
    )
    assert set(nobody.dispatches.values_list("channel", flat=True)) == {"portal"}
