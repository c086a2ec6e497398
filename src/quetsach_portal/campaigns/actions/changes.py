"""Lock a campaign that is being prepared, and note that its preparation changed."""

from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Campaign, CampaignState
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.web.problems import Refused


def locked(campaign: Campaign, *states: CampaignState) -> Campaign:
    """Return the campaign's row, locked, when it is in one of `states`.

    Errors: Refused, with its state in words.
    """
    row = Campaign.objects.select_for_update().select_related("lead_unit").get(pk=campaign.pk)
    if row.state not in states:
        raise Refused(
            _("This cannot be done while the campaign is “%(state)s”.")
            % {"state": row.get_state_display()}
        )
    return row


def locked_to_prepare(campaign: Campaign) -> Campaign:
    """Return the campaign's row, locked, when it is still being prepared. Errors: Refused."""
    row = Campaign.objects.select_for_update().select_related("lead_unit").get(pk=campaign.pk)
    if row.state not in PREPARING:
        raise Refused(_("The campaign has begun; its preparation can no longer be changed."))
    return row


def changed(campaign: Campaign, *fields: str) -> None:
    """Save `fields`; a campaign that was ready is a draft again until its next dry run."""
    campaign.changed_at = timezone.now()
    names = {*fields, "changed_at"}
    if campaign.state == CampaignState.READY:
        campaign.state = CampaignState.DRAFT
        campaign.start_asked_by, campaign.start_asked_at = None, None
        names |= {"state", "start_asked_by", "start_asked_at"}
    campaign.save(update_fields=sorted(names))
