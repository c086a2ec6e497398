"""The database itself keeps one open correction a campaign, decided by another person."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.models.corrections import CampaignCorrection, CorrectionKind
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def asked(campaign: Campaign, actor: User) -> CampaignCorrection:
    return CampaignCorrection.objects.create(
        campaign=campaign, kind=CorrectionKind.TEXT, reason="Nhầm", asked_by=actor
    )


def test_nobody_confirms_what_they_asked_for(register: World, campaign: Campaign) -> None:
    owner = register.user("TC", Role.LEAD_OWNER)
    rows = CampaignCorrection.objects.filter(pk=asked(campaign, owner).pk)
    for decided_by in (owner, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state="done", decided_by=decided_by)
    rows.update(state="done", decided_by=register.user("TC", Role.LEAD_ANALYST))


def test_one_correction_waits_at_a_time(register: World, campaign: Campaign) -> None:
    owner = register.user("TC", Role.LEAD_OWNER)
    first = asked(campaign, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(campaign, owner)
    CampaignCorrection.objects.filter(pk=first.pk).update(state="declined")
    asked(campaign, owner)
