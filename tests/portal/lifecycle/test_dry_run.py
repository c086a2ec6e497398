"""A dry run renders every text, sends nothing, and lists what is broken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, Phase
from quetsach_portal.campaigns.models.checks import DryRun, DryRunFault
from quetsach_portal.followup.models import PendingStep
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.units.models import UnitContact
from tests.portal.campaigns.acting import owner, prepared, rehearsed
from tests.portal.world import World

pytestmark = pytest.mark.django_db


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
