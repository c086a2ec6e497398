"""Permissions to see and to change the preparation of a campaign."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    LetterReading,
    Material,
    Phase,
    ReadingState,
)
from quetsach_portal.campaigns.scope import PREPARING, campaign_for, campaigns_of, node_scope
from quetsach_portal.files.models import StoredFile
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.units.models import OrgUnit

LOOKS = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.AUDITOR)
"""Roles that read how a campaign of their own unit is prepared."""


def can_make(scope: Scope) -> bool:
    """True when the person may make campaigns."""
    return scope.has_role(Role.LEAD_OWNER)


def leads_it(scope: Scope, campaign: Campaign) -> bool:
    """True when the person may change the campaign."""
    return scope.has_role_in(campaign.lead_unit, Role.LEAD_OWNER)


def may_prepare(scope: Scope, campaign: Campaign) -> bool:
    """True when the person may still change how the campaign is prepared."""
    return campaign.state in PREPARING and leads_it(scope, campaign)


def sees_preparation(scope: Scope, campaign: Campaign) -> bool:
    """True when the person may read how the campaign was prepared."""
    return scope.has_role_in(campaign.lead_unit, *LOOKS)


def is_prepared_by(scope: Scope, campaign: Campaign) -> bool:
    """True while the campaign is being prepared and the person may read how."""
    return campaign.state in PREPARING and sees_preparation(scope, campaign)


def leads(scope: Scope) -> list[OrgUnit]:
    """Return the units for which the person may make campaigns; PermissionDenied if there is none.

    Errors: PermissionDenied.
    """
    units = list(OrgUnit.objects.filter(pk__in=scope.own_units(Role.LEAD_OWNER)).order_by("path"))
    if not units:
        raise PermissionDenied(_("Only an owner in the lead office can create campaigns."))
    return units


def own_campaign(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign if the person may read its preparation.

    Errors: Http404 outside the lead office, PermissionDenied within it.
    """
    campaign = get_or_404(
        campaigns_of(scope)
        .filter(pk=campaign_id, lead_unit_id__in=scope.own_units())
        .select_related("lead_unit", "release_file", "letter_file", "start_asked_by")
    )
    if not scope.has_role_in(campaign.lead_unit, *LOOKS):
        raise PermissionDenied(
            _("Only owners and analysts of the lead office see the preparation.")
        )
    return campaign


def led_campaign(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign, for an owner in its lead office, who may change it.

    Errors: as `own_campaign`.
    """
    campaign = own_campaign(scope, campaign_id)
    if not scope.has_role_in(campaign.lead_unit, Role.LEAD_OWNER):
        raise PermissionDenied(_("Only an owner in the lead office can change the campaign."))
    return campaign


def phase_for(scope: Scope, campaign_id: int, phase_id: int) -> Phase:
    """Return the phase to an owner in the lead office. Errors: as `led_campaign`."""
    campaign = led_campaign(scope, campaign_id)
    return get_or_404(
        Phase.objects.filter(campaign=campaign, pk=phase_id).select_related("campaign")
    )


def reading_for(scope: Scope, reading_id: int) -> LetterReading:
    """Return the letter that was handed in for a campaign, to the owners of that lead office.

    Errors: Http404 outside the office, PermissionDenied within it.
    """
    readings = LetterReading.objects.filter(lead_unit_id__in=scope.own_units(), pk=reading_id)
    reading = get_or_404(readings.select_related("lead_unit", "file", "campaign"))
    if not scope.has_role_in(reading.lead_unit, Role.LEAD_OWNER):
        raise PermissionDenied(_("Only an owner in the lead office can create campaigns."))
    return reading


def open_readings(scope: Scope) -> list[LetterReading]:
    """Return the latest ten letters of the person's lead offices that have no campaign yet."""
    if not can_make(scope):
        return []
    states = (ReadingState.WAITING, ReadingState.READ)
    readings = LetterReading.objects.filter(lead_unit_id__in=scope.own_units(), state__in=states)
    latest = readings.select_related("lead_unit", "file").order_by("-pk")[:10]
    return [row for row in latest if scope.has_role_in(row.lead_unit, Role.LEAD_OWNER)]


def material_for(scope: Scope, campaign_id: int, material_id: int) -> Material:
    """Return a material of a campaign that includes the person's unit. Errors: Http404."""
    campaign = campaign_for(scope, campaign_id)
    materials = Material.objects.filter(campaign=campaign, pk=material_id)
    return get_or_404(materials.select_related("campaign", "file"))


def led_material(scope: Scope, campaign_id: int, material_id: int) -> Material:
    """Return a material to an owner in the lead office. Errors: as `led_campaign`."""
    campaign = led_campaign(scope, campaign_id)
    materials = Material.objects.filter(campaign=campaign, pk=material_id)
    return get_or_404(materials.select_related("campaign__lead_unit", "file"))


def pulling_node(scope: Scope, campaign: Campaign) -> CampaignNode | None:
    """Return the unit for which the person's downloads count: the first one of their roles."""
    seats = node_scope(scope, campaign).seats
    return CampaignNode.objects.filter(pk=seats[0].node_id).first() if seats else None


def release_of(campaign: Campaign) -> StoredFile:
    """Return the file of the campaign's release. Errors: Http404 while it has none."""
    files = StoredFile.objects.all()
    chosen = campaign.release_file_id
    return get_or_404(files.none() if chosen is None else files.filter(pk=chosen))
