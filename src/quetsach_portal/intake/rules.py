"""What holds for evidence in a campaign."""

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.intake.models import IntakeRules


def rules_of(campaign: Campaign) -> IntakeRules:
    """Return the lead office's rules, or what holds where it decided nothing (not saved)."""
    found = IntakeRules.objects.filter(campaign=campaign).first()
    return IntakeRules(campaign=campaign) if found is None else found
