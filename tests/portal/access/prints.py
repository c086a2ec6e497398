"""Who may open the pages of the app `prints`."""

from collections.abc import Mapping
from typing import Any

from tests.portal.access.row import ALL, Row
from tests.portal.prints.asked import asked
from tests.portal.world import World, make_campaign


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    return {"campaign_id": make_campaign(world, lead=code).pk}


def _hit(world: World, code: str) -> Mapping[str, Any]:
    campaign = make_campaign(world, lead=code)
    node = campaign.nodes.get(unit=world.units[code])
    return {"hit_id": asked(campaign, node, world.user(code, "LO")).pk}


ROWS = (
    Row("prints:index", get="LO LA"),
    Row("prints:ask", make=_campaign, seat="TC", get=None, post="LO LA", seen=ALL),
    Row("prints:evidence", make=_hit, get=None, post="LO LA"),
)
