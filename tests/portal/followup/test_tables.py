"""The long tables of the follow-up: sorted by figures of the subtree, overdue by the own report."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    ReportCounter,
)
from quetsach_portal.followup.queries import children_of
from quetsach_portal.followup.tables import COMPLETENESS, LADDER, with_reports
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.tables import LongList, long_table
from tests.portal.world import World

pytestmark = pytest.mark.django_db

SignIn = Callable[[str, Role], Client]


def codes(world: World, listed: LongList, query: str) -> list[str]:
    rows = with_reports(children_of(world.nodes["TC"]), world.phase)
    table = long_table(rows, RequestFactory().get(f"/{query}"), listed)
    return [row.unit.code for row in table.page.rows]


def test_units_sort_by_what_is_missing_below_them(world: World) -> None:
    for code, reported in (("TC01", 2), ("TC02", 1)):
        counters = ReportCounter.objects.filter(node=world.nodes[code], phase=world.phase)
        counters.update(expected=2, reported=reported, on_time=1)
    assert codes(world, COMPLETENESS, "?sort=missing") == ["TC01", "TC02"]
    assert codes(world, COMPLETENESS, "?sort=-missing") == ["TC02", "TC01"]
    assert codes(world, COMPLETENESS, "?sort=-late") == ["TC01", "TC02"]


@pytest.mark.parametrize(
    ("fields", "is_overdue"),
    [
        ({}, True),
        ({"reported_at": timezone.now()}, False),
        ({"state": ExpectedReportState.EXCUSED}, False),
        ({"due_at": timezone.now() + timedelta(days=1)}, False),
    ],
)
def test_a_unit_is_overdue_while_its_own_report_is(
    world: World, fields: dict[str, object], is_overdue: bool
) -> None:
    slots = ExpectedReport.objects.filter(node=world.nodes["TC01"])
    slots.update(**{"due_at": timezone.now() - timedelta(hours=1), **fields})
    assert codes(world, LADDER, "?late=1") == (["TC01"] if is_overdue else [])


def test_units_sort_by_when_they_reported_and_those_that_did_not_come_last(world: World) -> None:
    ExpectedReport.objects.filter(node=world.nodes["TC02"]).update(reported_at=timezone.now())
    assert codes(world, LADDER, "?sort=reported") == ["TC02", "TC01"]
    assert codes(world, LADDER, "?sort=-reported") == ["TC02", "TC01"]


def test_on_phones_the_ladder_says_what_each_unit_has_to_do(
    world: World, client_of: SignIn
) -> None:
    CampaignNode.objects.filter(unit__code="TC01").update(told_at=timezone.now())
    client = client_of("TC", Role.COMPILER)
    address = f"/followup/campaigns/{world.campaign.pk}/ladder/"
    page = client.get(address).content.decode()
    assert 'class="stacks folds"' in page
    assert '<td class="todo" data-label="Cần làm">xác nhận đã nhận</td>' in page
    assert '<td class="todo" data-label="Cần làm">thông báo cho đơn vị</td>' in page
    assert 'class="stacks folds"' not in client.get(f"{address}?columns=all").content.decode()


def test_a_list_of_who_has_reached_a_step_goes_by_keys_until_it_is_sorted(
    world: World, client_of: SignIn
) -> None:
    CampaignNode.objects.update(told_at=timezone.now())
    client = client_of("TC", Role.COMPILER)
    address = f"/followup/campaigns/{world.campaign.pk}/ladder/?has=told"
    for more in ("", "&sort=-unit", "&q=TC01"):
        page = client.get(address + more).content.decode()
        assert "<caption>" in page
    assert "có “TC01”: " in page
