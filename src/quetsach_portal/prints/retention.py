"""What was asked of fingerprints goes with the campaign's archiving."""

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.prints.models import PrintHit, PrintQuestion


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many answers of a campaign were deleted. The caller holds the transaction."""
    PrintHit.objects.filter(question__campaign=campaign).delete()
    return {"print_questions": PrintQuestion.objects.filter(campaign=campaign).delete()[0]}
