"""What an office has to decide stands on its first page, and nothing of a sibling."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.followup.models import Extension, PendingStep, Silence
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState
from quetsach_portal.lists.models import ListVersion, ListVersionState
from quetsach_portal.people.models.roles import Role
from tests.portal.access import cases as cases_rows
from tests.portal.access import units as units_rows
from tests.portal.letters import staged
from tests.portal.worklist.pages import SignIn, page
from tests.portal.world import World

pytestmark = pytest.mark.django_db


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
