"""The lead office's letter is drafted in one press, signed before the start, released after it."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, ExpectedReport
from quetsach_portal.letters.actions.release import release
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import owner, prepared, rehearsed
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db

BASIS = (
    "Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022 của Sở Thông tin và Truyền thông về việc "
    "triển khai chiến dịch"
)


@pytest.fixture
def campaign(register: World) -> Campaign:
    made = prepared(register)
    Campaign.objects.filter(pk=made.pk).update(legal_basis=BASIS)
    made.refresh_from_db()
    return made


def test_one_press_drafts_the_letter_and_lays_it_before_the_clerk(
    register: World, campaign: Campaign
) -> None:
    client, address = signed_in(owner(register)), f"/campaigns/{campaign.pk}/letter/"
    page = client.get(address)
    assert not Letter.objects.exists(), "looking drafts nothing"
    assert "Ủy ban nhân dân xã Một" in page.content.decode()
    sent = client.post(address, {"act": "submit"})
    letter = Letter.objects.get()
    assert sent.headers["Location"] == f"/campaigns/{campaign.pk}/signing/"
    assert letter.with_clerk_at is not None
    text = client.get(sent.headers["Location"]).content.decode()
    assert "Chưa ký thì chưa phát hành" in text
    # A second press drafts no second letter.
    client.post(address, {"act": "submit"})
    assert Letter.objects.count() == 1


def test_it_can_be_worded_first(register: World, campaign: Campaign) -> None:
    client, address = signed_in(owner(register)), f"/campaigns/{campaign.pk}/letter/"
    made = client.post(address, {"act": "draft"})
    letter = Letter.objects.get()
    assert made.headers["Location"] == f"/letters/{letter.pk}/edit/"
    assert letter.with_clerk_at is None


def test_what_cannot_be_submitted_is_said_where_it_is_mended(
    register: World, campaign: Campaign
) -> None:
    ExpectedReport.objects.update(due_at=timezone.now())
    client, address = signed_in(owner(register)), f"/campaigns/{campaign.pk}/letter/"
    made = client.post(address, {"act": "submit"})
    letter = Letter.objects.get()
    assert made.headers["Location"] == f"/letters/{letter.pk}/edit/"
    assert letter.with_clerk_at is None


def test_nothing_is_released_before_the_start(register: World, campaign: Campaign) -> None:
    rehearsed(register, campaign)
    letter = Letter.objects.get()
    clerk = register.user("TC", Role.CLERK)
    with pytest.raises(Refused, match="chưa bắt đầu"):
        release(letter.pk, DeliveryChannels(by_mail=False), start_mails=False, actor=clerk)
    letter.refresh_from_db()
    assert letter.state == LetterState.NUMBERED
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.READY


def test_the_way_of_a_letter_follows_the_order_of_its_kind(
    register: World, campaign: Campaign
) -> None:
    rehearsed(register, campaign)
    client, address = signed_in(owner(register)), f"/campaigns/{campaign.pk}/signing/"
    titles = {
        way: [part.title for part in _flow(client, address, way)] for way in ("paper", "number")
    }
    assert titles["paper"] == ["Soạn", "Ký", "Cấp số", "Phát hành"]
    assert titles["number"] == ["Soạn", "Cấp số", "Ký", "Phát hành"]


def _flow(client, address: str, way: str):
    Letter.objects.update(way=way)
    return client.get(address).context["flow"]
