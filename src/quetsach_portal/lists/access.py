"""Who reads versions of a list, who works on them, and who puts one in force."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.access import led_campaign, own_campaign
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.lists.models import Feed, ListHold, ListVersion, OfficeRow
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404

WORKS = (Role.LEAD_OWNER, Role.LEAD_ANALYST)


def works_on(scope: Scope, campaign: Campaign) -> bool:
    """True when the person may take versions in, decide on rows and propose."""
    return scope.has_role_in(campaign.lead_unit, *WORKS)


def decides_on(scope: Scope, campaign: Campaign) -> bool:
    """True when the person may put a version in force."""
    return scope.has_role_in(campaign.lead_unit, Role.LEAD_OWNER)


def worked_campaign(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign to those who work on its list.

    Errors: Http404 outside the lead office, PermissionDenied within it.
    """
    campaign = own_campaign(scope, campaign_id)
    if not works_on(scope, campaign):
        raise PermissionDenied(
            _("Only owners and analysts of the lead office work on the list of a campaign.")
        )
    return campaign


def version_for(scope: Scope, campaign_id: int, n: int) -> ListVersion:
    """Return a version to those who may read how the campaign is prepared. Errors: as above."""
    return _version(own_campaign(scope, campaign_id), n)


def worked_version(scope: Scope, campaign_id: int, n: int) -> ListVersion:
    """Return a version to those who work on it. Errors: as `worked_campaign`."""
    return _version(worked_campaign(scope, campaign_id), n)


def decided_version(scope: Scope, campaign_id: int, n: int) -> ListVersion:
    """Return a version to an owner of the lead office. Errors: as `led_campaign`."""
    return _version(led_campaign(scope, campaign_id), n)


def decided_feed(scope: Scope, campaign_id: int, feed_id: int) -> Feed:
    """Return a feed to an owner of the lead office. Errors: as `led_campaign`."""
    rows = Feed.objects.filter(campaign=led_campaign(scope, campaign_id), pk=feed_id)
    return get_or_404(rows.select_related("campaign__lead_unit"))


def worked_hold(scope: Scope, campaign_id: int, hold_id: int) -> ListHold:
    """Return a hold to those who work on the list. Errors: as `worked_campaign`."""
    campaign = worked_campaign(scope, campaign_id)
    rows = ListHold.objects.filter(version__campaign=campaign, pk=hold_id)
    return get_or_404(rows.select_related("version__campaign__lead_unit", "by"))


def worked_office_row(scope: Scope, campaign_id: int, row_id: int) -> OfficeRow:
    """Return a row that the office vouches for. Errors: as `worked_campaign`."""
    rows = OfficeRow.objects.filter(campaign=worked_campaign(scope, campaign_id), pk=row_id)
    return get_or_404(rows.select_related("campaign__lead_unit"))


def owners_only(scope: Scope, campaign: Campaign) -> None:
    """Let pass who may be the second person. Errors: PermissionDenied."""
    if not decides_on(scope, campaign):
        raise PermissionDenied(_("Only an owner in the lead office can put a version in force."))


def _version(campaign: Campaign, n: int) -> ListVersion:
    rows = ListVersion.objects.filter(campaign=campaign, n=n)
    return get_or_404(
        rows.select_related(
            "campaign__lead_unit", "release", "by", "proposed_by", "approved_by", "ended_by", "feed"
        )
    )
