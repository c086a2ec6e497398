"""Acts of two people from one button: the first asks, the second confirms."""

from quetsach_portal.campaigns.actions.life import archive, ask_archive, ask_start, start
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.people.models import User


def ask_or_confirm_start(campaign: Campaign, *, actor: User) -> None:
    """Ask for the start, or do it when somebody else has asked. Errors: as those."""
    act = ask_start if campaign.start_asked_by_id is None else start
    act(campaign, actor=actor)


def ask_or_confirm_archive(campaign: Campaign, *, actor: User) -> None:
    """Ask for archiving, or do it when somebody else has asked. Errors: as those."""
    act = ask_archive if campaign.archive_asked_by_id is None else archive
    act(campaign, actor=actor)
