"""Who may open the pages of the app `participation`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.participation import counting_limits
from quetsach_portal.participation.actions import make_codes
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.world import World, make_campaign


def _node(world: World, code: str) -> Mapping[str, Any]:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return {"node_id": world.nodes[code].pk}


def _made(world: World, code: str) -> JoinCode:
    _node(world, code)
    return make_codes(world.nodes[code], actor=world.user(code, Role.FOCAL_POINT))[0]


def _code(world: World, code: str) -> Mapping[str, Any]:
    return {"code_id": _made(world, code).pk}


def _poster(world: World, code: str) -> Mapping[str, Any]:
    return {"code": _made(world, code).code}


def _ticket(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"ticket": counting_limits.new_ticket(JoinCode.objects.get(code=arguments["code"]))}


ROWS = (
    Row("participation:figures", make=_node, get={"own": ALL, "child": SUBTREE}),
    Row(
        "participation:make_codes",
        make=_node,
        get=None,
        post="LO CO FP",
        seen={"own": ALL, "child": SUBTREE},
    ),
    Row(
        "participation:replace_code",
        make=_code,
        get="LO CO FP",
        post="LO CO FP",
        seen={"own": ALL, "child": SUBTREE},
    ),
    Row("participation:sheet", make=_code, get="LO CO FP", seen={"own": ALL, "child": SUBTREE}),
    # Whoever has the poster may take part; the code itself is the right.
    Row(
        "join",
        make=_poster,
        personal=True,
        get=ALL,
        post=ALL,
        public=True,
        without_seat=200,
        data=_ticket,
        csrf=False,
    ),
    Row("joined", make=_poster, personal=True, get=ALL, public=True, without_seat=200),
)
