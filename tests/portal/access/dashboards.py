"""Who may open the pages of the app `dashboards`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.campaigns.models import Campaign
from tests.portal.access.followup import FOLLOWS
from tests.portal.access.row import Row
from tests.portal.world import World, make_campaign


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    held = Campaign.objects.filter(lead_unit=world.units[code]).first()
    return {"campaign_id": (held or make_campaign(world, lead=code)).pk}


def _file(world: World, code: str) -> Mapping[str, Any]:
    return {**_campaign(world, code), "kind": "csv"}


ROWS = (
    Row("dashboards:show", make=_campaign, get=FOLLOWS),
    Row(
        "dashboards:coverage",
        make=_campaign,
        get=dict.fromkeys(FOLLOWS, "LO LA CO FP TE"),
        seen=FOLLOWS,
    ),
    Row("dashboards:ranking", make=_campaign, get=FOLLOWS),
    Row("dashboards:map", make=_campaign, get=FOLLOWS),
    Row("dashboards:trend", make=_campaign, get=FOLLOWS),
    Row("dashboards:week", make=_campaign, get=FOLLOWS),
    Row("dashboards:week_paper", make=_campaign, get=FOLLOWS),
    Row("dashboards:below", make=_file, get=FOLLOWS),
    Row("dashboards:years", make=_campaign, get=FOLLOWS),
)
