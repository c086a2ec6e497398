"""The small world before any campaign."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.actions.phases import add_phase
from quetsach_portal.campaigns.actions.preparing import CampaignBasics, create, take_letter
from quetsach_portal.campaigns.models.campaign import Campaign, LetterReading
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.demo import load_tra_cu
from quetsach_portal.units.models import OrgUnit
from tests.portal.campaigns.acting import owner
from tests.portal.campaigns.letters_in import upload
from tests.portal.working import run_ready
from tests.portal.world import World, make_user, make_world


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


@pytest.fixture
def campaign(register: World) -> Campaign:
    owner = register.user("TC", Role.LEAD_OWNER)
    made = create(register.units["TC"], CampaignBasics("Chiến dịch", "Công văn 1"), actor=owner)
    add_phase(made, title="", due_at=timezone.now() + timedelta(days=30), actor=owner)
    return made


@pytest.fixture
def reading(register: World) -> LetterReading:
    made = take_letter(register.units["TC"], upload(), actor=owner(register))
    run_ready()
    made.refresh_from_db()
    return made


SEED = {
    "addressees": {
        "value": [
            "Thủ trưởng các phòng, ban, ngành huyện (03 hệ)",
            "Chủ tịch Ủy ban nhân dân các xã, thị trấn",
        ]
    }
}


@pytest.fixture
def seed_owner(db: None) -> User:
    """The owner in the lead office of the seed letter's district."""
    return make_user(load_tra_cu(timezone.localdate())["TC"], Role.LEAD_OWNER)


@pytest.fixture
def seed_district(seed_owner: User) -> Campaign:
    """The campaign, led by the district of the seed letter."""
    lead = OrgUnit.objects.get(code="TC")
    campaign = create(lead, CampaignBasics("Chiến dịch", "Công văn 1"), actor=seed_owner)
    add_phase(campaign, title="", due_at=timezone.now() + timedelta(days=30), actor=seed_owner)
    campaign.letter = SEED
    campaign.save(update_fields=["letter"])
    return campaign
