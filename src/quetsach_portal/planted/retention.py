"""How long it is kept what was planted and seen: as long as its campaign."""

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.planted.models import PlantedName, SubnetSeen


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows of a campaign were deleted; places belong to units and stay.

    The caller holds the transaction.
    """
    of_campaign = {"node__campaign": campaign}
    return {
        "planted_names": PlantedName.objects.filter(**of_campaign).delete()[0],
        "subnets_seen": SubnetSeen.objects.filter(**of_campaign).delete()[0],
    }
