"""What each role finds on the first page, and that it costs the same in a large tree."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter, ReportCounter
from quetsach_portal.followup.models import Extension, PendingStep, Silence
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.letters.actions import signing
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState
from quetsach_portal.lists.models import ListVersion, ListVersionState
from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.access import cases as cases_rows
from tests.portal.access import units as units_rows
from tests.portal.letters import staged
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


def test_what_needs_the_lead_is_listed_with_its_count(world: World, client_of: SignIn) -> None:
    child, slot = world.nodes["TC01"], world.nodes["TC02"].slots.get()
    Silence.objects.create(node=child, waits_for=PendingStep.RECEIVED, since=timezone.now())
    wanted = timezone.now() + timedelta(days=9)
    Extension.objects.create(slot=slot, reason="mất điện", wanted=wanted)
    letter = staged.with_clerk(world, "TC")
    Dispatch.objects.create(
        letter=letter, to_node=child, channel=Channel.MAIL, state=DispatchState.BOUNCED
    )
    units_rows._event(world, "TC01")
    cases_rows._alarm(world, "TC01")
    job = enqueue("mail.deliver", key="x", unit_path=world.units["TC"].path)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    source = page(client_of("TC", Role.LEAD_OWNER))
    campaign = world.campaign.pk
    for address in (
        f"/followup/campaigns/{campaign}/silent/",
        f"/followup/campaigns/{campaign}/more-time/?state=asked",
        f"/letters/{letter.pk}/dispatch/?state=needs_you",
        "/units/events/",
        "/cases/alarms/",
        "/oversight/jobs/",
    ):
        assert f'<a href="{address}">' in source, address


def test_what_waits_in_a_sibling_is_no_business_of_a_compiler(
    world: World, client_of: SignIn
) -> None:
    Silence.objects.create(
        node=world.nodes["TC02"], waits_for=PendingStep.RECEIVED, since=timezone.now()
    )
    assert "/silent/" not in page(client_of("TC01", Role.COMPILER))
    assert "/silent/" in page(client_of("TC", Role.COMPILER))


def test_a_campaign_in_preparation_is_continued_by_its_owner(
    world: World, client_of: SignIn
) -> None:
    world.campaign.state = CampaignState.DRAFT
    world.campaign.save()
    address = f"/campaigns/{world.campaign.pk}/setup/"
    assert f'btn-primary" href="{address}"' in page(client_of("TC", Role.LEAD_OWNER))
    assert address not in page(client_of("TC01", Role.LEAD_OWNER))


def test_a_version_of_the_list_waits_for_the_owners_of_the_lead_office(
    world: World, client_of: SignIn
) -> None:
    address = f"/versions/{world.campaign.pk}/"
    assert f'href="{address}"' not in page(client_of("TC", Role.LEAD_OWNER))
    ListVersion.objects.create(campaign=world.campaign, n=1, state=ListVersionState.PROPOSED)
    assert f'href="{address}"' in page(client_of("TC", Role.LEAD_OWNER))
    assert f'href="{address}"' not in page(client_of("TC01", Role.LEAD_OWNER))


def test_a_clerk_sees_the_letters_on_the_desk_and_a_signer_those_to_sign(
    world: World, client_of: SignIn
) -> None:
    basis = staged.outside(world, "TC01")
    waiting = staged.with_clerk(world, "TC01", basis)
    numbered = staged.numbered(world, "TC01", basis)
    elsewhere = staged.with_clerk(world, "TC", staged.outside(world, "TC"))
    clerk = page(client_of("TC01", Role.CLERK))
    assert f'<a href="/letters/{waiting.pk}/">' in clerk
    assert f'<a href="/letters/{numbered.pk}/">' in clerk
    assert f"/letters/{elsewhere.pk}/" not in clerk
    signer = page(client_of("TC01", Role.SIGNER))
    assert f"/letters/{numbered.pk}/" not in signer, "it is signed already"
    assert f"/letters/{waiting.pk}/" not in signer, "it is not laid before the signer yet"
    acting = world.user("TC01", Role.CLERK)
    signing.present(waiting.pk, staged.SIGNER, actor=acting)
    assert f'<a href="/letters/{waiting.pk}/sign/">' in page(client_of("TC01", Role.SIGNER))


def test_a_technician_sees_the_devices_of_the_own_unit(world: World, client_of: SignIn) -> None:
    case = cases_rows._case(world, "TC01")["case_id"]
    other = cases_rows._case(world, "TC02")["case_id"]
    source = page(client_of("TC01", Role.TECHNICIAN))
    assert f'<a href="/cases/{case}/">' in source
    assert f"/cases/{other}/" not in source


def test_who_has_no_role_any_more_finds_an_empty_page(world: World, client_of: SignIn) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    Assignment.objects.update(valid_to=timezone.localdate())
    source = page(client)
    assert 'class="empty"' in source
    assert "task-list" not in source
    assert "figures" not in source


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
