"""An act of two people from one button: the first asks, the second confirms."""

from quetsach_portal.campaigns.actions.life import ask_start, start
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.people.models import User


def ask_or_confirm_start(campaign: Campaign, *, actor: User) -> None:
    """Ask for the start, or do it when somebody else has asked. Errors: as those."""
    act = ask_start if campaign.start_asked_by_id is None else start
    act(campaign, actor=actor)
