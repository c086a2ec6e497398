"""The state of a campaign, read anew."""

from quetsach_portal.campaigns.models.campaign import Campaign
from tests.portal.world import World


def state(world: World) -> str:
    return Campaign.objects.get(pk=world.campaign.pk).state
