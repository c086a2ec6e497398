"""A past result on another year's tree: added up where it can be, never divided, never twice."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    NodeCounter,
    ReportCounter,
)
from quetsach_portal.dashboards.pages.years import TreeFit, laid_on
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import EventState
from tests.portal.dashboards.tree_events import happened
from tests.portal.world import make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(world):
    """Return what makes a node of a unit in a campaign of a later year."""
    campaign = Campaign.objects.create(
        title="Chiến dịch 2025",
        lead_unit=world.units["TC"],
        created_by=world.user("TC", Role.LEAD_OWNER),
        state="live",
        frozen_on=timezone.localdate(),
    )

    def make(code: str) -> CampaignNode:
        if code not in world.units:
            world.units[code] = make_unit(code, world.units["TC"])
        return CampaignNode.objects.create(
            campaign=campaign,
            unit=world.units[code],
            path=f"/{campaign.pk}/",
            name_at_freeze=code,
        )

    return make


@pytest.fixture
def past(world):
    for code, units, reported in (("TC01", 2, 1), ("TC02", 1, 1), ("TC01A", 1, 0)):
        NodeCounter.objects.filter(node=world.nodes[code]).update(units=units)
        ReportCounter.objects.filter(node=world.nodes[code]).update(reported=reported)
    return world.campaign


def laid(world, node):
    (found,) = laid_on([node], world.campaign.pk, world.phase)
    return found


def test_the_same_unit_keeps_its_result(world, later, past) -> None:
    found = laid(world, later("TC01"))
    assert (found.fit, found.sums.units, found.sums.expected, found.sums.reported) == (
        TreeFit.SAME,
        2,
        2,
        1,
    )


def test_B8_merged_units_are_added_up_and_one_below_another_counts_once(world, later, past) -> None:
    node = later("M")
    happened(world, "merge", ["TC01", "TC01A", "TC02"], ["M"])
    found = laid(world, node)
    assert (found.fit, found.sums.units, found.sums.expected, found.sums.reported) == (
        TreeFit.ADDED,
        3,
        3,
        2,
    )
    assert found.of == ["Ủy ban nhân dân xã Một", "Ủy ban nhân dân xã Hai"]


def test_a_merge_of_a_merge_is_followed(world, later, past) -> None:
    middle, node = later("M"), later("N")
    happened(world, "merge", ["TC01"], ["M"])
    happened(world, "merge", ["M", "TC02"], ["N"])
    assert middle.pk != node.pk
    assert laid(world, node).sums.expected == 3


def test_a_split_is_never_divided(world, later, past) -> None:
    node = later("B")
    later("C")
    happened(world, "split", ["TC01"], ["B", "C"])
    found = laid(world, node)
    assert (found.fit, found.is_known) == (TreeFit.PART, False)


def test_a_newer_result_of_a_merged_unit_belongs_to_both_old_ones(world, later, past) -> None:
    node = later("A")
    world.units["A2"] = make_unit("A2")
    happened(world, "merge", ["A", "A2"], ["TC01"])
    assert laid(world, node).fit == TreeFit.PART


def test_a_reversed_event_leads_nowhere(world, later, past) -> None:
    node = later("M")
    event = happened(world, "merge", ["TC01"], ["M"])
    event.state = EventState.REVERSED
    event.save()
    assert laid(world, node).fit == TreeFit.NONE
