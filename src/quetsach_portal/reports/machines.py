"""The secret with which a campaign's machines become sketches, counted once and never named."""

import secrets

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.reports.models import CampaignSalt

SALT_BYTES = 32


def salt_of(campaign: Campaign) -> bytes:
    """Return the campaign's secret, made when first asked for."""
    held, _is_new = CampaignSalt.objects.get_or_create(
        campaign=campaign, defaults={"salt": secrets.token_bytes(SALT_BYTES)}
    )
    return bytes(held.salt)
