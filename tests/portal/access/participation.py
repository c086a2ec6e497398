"""Who may open the pages of the app `participation`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from quetsach_portal.participation import counting_limits
from quetsach_portal.participation.actions import make_codes
from quetsach_portal.participation.models import JoinCode, SlipHour, SlipLot
from quetsach_portal.participation.slips.lots import print_lot
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


def _lot(world: World, code: str) -> Mapping[str, Any]:
    _node(world, code)
    actor = world.user(code, Role.FOCAL_POINT)
    return {"lot_id": print_lot(world.nodes[code], 4, actor=actor)[0].pk}


def _slip(world: World, code: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    _node(world, code)
    actor = world.user(code, Role.FOCAL_POINT)
    _lot_of_one, texts = print_lot(world.nodes[code], 1, actor=actor)
    return {"ma": texts[0]}


def _revoked(world: World, code: str) -> Mapping[str, Any]:
    arguments = _lot(world, code)
    SlipLot.objects.filter(pk=arguments["lot_id"]).update(revoked_at=timezone.now())
    return arguments


HOUR = datetime(2026, 11, 30, 2, tzinfo=UTC)


def _burst(world: World, code: str) -> Mapping[str, Any]:
    lot_id = _lot(world, code)["lot_id"]
    SlipHour.objects.create(lot_id=lot_id, hour=HOUR, pressed=9)
    return {"node_id": world.nodes[code].pk}


ROWS = (
    Row("participation:slips", make=_node, get={"own": ALL, "child": SUBTREE}),
    Row(
        "participation:print_slips",
        make=_node,
        get=None,
        post="LO CO FP",
        seen={"own": ALL, "child": SUBTREE},
        data={"size": 2},
    ),
    Row(
        "participation:revoke_slips",
        make=_lot,
        get=None,
        post="LO CO FP",
        seen={"own": ALL, "child": SUBTREE},
    ),
    Row(
        "participation:strike_slips",
        make=_revoked,
        get=None,
        post="LO CO FP",
        seen={"own": ALL, "child": SUBTREE},
        data={"reason": "bị mất"},
    ),
    # Who signs the report may answer for its figures, too.
    Row(
        "participation:confirm_burst",
        make=_burst,
        get=None,
        post="LO CO FP SG",
        seen={"own": ALL, "child": SUBTREE},
        data={"hour": HOUR.isoformat(), "seen": 9, "reason": "họp cơ quan"},
    ),
    # Whoever has a slip may take part; its code itself is the right.
    Row(
        "slip",
        personal=True,
        get=ALL,
        post=ALL,
        public=True,
        without_seat=200,
        data=_slip,
        csrf=False,
    ),
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
