"""P2: after the archiving no row of any table names who was planted; the steps and sums stay."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, Model, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, ExpectedReportState
from quetsach_portal.followup.models import Receipt
from quetsach_portal.letters.models import Dispatch, DispatchState
from quetsach_portal.lifecycle import actions, end_steps
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.access import followup, reports
from tests.portal.followup.acting import node, received
from tests.portal.letters import staged
from tests.portal.world import World, make_campaign

pytestmark = pytest.mark.django_db

PLANTED = "trongcay"


def told_of() -> Iterator[str]:
    """Yield each column of each table in which the planted word stands."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField | JSONField) and _is_in(model, field.name):
                yield f"{model._meta.label}.{field.name}"


def _is_in(model: type[Model], name: str) -> bool:
    rows = model._default_manager.annotate(as_text=Cast(name, TextField()))
    return rows.filter(Q(as_text__icontains=PLANTED)).exists()


def planted(world: World) -> None:
    """Let everybody who can be named in a dispatch or an answer be named."""
    for code in ("TC01", "TC02"):
        staged.contact(
            world.units[code],
            f"{code.lower()}.{PLANTED}@xa.example",
            person=f"Bà {PLANTED}",
            phone=f"0900{PLANTED}",
        )
    staged.released(world)
    Dispatch.objects.filter(to_node=world.nodes["TC01"]).update(
        state=DispatchState.BOUNCED, reply=f"550 no such user {PLANTED}"
    )
    received(world, "TC01")
    Receipt.objects.update(said_by=f"Bà {PLANTED}", note=PLANTED)
    followup._extension(world, "TC01")
    world.nodes["TC01"].slots.get().extensions.update(reason=f"{PLANTED} ốm")


def archived(campaign: Campaign, world: World) -> None:
    """Let two owners archive `campaign` when its 90 days have passed."""
    Campaign.objects.filter(pk=campaign.pk).update(
        state=CampaignState.CLOSED, closed_at=timezone.now() - timedelta(days=91)
    )
    state.request_archive(campaign, actor=world.user("TC", Role.LEAD_OWNER))
    actions.archive(campaign, actor=world.user("TC", Role.LEAD_ANALYST))


def test_P2_archived_nobody_who_was_planted_is_named_anywhere(world: World) -> None:
    planted(world)
    assert "letters.Dispatch.address" in set(told_of())
    sent = Dispatch.objects.count()
    archived(world.campaign, world)
    assert not set(told_of())
    assert Dispatch.objects.count() == sent
    assert Dispatch.objects.filter(state=DispatchState.BOUNCED).exists()
    assert node(world, "TC01").received_at is not None


def test_P2_the_page_says_what_will_go_and_then_what_went(world: World, client_of) -> None:
    planted(world)
    client, address = client_of("TC", Role.LEAD_OWNER), f"/campaigns/{world.campaign.pk}/end/"
    words = str(end_steps.GOES["contacts"])
    assert words in client.get(address).content.decode()
    archived(world.campaign, world)
    found = end_steps.purged(world.campaign)
    assert dict(found.rows)[words] == 2
    assert len(found.rows) == len(end_steps.GOES), "each purge has its words"
    assert f">{words}</td>" in client.get(address).content.decode()


def test_the_end_names_open_reports_and_changes_that_no_report_took_in(
    world: World, client_of
) -> None:
    reports._notice(world, "TC01")
    world.nodes["TC02"].slots.update(state=ExpectedReportState.EXCUSED)
    page = client_of("TC", Role.LEAD_OWNER).get(f"/campaigns/{world.campaign.pk}/end/")
    assert [one.node.unit.code for one in page.context["page"].rows] == ["TC", "TC01A"]
    (left,) = page.context["leftovers"]
    assert left.url == f"/reports/{world.nodes['TC01'].slots.get().pk}/"
    assert left.unit in page.content.decode()


def test_P2_contacts_stay_for_a_campaign_that_still_needs_them(world: World) -> None:
    planted(world)
    first, other = world.campaign, make_campaign(world, lead="TC")
    archived(first, world)
    assert UnitContact.objects.count() == 2
    archived(other, world)
    assert not UnitContact.objects.exists()
