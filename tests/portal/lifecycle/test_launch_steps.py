"""Each step says what is open in it; the start is refused, and names it all, while anything is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, Phase
from quetsach_portal.letters.models import Letter
from quetsach_portal.lifecycle import actions
from quetsach_portal.lifecycle.launch_steps import launch_steps, open_points
from quetsach_portal.lists.models import DoubtfulRow, ListVersion, ListVersionState
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import owner, prepared, rehearsed, second_owner
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def blocked(campaign: Campaign) -> list[tuple[int, str]]:
    campaign.refresh_from_db()
    return [(point.step, point.short) for point in open_points(launch_steps(campaign))]


def no_basis(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(legal_basis=" ")


def no_tasks(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(tasks=[])


def no_contacts(campaign: Campaign) -> None:
    for node in campaign.nodes.select_related("unit"):
        node.unit.contacts.update(disabled_reason="Hỏng")
        type(node.unit).objects.filter(pk=node.unit_id).update(is_reached=False, reach_asked=False)


def past_deadline(campaign: Campaign) -> None:
    now = timezone.now()
    Phase.objects.filter(campaign=campaign).update(
        opens_at=now - timedelta(days=9), due_at=now - timedelta(days=1)
    )


def undecided_rows(campaign: Campaign) -> None:
    version = ListVersion.objects.create(campaign=campaign, n=1, state=ListVersionState.TRIED)
    for number in range(3):
        DoubtfulRow.objects.create(
            version=version,
            row=number,
            shown=f"xau{number}.example",
            key=f"xau{number}.example",
            kind="domain",
            proposal="drop",
        )


def proposed_list(campaign: Campaign) -> None:
    ListVersion.objects.create(campaign=campaign, n=1, state=ListVersionState.PROPOSED)


def unsigned(campaign: Campaign) -> None:
    Letter.objects.filter(campaign=campaign).update(signature=None)


def undrafted(campaign: Campaign) -> None:
    letter = Letter.objects.get(campaign=campaign)
    Letter.objects.filter(pk=letter.pk).update(signature=None)
    letter.signatures.all().delete()
    letter.delete()


def late_letter(campaign: Campaign) -> None:
    day = timezone.localdate() + timedelta(days=300)
    Letter.objects.filter(campaign=campaign).update(deadline=day)


@pytest.mark.parametrize(
    ("spoil", "open_there"),
    [
        (no_basis, (1, "1 căn cứ")),
        (no_tasks, (1, "1 nội dung nhiệm vụ")),
        (no_contacts, (2, "4 địa chỉ liên hệ")),
        (past_deadline, (3, "1 thời hạn đã qua")),
        (undecided_rows, (4, "3 mục danh sách")),
        (proposed_list, (4, "1 xác nhận danh sách")),
        (undrafted, (5, "1 văn bản")),
        (late_letter, (5, "1 văn bản")),
        (unsigned, (6, "1 chữ ký")),
    ],
)
def test_what_is_open_blocks_the_request_and_the_start(
    register: World, spoil: Callable[[Campaign], None], open_there: tuple[int, str]
) -> None:
    campaign = prepared(register)
    rehearsed(register, campaign)
    assert blocked(campaign) == []
    spoil(campaign)
    assert open_there in blocked(campaign)
    with pytest.raises(Refused, match=open_there[1]):
        actions.ask_or_confirm_start(campaign, actor=owner(register))
    Campaign.objects.filter(pk=campaign.pk).update(
        start_asked_by=owner(register), start_asked_at=timezone.now()
    )
    campaign.refresh_from_db()
    with pytest.raises(Refused, match=open_there[1]):
        actions.ask_or_confirm_start(campaign, actor=second_owner(register))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.READY
    assert not AuditEvent.objects.filter(
        action__in=("campaign.start_asked", "campaign.started")
    ).exists()


def test_a_campaign_just_made_names_every_step_that_is_open(register: World) -> None:
    campaign = prepared(register)
    steps = launch_steps(campaign)
    assert [step.no for step in steps] == list(range(1, 9))
    assert blocked(campaign) == [(5, "1 văn bản"), (8, "1 lần kiểm tra toàn bộ")]
    assert steps[7].note == "còn 2 vướng mắc"


def test_the_page_names_each_blocker_with_the_place_where_it_is_mended(register: World) -> None:
    campaign = prepared(register)
    rehearsed(register, campaign)
    undecided_rows(campaign)
    unsigned(campaign)
    client, address = signed_in(owner(register)), f"/campaigns/{campaign.pk}/start/"
    text = client.get(address).content.decode()
    assert "Chưa bắt đầu được: 3 mục danh sách, 1 chữ ký." in text
    assert f'href="/campaigns/{campaign.pk}/signing/"' in text
    assert client.post(address).status_code == 200
    campaign.refresh_from_db()
    assert campaign.start_asked_by is None


def test_a_campaign_that_runs_has_nothing_open(world: World) -> None:
    assert world.campaign is not None
    no_basis(world.campaign)
    assert blocked(world.campaign) == []
