"""News about a campaign: whom it is written to, and that its page opens to them."""

import pytest

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.campaigns.news import (
    tell_of_campaign,
    tell_office_of_report,
    tell_unit_of_report,
    tell_units,
)
from quetsach_portal.people.models.news import NewsEvent, NewsKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.news.readers import READERS
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def slot_of(world: World, code: str) -> ExpectedReport:
    slots = ExpectedReport.objects.select_related("phase", "node__parent")
    return slots.get(node=world.nodes[code])


def opens_to_its_readers(client_of, code: str) -> bool:
    event = NewsEvent.objects.get()
    roles = [role for role in Role if role in READERS[NewsKind(event.kind)]]
    return all(client_of(code, role).get(event.path).status_code == 200 for role in roles)


@pytest.mark.parametrize("kind", [NewsKind.RETURNED, NewsKind.ACCEPTED, NewsKind.DEADLINE])
def test_what_became_of_a_report_is_told_to_its_unit(world, client_of, kind) -> None:
    tell_unit_of_report(kind, slot_of(world, "TC01"), by=None)
    event = NewsEvent.objects.get()
    assert (event.unit, event.campaign_no) == (world.units["TC01"], world.campaign.pk)
    assert event.about == "Ủy ban nhân dân xã Một, đợt 1"
    assert opens_to_its_readers(client_of, "TC01")


def test_what_a_unit_did_is_told_above_by_phase_and_nobody_is_above_the_lead_office(
    world,
) -> None:
    for code in ("TC", "TC01", "TC02"):
        tell_office_of_report(NewsKind.REPORTED, slot_of(world, code), page="/", by=None)
    assert set(NewsEvent.objects.values_list("unit__code", flat=True)) == {"TC"}
    assert NewsEvent.objects.values("key").distinct().count() == 1


def test_what_is_asked_and_what_changed_opens_to_who_reads_it(world, client_of) -> None:
    tell_of_campaign(NewsKind.ASKED, world.campaign, by=None)
    assert opens_to_its_readers(client_of, "TC")
    NewsEvent.objects.all().delete()
    tell_of_campaign(NewsKind.LIST, world.campaign, by=None, page="campaigns:show")
    assert NewsEvent.objects.get().unit == world.campaign.lead_unit
    NewsEvent.objects.all().delete()
    tell_units(NewsKind.CHANGED, world.campaign, [world.nodes["TC01"]])
    assert opens_to_its_readers(client_of, "TC01")
