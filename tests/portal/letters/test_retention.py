"""An archived campaign keeps its letters, and loses by which address they went."""

import pytest

from quetsach_portal.letters.models import Channel, Dispatch
from quetsach_portal.letters.retention import purge
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.units.models import UnitContact
from tests.portal.letters import staged
from tests.portal.world import make_campaign

pytestmark = pytest.mark.django_db


def test_P2_letters_stay_and_addresses_go(world) -> None:
    for code, mail in (("TC01", "xa1@huyen.example"), ("TC02", "xa2@huyen.example")):
        staged.contact(world.units[code], mail, person="Nguyễn Văn A")
    staged.contact(world.units["KH"], "khac@huyen.example")
    letter = staged.released(world)
    removed = purge(world.campaign)
    mails = Dispatch.objects.filter(letter=letter, channel=Channel.MAIL)
    assert [mail.address for mail in mails] == [f"#{mail.pk}" for mail in mails]
    assert not mails.exclude(person="", reply="", contact=None).exists()
    assert removed["contacts"] == 2
    assert [contact.mail for contact in UnitContact.objects.all()] == ["khac@huyen.example"]
    assert not OutboxMail.objects.filter(to__contains="huyen.example").exists()
    letter.refresh_from_db()
    assert (letter.signer_name, letter.full_number) == ("Tăng Thị Thắm", "05/UBND-TH")


def test_contacts_that_another_campaign_needs_stay(world) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    first = world.campaign
    make_campaign(world)
    assert purge(first)["contacts"] == 0
    assert UnitContact.objects.count() == 1
