"""A campaign lives by its states, in their order, and starts by two people."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.actions.preparing import CampaignBasics, set_basics, set_tasks
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    DryRun,
    DryRunFault,
    LetterReading,
    Phase,
)
from quetsach_portal.followup.models import PendingStep
from quetsach_portal.lifecycle import actions
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import UnitContact
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import owner, prepared, rehearsed, second_owner
from tests.portal.working import run_ready
from tests.portal.world import World, make_unit, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


def codes(run: DryRun) -> set[str]:
    return set(DryRunFault.objects.filter(run=run).values_list("code", flat=True))


def test_C4_a_dry_run_makes_every_text_and_sends_nothing(register: World) -> None:
    campaign = prepared(register)
    run = rehearsed(register, campaign)
    assert run.passed
    assert (run.units, run.reachable) == (4, 4)
    assert run.rendered == 4 * len(PendingStep)
    assert not OutboxMail.objects.exists()
    assert campaign.state == CampaignState.READY


def test_C4_a_dry_run_lists_what_is_broken(register: World) -> None:
    campaign = prepared(register)
    UnitContact.objects.filter(unit=register.units["TC02"]).update(disabled_reason="bounced")
    UnitContact.objects.filter(unit=register.units["TC01A"]).delete()
    Phase.objects.update(due_at=timezone.now() - timedelta(days=1))
    run = rehearsed(register, campaign)
    assert not run.passed
    assert codes(run) >= {"few_contacts", "contact_off", "no_contact", "phase_over"}
    assert DryRunFault.objects.get(run=run, code="contact_off").node.unit.code == "TC02"
    assert campaign.state == CampaignState.DRAFT


def test_an_empty_campaign_is_told_all_that_it_lacks(register: World) -> None:
    campaign = Campaign.objects.create(
        title="Trống", lead_unit=register.units["TC"], created_by=owner(register)
    )
    run = rehearsed(register, campaign)
    assert codes(run) >= {"no_legal_basis", "no_tasks", "no_tree", "no_phase"}


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


def test_what_changes_after_a_dry_run_makes_it_a_draft_again(register: World) -> None:
    campaign = prepared(register)
    rehearsed(register, campaign)
    state.request_start(campaign, actor=owner(register))
    set_tasks(campaign, ["Việc khác"], actor=owner(register))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    assert campaign.start_asked_by is None


def test_what_changes_during_a_dry_run_keeps_it_a_draft(register: World) -> None:
    campaign = prepared(register)
    run = state.request_dry_run(campaign, actor=owner(register))
    set_tasks(campaign, ["Việc khác"], actor=owner(register))
    run_ready()
    run.refresh_from_db()
    campaign.refresh_from_db()
    assert run.passed
    assert campaign.state == CampaignState.DRAFT


def test_the_start_is_an_act_of_two(register: World) -> None:
    campaign = prepared(register)
    rehearsed(register, campaign)
    with pytest.raises(Refused):
        actions.start(campaign, actor=second_owner(register))
    state.request_start(campaign, actor=owner(register))
    with pytest.raises(Refused):
        actions.start(campaign, actor=owner(register))
    other = second_owner_again()
    actions.start(campaign, actor=other)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.LIVE
    assert campaign.started_by == other
    root = CampaignNode.objects.get(campaign=campaign, depth=0)
    assert root.told_at is not None
    assert root.received_at is None
    assert not OutboxMail.objects.exists()


def second_owner_again() -> User:
    return User.objects.get(email="hai@coquan.example")


def test_the_database_refuses_a_start_by_one(register: World) -> None:
    campaign = prepared(register)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(
            start_asked_by=owner(register), started_by=owner(register)
        )


@pytest.mark.parametrize("act", [state.request_start, actions.start])
def test_B1_no_start_without_a_dry_run(register: World, act) -> None:
    campaign = prepared(register)
    with pytest.raises(Refused):
        act(campaign, actor=owner(register))


def test_states_are_passed_in_their_order_alone(register: World) -> None:
    campaign = live(register)
    with pytest.raises(Refused):
        actions.close(campaign, actor=owner(register))
    with pytest.raises(Refused):
        actions.begin_closing(campaign, actor=owner(register))
    Phase.objects.update(
        opens_at=timezone.now() - timedelta(days=9), due_at=timezone.now() - timedelta(days=1)
    )
    actions.begin_closing(campaign, actor=owner(register))
    actions.close(campaign, actor=owner(register))
    with pytest.raises(Refused):
        actions.begin_closing(campaign, actor=owner(register))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSED
    assert campaign.closed_at is not None
    acts = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
    assert acts[-3:] == ["campaign.started", "campaign.closing", "campaign.closed"]


def live(register: World) -> Campaign:
    campaign = prepared(register)
    rehearsed(register, campaign)
    state.request_start(campaign, actor=owner(register))
    actions.start(campaign, actor=second_owner(register))
    campaign.refresh_from_db()
    return campaign


def test_P2_an_archive_needs_90_days_and_two_people(register: World) -> None:
    campaign = live(register)
    Campaign.objects.update(
        state=CampaignState.CLOSED,
        closed_at=timezone.now() - timedelta(days=89),
        letter={"signer": {"name": "Bà A"}},
    )
    with pytest.raises(Refused):
        state.request_archive(campaign, actor=owner(register))
    Campaign.objects.update(closed_at=timezone.now() - timedelta(days=91))
    state.request_archive(campaign, actor=owner(register))
    with pytest.raises(Refused):
        actions.archive(campaign, actor=owner(register))
    actions.archive(campaign, actor=second_owner_again())
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.ARCHIVED
    assert campaign.letter == {}
    assert not LetterReading.objects.exclude(result={}).exists()


def test_what_is_prepared_cannot_change_once_it_runs(register: World) -> None:
    campaign = live(register)
    with pytest.raises(Refused):
        set_basics(campaign, CampaignBasics("Khác"), actor=owner(register))
    with pytest.raises(Refused):
        state.request_dry_run(campaign, actor=owner(register))
