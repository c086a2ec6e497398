"""What a person reaches in a campaign, from their roles in the register."""

import pytest
from django.http import Http404

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.campaigns.scope import (
    campaign_for,
    campaigns_of,
    list_of_campaigns,
    node_for,
    node_scope,
    nodes_of,
    top_node,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "role", "reached"),
    [
        ("TC", Role.LEAD_OWNER, "TC TC01 TC02 TC01A"),
        ("TC01", Role.COMPILER, "TC01 TC01A"),
        ("TC01", Role.FOCAL_POINT, "TC01"),
        ("TC01A", Role.AUDITOR, "TC01A"),
        ("KH", Role.LEAD_OWNER, ""),
    ],
)
def test_a_role_reaches_its_node_and_some_all_below(
    world: World, code: str, role: Role, reached: str
) -> None:
    scope = scope_of(world.user(code, role))
    nodes = nodes_of(scope, world.campaign)
    assert {node.unit.code for node in nodes} == set(reached.split())
    top = top_node(scope, world.campaign)
    assert (None if top is None else top.unit.code) == (code if reached else None)
    for unit, node in world.nodes.items():
        if unit in reached.split():
            assert node_for(scope, node.pk) == node
        else:
            with pytest.raises(Http404):
                node_for(scope, node.pk)


def test_a_campaign_in_preparation_is_its_lead_offices_own(world: World) -> None:
    lead = scope_of(world.user("TC", Role.LEAD_ANALYST))
    unit = scope_of(world.user("TC01", Role.FOCAL_POINT))
    assert list_of_campaigns(unit) == list(campaigns_of(unit)) == [world.campaign]
    Campaign.objects.update(state=CampaignState.READY)
    assert campaign_for(lead, world.campaign.pk) == world.campaign
    assert list_of_campaigns(unit) == []
    with pytest.raises(Http404):
        campaign_for(unit, world.campaign.pk)


def test_a_seat_for_reading_allows_no_act(world: World) -> None:
    seats = node_scope(scope_of(world.user("TC01", Role.COMPILER)), world.campaign)
    node, below = world.nodes["TC01"], world.nodes["TC01A"]
    assert seats.has_role_in(node, Role.COMPILER)
    assert seats.has_role_above(below, Role.COMPILER)
    assert seats.has_role_in_parent(below, Role.COMPILER)
    assert not seats.has_role_in(node, Role.SIGNER)
    world.units["TC01"].closed_on = world.units["TC01"].opened_on
    world.units["TC01"].save()
    ended = node_scope(scope_of(world.user("TC01", Role.COMPILER)), world.campaign)
    assert not ended.has_role_in(node, Role.COMPILER)
    assert ended.visible() == seats.visible()
