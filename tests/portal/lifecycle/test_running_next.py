"""After the start the campaign's page says what is next for the lead office, and links to it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState, ExpectedReport
from quetsach_portal.letters.models import Dispatch, Letter, LetterState
from quetsach_portal.people.models.roles import Role
from tests.portal.campaigns.acting import sign_letter
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def things(world: World, client_of) -> list[str]:
    page = client_of("TC", Role.LEAD_OWNER).get(f"/campaigns/{world.campaign.pk}/")
    assert page.status_code == 200
    section = page.content.decode().partition("running-next")[2].partition("</section>")[0]
    return re.findall(r"<li[^>]*><a href=[^>]+>([^<]+)</a>", section)


@pytest.fixture
def letter(world: World) -> Letter:
    made = sign_letter(world.campaign, world.user("TC", Role.CLERK))
    assert made is not None
    return made


def released(letter: Letter) -> None:
    Letter.objects.filter(pk=letter.pk).update(
        state=LetterState.RELEASED, released_at=timezone.now()
    )
    CampaignNode.objects.update(told_at=timezone.now())


def test_the_letter_comes_first(world: World, client_of) -> None:
    assert things(world, client_of)[0] == "Chưa soạn văn bản gửi các đơn vị"
    letter = sign_letter(world.campaign, world.user("TC", Role.CLERK))
    assert letter is not None
    assert things(world, client_of)[0] == "Văn bản đã ký, chưa phát hành"
    Letter.objects.filter(pk=letter.pk).update(signature=None)
    assert things(world, client_of)[0] == "Văn bản chưa ký"


def test_then_whom_it_did_not_reach_and_who_answers_not(
    world: World, client_of, letter: Letter
) -> None:
    released(letter)
    assert things(world, client_of) == []
    one = world.nodes["TC01"]
    Dispatch.objects.create(letter=letter, to_node=one, channel="mail", state="bounced")
    Dispatch.objects.create(letter=letter, to_node=one, channel="paper", state="queued")
    CampaignNode.objects.filter(pk=world.nodes["TC01A"].pk).update(told_at=None)
    past = timezone.now() - timedelta(hours=1)
    ExpectedReport.objects.filter(node=one).update(due_at=past)
    assert things(world, client_of) == [
        "Thư gửi văn bản chưa đến nơi",
        "Văn bản giấy chưa ghi nhận đã giao",
        "Đơn vị chưa có văn bản gửi đến",
        "Đơn vị báo cáo muộn: nhắc các đơn vị này",
    ]


def test_nobody_is_late_in_a_pause(world: World, client_of, letter: Letter) -> None:
    released(letter)
    ExpectedReport.objects.update(due_at=timezone.now() - timedelta(hours=1))
    world.campaign.paused_until = timezone.localdate() + timedelta(days=5)
    world.campaign.save()
    assert things(world, client_of) == []


def test_the_page_leads_to_pause_and_cancel_and_only_for_the_office(
    world: World, client_of, letter: Letter
) -> None:
    address = f"/campaigns/{world.campaign.pk}/"
    text = client_of("TC", Role.LEAD_OWNER).get(address).content.decode()
    assert f'href="{address}change/#pause"' in text
    assert f'href="{address}change/#cancel"' in text
    text = client_of("TC01", Role.FOCAL_POINT).get(address).content.decode()
    assert "change/#pause" not in text
    assert "running-next" not in text


@pytest.mark.parametrize("state", [CampaignState.CLOSED, CampaignState.CANCELLED])
def test_a_campaign_that_is_over_asks_for_nothing(world: World, client_of, state: str) -> None:
    world.campaign.state = state
    world.campaign.save()
    assert things(world, client_of) == []
