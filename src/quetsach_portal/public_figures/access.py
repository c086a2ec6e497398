"""Who prepares, who publishes, and what everybody sees."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.access import led_campaign, own_campaign
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.public_figures.models import PublicFigures, State
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope, found

PREPARES = (Role.LEAD_OWNER, Role.LEAD_ANALYST)


def campaign_to_prepare(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign to who prepares its figures. Errors: Http404, PermissionDenied."""
    campaign = own_campaign(scope, campaign_id)
    if not prepares(scope, campaign):
        raise PermissionDenied(_("The lead office's owners and analysts prepare the figures."))
    return campaign


def prepares(scope: Scope, campaign: Campaign) -> bool:
    """True when the person prepares the figures of the campaign."""
    return scope.has_role_in(campaign.lead_unit, *PREPARES)


def figures_to_publish(scope: Scope, figures_id: int) -> PublicFigures:
    """Return figures to an owner of the lead office. Errors: Http404, PermissionDenied."""
    rows = PublicFigures.objects.filter(pk=figures_id)
    figures = found(rows.select_related("campaign__lead_unit"))
    led_campaign(scope, figures.campaign_id)
    return figures


def published() -> QuerySet[PublicFigures]:
    """Return what everybody may see, the newest first."""
    rows = PublicFigures.objects.filter(state=State.PUBLISHED)
    return rows.select_related("campaign").order_by("-published_at", "-pk")


def shown_of(campaign_id: int) -> PublicFigures:
    """Return what is shown of a campaign to everybody. Errors: Http404 while nothing is."""
    return found(published().filter(campaign_id=campaign_id))
