"""Who may open the pages of the app `handouts`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.participation.handouts.editions import refresh_edition
from quetsach_portal.participation.handouts.giver import HandoutKind, general_giver
from tests.portal.access.row import ALL, SUBTREE, UNITS, Row
from tests.portal.world import World, make_campaign

FORM = {"kind": "chat", "language": "vi", "audience": "public"}


def _node(world: World, code: str) -> Mapping[str, Any]:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return {"node_id": world.nodes[code].pk}


def _edition(world: World, code: str) -> Mapping[str, Any]:
    _node(world, code)
    campaign = world.nodes[code].campaign
    return {
        "version_id": refresh_edition(campaign, HandoutKind.CHAT, "vi", general_giver(campaign)).pk
    }


ROWS = (
    Row(
        "handouts:index",
        make=_node,
        get={"own": ALL, "child": SUBTREE},
        post="LO CO FP CK TE",
        seen={"own": ALL, "child": SUBTREE},
        data=FORM,
    ),
    # The campaign's own, for everybody who stands in it.
    Row(
        "handouts:edition",
        make=_edition,
        get={relation: ALL for relation in UNITS["TC01"] if relation != "stranger"},
    ),
)
