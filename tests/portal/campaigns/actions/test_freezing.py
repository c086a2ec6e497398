"""The tree is frozen once the lines make sense, at once or by a job."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.actions.freezing import request_freeze
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.tree.choosing import TreeChoice
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.frozen_trees import TERRITORY, frozen
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_tree_that_runs_is_not_frozen_anew(register: World, campaign: Campaign) -> None:
    frozen(register, campaign)
    Campaign.objects.update(state=CampaignState.LIVE)
    with pytest.raises(Refused):
        frozen(register, campaign)
    assert CampaignNode.objects.count() == 4


@pytest.mark.parametrize("lines", [[], ["sector", "sector"], ["no such line"]])
def test_lines_that_make_no_sense_are_refused(register: World, campaign, lines) -> None:
    with pytest.raises(Refused):
        request_freeze(
            campaign,
            TreeChoice(lines),
            day=timezone.localdate(),
            actor=register.user("TC", Role.LEAD_OWNER),
        )


def test_a_large_tree_is_frozen_by_a_job(register: World, campaign) -> None:
    owner = register.user("TC", Role.LEAD_OWNER)
    day = timezone.localdate()
    job = request_freeze(campaign, TreeChoice([TERRITORY]), day=day, actor=owner, at_once=2)
    assert job is not None
    assert not CampaignNode.objects.exists()
    run_ready()
    job.refresh_from_db()
    assert (job.state, CampaignNode.objects.count()) == ("done", 4)
