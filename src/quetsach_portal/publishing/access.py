"""Who looks after the public page: the lead office of the campaign, and nobody else."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.access import own_campaign
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope

PREPARES = (Role.LEAD_OWNER, Role.LEAD_ANALYST)


def prepares(scope: Scope, campaign: Campaign) -> bool:
    """True when the person prepares what the public page shows."""
    return scope.has_role_in(campaign.lead_unit, *PREPARES)


def campaign_to_prepare(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign to who prepares its public page. Errors: Http404, PermissionDenied."""
    campaign = own_campaign(scope, campaign_id)
    if not prepares(scope, campaign):
        raise PermissionDenied(
            _("The lead office's owners and analysts look after the public page.")
        )
    return campaign
