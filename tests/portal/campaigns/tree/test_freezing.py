"""The campaign's tree is a copy: each unit once, as the register stood on a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    NodeCounter,
    ReportCounter,
)
from quetsach_portal.letters.models import Letter
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import Headcount, OrgEdge, OrgName, OrgUnit
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.frozen_trees import frozen
from tests.portal.world import World, make_unit

pytestmark = pytest.mark.django_db


def test_the_tree_is_the_subtree_of_the_lead_office(register: World, campaign: Campaign) -> None:
    nodes = frozen(register, campaign)
    assert set(nodes) == {"TC", "TC01", "TC02", "TC01A"}
    assert nodes["TC01A"].parent == nodes["TC01"]
    assert nodes["TC01A"].path == (f"/{nodes['TC'].pk}/{nodes['TC01'].pk}/{nodes['TC01A'].pk}/")
    assert [nodes[code].depth for code in ("TC", "TC01", "TC01A")] == [0, 1, 2]


def test_counters_and_reports_are_written_with_it(register: World, campaign: Campaign) -> None:
    Headcount.objects.create(
        unit=register.units["TC01A"], staff_count=30, as_of=timezone.localdate()
    )
    Headcount.objects.create(
        unit=register.units["TC01A"],
        staff_count=99,
        as_of=timezone.localdate() + timedelta(days=3),
    )
    nodes = frozen(register, campaign)
    tally = NodeCounter.objects.get(node=nodes["TC01"])
    assert (tally.units, tally.staff, tally.told) == (2, 30, 0)
    assert ReportCounter.objects.get(node=nodes["TC"]).expected == 4
    assert ExpectedReport.objects.count() == 4
    assert recount(campaign) == []


def test_freezing_anew_replaces_the_tree_and_its_reports(
    register: World, campaign: Campaign
) -> None:
    frozen(register, campaign)
    make_unit("TC03", register.units["TC"])
    nodes = frozen(register, campaign)
    assert len(nodes) == CampaignNode.objects.count() == ExpectedReport.objects.count() == 5
    campaign.refresh_from_db()
    assert campaign.tree_rev == 2


def test_a_unit_that_stays_keeps_its_node_and_what_hangs_on_it(
    register: World, campaign: Campaign
) -> None:
    before = frozen(register, campaign)
    Letter.objects.create(
        campaign=campaign, node=before["TC01"], made_by=register.user("TC", Role.LEAD_OWNER)
    )
    edge = OrgEdge.objects.get(child=register.units["TC01A"])
    edge.parent = register.units["TC02"]
    edge.save()
    OrgName.objects.filter(unit=register.units["TC01"]).update(full_name="Tên khác")
    OrgUnit.objects.filter(pk=register.units["TC01"].pk).update(has_old_name=True)
    after = frozen(register, campaign)
    assert {code: node.pk for code, node in after.items()} == {
        code: node.pk for code, node in before.items()
    }
    assert after["TC01A"].path == f"{after['TC02'].path}{after['TC01A'].pk}/"
    assert after["TC01"].name_at_freeze == "Tên khác"
    assert recount(campaign) == []


def test_a_unit_on_which_a_letter_hangs_does_not_leave_in_silence(
    register: World, campaign: Campaign
) -> None:
    nodes = frozen(register, campaign)
    Letter.objects.create(
        campaign=campaign, node=nodes["TC02"], made_by=register.user("TC", Role.LEAD_OWNER)
    )
    register.units["TC02"].closed_on = timezone.localdate()
    register.units["TC02"].save()
    with pytest.raises(Refused):
        frozen(register, campaign)
    assert CampaignNode.objects.count() == ExpectedReport.objects.count() == 4


def test_deadlines_of_lower_levels_stand_in_their_slots(
    register: World, campaign: Campaign
) -> None:
    phase = campaign.phases.get()
    phase.level_lead_days, phase.working_days = {"1": 2, "2": 5}, False
    phase.save()
    nodes = frozen(register, campaign)
    days = [
        (phase.due_at - ExpectedReport.objects.get(node=nodes[code]).due_at).days
        for code in ("TC", "TC01", "TC01A")
    ]
    assert days == [0, 2, 5]
