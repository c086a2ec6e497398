"""What each role finds on the first page, and that it costs the same in a large tree."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import NodeCounter, ReportCounter
from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.worklist.pages import SignIn, page
from tests.portal.world import World, make_campaign, make_unit

pytestmark = pytest.mark.django_db


MOST_QUERIES = 45


def test_a_focal_point_with_units_below_sees_six_tasks_in_order_with_the_deadline(
    world: World, client_of: SignIn
) -> None:
    source = page(client_of("TC01", Role.FOCAL_POINT))
    listed = re.findall(r"<div>(\d)\. ", source)
    assert listed == ["1", "2", "3", "4", "5", "6"]
    due = timezone.localtime(world.phase.due_at)
    assert f"{due:%d/%m/%Y}" in source
    assert f'href="/followup/units/{world.nodes["TC01"].pk}/receive/"' in source


def test_the_next_task_is_the_one_main_action(world: World, client_of: SignIn) -> None:
    node = world.nodes["TC01"]
    client = client_of("TC01", Role.FOCAL_POINT)
    first = page(client)
    assert first.count("btn-primary") == first.count("is-next") == 1
    assert re.search(rf'btn-primary" href="/followup/units/{node.pk}/receive/"', first)
    node.received_at = timezone.now()
    node.save()
    assert re.search(r'btn-primary" href="/letters/"', page(client))


def test_the_lead_sees_five_figures_of_what_is_expected(world: World, client_of: SignIn) -> None:
    root = world.nodes["TC"]
    NodeCounter.objects.filter(node=root).update(told=4, received=3, deployed=1)
    ReportCounter.objects.filter(node=root).update(signed=2)
    source = page(client_of("TC", Role.LEAD_OWNER))
    figures = re.findall(r"<b>(\d+) <small>/ (\d+) · ([\d ]+%)</small></b>", source)
    assert figures == [
        ("4", "4", "100 %"),
        ("3", "4", "75 %"),
        ("1", "4", "25 %"),
        ("0", "4", "0 %"),
        ("2", "4", "50 %"),
    ]
    assert source.count(f"/followup/campaigns/{world.campaign.pk}/ladder/?under={root.pk}") >= 3


def test_a_signer_with_units_below_sees_the_figures_and_one_of_a_single_unit_does_not(
    world: World, client_of: SignIn
) -> None:
    link = f"/figures/{world.campaign.pk}/?under="
    assert f"{link}{world.nodes['TC'].pk}" in page(client_of("TC", Role.SIGNER))
    assert link not in page(client_of("TC01A", Role.SIGNER))


def test_who_has_no_role_any_more_finds_an_empty_page(world: World, client_of: SignIn) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    Assignment.objects.update(valid_to=timezone.localdate())
    source = page(client)
    assert 'class="empty"' in source
    assert "task-list" not in source
    assert 'class="figures' not in source


def queries_of(client: Client) -> int:
    page(client)
    with CaptureQueriesContext(connection) as counted:
        page(client)
    return len(counted)


@pytest.mark.parametrize("role", Role)
def test_no_role_costs_more_in_a_large_tree(role: Role, client_of: SignIn, world: World) -> None:
    small = queries_of(client_of("TC", role))
    for number in range(30):
        make_unit(f"X{number}", world.units["TC"])
    make_campaign(world)
    assert queries_of(client_of("TC", role)) <= small <= MOST_QUERIES
