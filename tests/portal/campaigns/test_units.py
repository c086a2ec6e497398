"""The units of a campaign, on their lines, and their contacts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, NodeCounter
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.units.models import OrgEdge, OrgName, OrgUnit, UnitContact
from tests.portal.campaigns.acting import prepared, rehearsed
from tests.portal.campaigns.frozen_trees import SECTOR, TERRITORY, frozen
from tests.portal.world import World, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("broken", "passes"), [(1, True), (2, False)])
def test_at_least_95_of_100_units_can_be_reached(register, broken: int, passes: bool) -> None:
    for number in range(16):
        make_unit(f"TC1{number:02d}", register.units["TC"])
        unit = register.units[f"TC1{number:02d}"] = make_unit(f"X{number}", None)
        assert unit.pk
    campaign = prepared(register)
    for node in CampaignNode.objects.filter(campaign=campaign).select_related("unit"):
        UnitContact.objects.get_or_create(
            unit=node.unit, defaults={"mail": f"a{node.pk}@coquan.example"}
        )
    inside = CampaignNode.objects.filter(campaign=campaign).order_by("-pk").values("unit_id")
    assert inside.count() == 20
    UnitContact.objects.filter(unit_id__in=inside[:broken]).update(disabled_reason="bounced")
    assert rehearsed(register, campaign).passed is passes


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
