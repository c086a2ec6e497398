"""What the database itself refuses in a campaign."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.campaigns.models.campaign import Campaign
from tests.portal.campaigns.acting import owner, prepared
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_database_refuses_a_start_by_one(register: World) -> None:
    campaign = prepared(register)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(
            start_asked_by=owner(register), started_by=owner(register)
        )
