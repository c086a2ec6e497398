"""What a new draft is filled with: the unit's own place, its own superior, those who are late."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.letters.actions import drafting
from quetsach_portal.letters.defaults import place_for, place_of
from quetsach_portal.letters.documents import LAUNCH, REMINDER, usual_code
from quetsach_portal.letters.pages import letter_page
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.units.models import OrgUnit, UnitKind
from tests.portal.letters import staged
from tests.portal.letters.staged import text_of


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Ủy ban nhân dân huyện Trà Cú", "Trà Cú"),
        ("Huyện ủy Trà Cú", "Trà Cú"),
        ("Huyện đoàn Trà Cú", "Trà Cú"),
        ("Thành ủy Thủ Đức", "Thủ Đức"),
        ("Ủy ban nhân dân thị trấn Định An", "Định An"),
        ("Hội Nông dân huyện", ""),
    ],
)
def test_the_place_is_the_name_of_the_area_alone(name: str, place: str) -> None:
    assert place_of(name) == place


@pytest.mark.django_db
def test_a_body_without_a_place_in_its_name_takes_that_of_the_unit_above(world) -> None:
    node = world.nodes["TC01"]
    node.name_at_freeze = "Hội Nông dân huyện"
    assert place_for(node) == "Trà Cú"


@pytest.mark.django_db
def test_the_letterhead_of_a_party_body_names_no_people_s_committee(world) -> None:
    OrgUnit.objects.filter(pk=world.units["TC01"].pk).update(kind=UnitKind.PARTY)
    CampaignNode.objects.filter(pk=world.nodes["TC01"].pk).update(name_at_freeze="Huyện ủy Một")
    world.nodes["TC01"].refresh_from_db()
    letter = staged.released(world, "TC01", staged.released(world), number=12)
    said = text_of(letter.pdf)
    assert "ỦY BAN NHÂN DÂN" not in said
    assert "HUYỆN ỦY MỘT" in said
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in said
    assert usual_code(letter) == "CV/HU"
    assert letter.full_number == "12-CV/UBND-TH", (
        "as the clerk typed it, in the manner of the Party"
    )
    assert f"Số {letter.full_number}" in said.replace("\u200b", "")


@pytest.mark.django_db
def test_a_reminder_is_filled_with_who_is_late_and_goes_to_them_alone(world) -> None:
    launch = staged.released(world)
    ExpectedReport.objects.filter(node=world.nodes["TC02"]).update(reported_at=timezone.now())
    letter = drafting.create_draft(
        world.nodes["TC"],
        based_on=launch.based_on,
        template_code=REMINDER,
        actor=world.user("TC", Role.COMPILER),
    )
    assert letter.values["units"] == ["Ủy ban nhân dân xã Một"]
    assert letter.values["own"].startswith(f"{launch.full_number} ngày ")
    assert letter.values["as_of"] == timezone.localdate().isoformat()
    assert list(letter.chosen.values_list("unit__code", flat=True)) == ["TC01"]
    assert not letter.to_all
    assert letter.addressees == ["Ủy ban nhân dân xã Một"]


@pytest.mark.django_db
def test_the_lead_offices_letter_keeps_through_which_office_and_whom_it_tells(world) -> None:
    node = world.nodes["TC"]
    node.campaign.letter = {
        "issuer": {"value": node.name_at_freeze.upper()},
        "report_to": {"value": "Chủ tịch Ủy ban nhân dân huyện"},
        "report_through": {"value": "Văn phòng HĐND và UBND"},
        "recipients": {"value": ["Như trên", "CT, các PCT UBND huyện", "LĐVP"]},
    }
    node.campaign.save()
    letter = drafting.create_draft(
        node,
        based_on=staged.outside(world),
        template_code=LAUNCH,
        actor=world.user("TC", Role.COMPILER),
    )
    assert letter.values["report_to"] == (
        "Chủ tịch Ủy ban nhân dân huyện (qua Văn phòng HĐND và UBND)"
    )
    assert letter.also_told == ["CT, các PCT UBND huyện", "LĐVP"]


@pytest.mark.django_db
def test_a_letter_that_waits_for_a_clerk_who_is_not_there_says_so(world) -> None:
    first = staged.released(world)
    letter = staged.with_clerk(world, "TC01", first)
    compiler = scope_of(world.user("TC01", Role.COMPILER))
    assert letter_page(compiler, letter).waits_without_clerk
    world.user("TC01", Role.CLERK)
    assert not letter_page(compiler, letter).waits_without_clerk
