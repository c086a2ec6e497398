"""The campaign's tree is a copy: each unit once, as the register stood on a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.actions.freezing import freeze, request_freeze
from quetsach_portal.campaigns.actions.phases import add_phase
from quetsach_portal.campaigns.actions.preparing import CampaignBasics, create
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    ExpectedReport,
    NodeCounter,
    ReportCounter,
)
from quetsach_portal.letters.models import Letter
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import Headcount, OrgEdge, OrgName, OrgUnit, ReportingLine
from quetsach_portal.web.acts import Refused
from tests.portal.working import run_ready
from tests.portal.world import World, make_unit, make_world

pytestmark = pytest.mark.django_db

TERRITORY, SECTOR = ReportingLine.TERRITORY.value, ReportingLine.SECTOR.value


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


@pytest.fixture
def campaign(register: World) -> Campaign:
    owner = register.user("TC", Role.LEAD_OWNER)
    made = create(register.units["TC"], CampaignBasics("Chiến dịch", "Công văn 1"), actor=owner)
    add_phase(made, title="", due_at=timezone.now() + timedelta(days=30), actor=owner)
    return made


def frozen(register: World, campaign: Campaign, *lines: str, day=None) -> dict[str, CampaignNode]:
    freeze(
        campaign,
        lines=lines or [TERRITORY],
        day=day or timezone.localdate(),
        actor=register.user("TC", Role.LEAD_OWNER),
    )
    nodes = CampaignNode.objects.filter(campaign=campaign).select_related("unit", "parent__unit")
    return {node.unit.code: node for node in nodes}


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


def test_B8_a_unit_on_two_lines_stands_once_on_the_first_that_was_chosen(
    register: World, campaign: Campaign
) -> None:
    office = make_unit("TC-GD", register.units["TC"])
    OrgEdge.objects.create(
        child=register.units["TC01A"],
        parent=office,
        line=SECTOR,
        valid_from=timezone.localdate() - timedelta(days=9),
    )
    by_territory = frozen(register, campaign, TERRITORY, SECTOR)
    assert by_territory["TC01A"].parent.unit.code == "TC01"
    assert NodeCounter.objects.get(node=by_territory["TC"]).units == 5
    by_sector = frozen(register, campaign, SECTOR, TERRITORY)
    assert by_sector["TC01A"].parent.unit.code == "TC-GD"
    assert NodeCounter.objects.get(node=by_sector["TC"]).units == 5
    assert recount(campaign) == []


def test_a_unit_whose_first_line_leads_elsewhere_comes_in_by_the_second(
    register: World, campaign: Campaign
) -> None:
    far = make_unit("KH01", register.units["KH"])
    OrgEdge.objects.create(
        child=far,
        parent=register.units["TC02"],
        line=SECTOR,
        valid_from=timezone.localdate() - timedelta(days=9),
    )
    assert "KH01" not in frozen(register, campaign, TERRITORY)
    assert frozen(register, campaign, TERRITORY, SECTOR)["KH01"].parent.unit.code == "TC02"


def test_a_loop_between_two_lines_ends(register: World, campaign: Campaign) -> None:
    for child, parent in (("TC01", "TC02"), ("TC02", "TC01")):
        OrgEdge.objects.create(
            child=register.units[child],
            parent=register.units[parent],
            line=SECTOR,
            valid_from=timezone.localdate() - timedelta(days=9),
        )
    nodes = frozen(register, campaign, SECTOR, TERRITORY)
    assert set(nodes) == {"TC", "TC01", "TC02", "TC01A"}
    assert recount(campaign) == []


def test_a_line_that_leads_above_the_root_is_not_followed(
    register: World, campaign: Campaign
) -> None:
    OrgEdge.objects.create(
        child=register.units["TC"],
        parent=register.units["TC01"],
        line=SECTOR,
        valid_from=timezone.localdate() - timedelta(days=9),
    )
    assert len(frozen(register, campaign, TERRITORY, SECTOR)) == 4


def test_names_and_units_are_those_of_the_day(register: World, campaign: Campaign) -> None:
    today, unit = timezone.localdate(), register.units["TC01"]
    OrgName.objects.filter(unit=unit).update(valid_to=today)
    OrgName.objects.create(unit=unit, full_name="Phường Mới", valid_from=today)
    register.units["TC02"].closed_on = today
    register.units["TC02"].save()
    OrgUnit.objects.update(opened_on=today - timedelta(days=400))
    before = frozen(register, campaign, day=today - timedelta(days=1))
    assert before["TC01"].name_at_freeze == "Ủy ban nhân dân xã Một"
    assert "TC02" in before
    after = frozen(register, campaign, day=today)
    assert after["TC01"].name_at_freeze == "Phường Mới"
    assert "TC02" not in after


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
            lines=lines,
            day=timezone.localdate(),
            actor=register.user("TC", Role.LEAD_OWNER),
        )


def test_a_large_tree_is_frozen_by_a_job(register: World, campaign) -> None:
    owner = register.user("TC", Role.LEAD_OWNER)
    day = timezone.localdate()
    job = request_freeze(campaign, lines=[TERRITORY], day=day, actor=owner, at_once=2)
    assert job is not None
    assert not CampaignNode.objects.exists()
    run_ready()
    job.refresh_from_db()
    assert (job.state, CampaignNode.objects.count()) == ("done", 4)
