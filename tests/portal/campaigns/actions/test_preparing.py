"""A campaign is made of a letter after a person has reviewed it; nothing is guessed."""

import pytest

from quetsach_portal.campaigns.actions.preparing import take_letter
from quetsach_portal.campaigns.letter_review import proposal_of
from quetsach_portal.campaigns.models.campaign import Campaign, LetterReading, ReadingState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import owner
from tests.portal.campaigns.letters_in import post, upload
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_letter_is_read_by_a_job_and_makes_no_campaign(reading: LetterReading) -> None:
    assert reading.state == ReadingState.READ
    assert not Campaign.objects.exists()


def test_the_campaign_has_what_the_person_left(register, reading: LetterReading) -> None:
    client = signed_in(owner(register))
    response = post(reading, client, title="Tên đã sửa")
    campaign = Campaign.objects.get()
    assert response.status_code == 302
    assert campaign.title == "Tên đã sửa"
    assert campaign.letter_file == reading.file
    assert campaign.phases.get().due_at == proposal_of(reading.result).due_at
    reading.refresh_from_db()
    assert (reading.state, reading.campaign) == (ReadingState.USED, campaign)


def test_E4_pressing_twice_makes_one_campaign(register, reading: LetterReading) -> None:
    client = signed_in(owner(register))
    post(reading, client)
    post(reading, client)
    assert Campaign.objects.count() == 1


def test_what_is_no_document_is_refused(register: World) -> None:
    with pytest.raises(Refused):
        take_letter(
            register.units["TC"], upload("thu.docx", b"MZ\x90\x00" * 99), actor=owner(register)
        )
    assert not LetterReading.objects.exists()


@pytest.mark.parametrize(("code", "role"), [("TC01", Role.LEAD_OWNER), ("KH", Role.LEAD_OWNER)])
def test_A1_the_letter_is_not_there_for_others(register, reading, code, role) -> None:
    client = signed_in(register.user(code, role))
    assert client.get(f"/campaigns/new/letter/{reading.pk}/").status_code == 404
