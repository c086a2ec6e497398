"""A campaign's tree, frozen for a test."""

from django.utils import timezone

from quetsach_portal.campaigns.actions.freezing import freeze
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.tree.choosing import TreeChoice
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import ReportingLine
from tests.portal.world import World

TERRITORY, SECTOR = ReportingLine.TERRITORY.value, ReportingLine.SECTOR.value


def frozen(register: World, campaign: Campaign, *lines: str, day=None) -> dict[str, CampaignNode]:
    freeze(
        campaign,
        TreeChoice(lines or [TERRITORY]),
        day=day or timezone.localdate(),
        actor=register.user("TC", Role.LEAD_OWNER),
    )
    nodes = CampaignNode.objects.filter(campaign=campaign).select_related("unit", "parent__unit")
    return {node.unit.code: node for node in nodes}
