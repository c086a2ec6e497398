"""An answer of fingerprints, made without asking any."""

from datetime import date

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.people.models.account import User
from quetsach_portal.prints.models import PrintMatch, PrintQuestion


def asked(campaign: Campaign, node: CampaignNode, by: User) -> PrintMatch:
    """Return the one hit of a question that was answered."""
    question = PrintQuestion.objects.create(
        campaign=campaign,
        release_sha256="ab" * 32,
        asked_by=by,
        done_at=timezone.now(),
        asked_days=9,
        incomplete=1,
        forgotten=2,
        cannot_tell=3,
        by_chance=0.0002,
    )
    return PrintMatch.objects.create(
        question=question,
        node=node,
        first_day=date(2022, 9, 12),
        last_day=date(2022, 9, 12),
        indicators=["<b>bad.example"],
        count=1,
        is_destroyed=True,
    )
