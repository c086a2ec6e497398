"""Who may open the pages of the app `dashboards`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.dashboards.models import SubtreeFile
from quetsach_portal.people.models.roles import Role
from tests.portal.access.followup import FOLLOWS
from tests.portal.access.row import Row
from tests.portal.world import World, make_campaign


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    held = Campaign.objects.filter(lead_unit=world.units[code]).first()
    return {"campaign_id": (held or make_campaign(world, lead=code)).pk}


def _file(world: World, code: str) -> Mapping[str, Any]:
    return {**_campaign(world, code), "kind": "csv"}


READS_BELOW = dict.fromkeys(FOLLOWS, "LO LA CO AU")
"""Who reads the reports of a unit and of all below it."""


def _asked_by_another(world: World, code: str) -> Mapping[str, Any]:
    found = _campaign(world, code)
    node = CampaignNode.objects.get(campaign=found["campaign_id"], depth=0)
    # Nobody whom a row asks: a file is its own person's alone.
    other = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    made = SubtreeFile.objects.create(node=node, kind="csv", by=other)
    return {**found, "file_id": made.pk}


COUNTS = {"own": "LO LA CO SG FP TE AU", "child": "LO LA CO AU"}


ROWS = (
    Row("dashboards:show", make=_campaign, get=FOLLOWS),
    Row(
        "dashboards:coverage",
        make=_campaign,
        get=COUNTS,
        seen=FOLLOWS,
    ),
    Row(
        "dashboards:effect",
        make=_campaign,
        get=COUNTS,
        seen=FOLLOWS,
    ),
    Row("dashboards:ranking", make=_campaign, get=FOLLOWS),
    Row("dashboards:map", make=_campaign, get=FOLLOWS),
    Row("dashboards:trend", make=_campaign, get=FOLLOWS),
    Row("dashboards:week", make=_campaign, get=FOLLOWS),
    Row("dashboards:week_paper", make=_campaign, get=FOLLOWS),
    Row("dashboards:below", make=_file, get=FOLLOWS),
    Row("dashboards:subtree", make=_file, get=READS_BELOW, seen=FOLLOWS),
    Row("dashboards:files", make=_campaign, get=READS_BELOW, post=READS_BELOW, seen=FOLLOWS),
    Row("dashboards:file", make=_asked_by_another),
    Row("dashboards:years", make=_campaign, get=FOLLOWS),
)
