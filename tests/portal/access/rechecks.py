"""Who may open the pages of the app `rechecks`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.cases.models.case import Case, Device
from quetsach_portal.cases.models.recheck import Draw, RecheckItem
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.world import World, make_campaign

SEES = {"own": ALL, "child": SUBTREE}
LOOKS = {"own": "LO LA CO SG AU TE", "child": "LO LA CO AU"}


def _node(world: World, code: str) -> Mapping[str, Any]:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return {"node_id": world.nodes[code].pk}


def _draw(world: World, code: str) -> Mapping[str, Any]:
    """Return a sample of `code` with one thing drawn, of a unit where nobody sits who asks."""
    _node(world, code)
    node = world.nodes[code]
    device = Device.objects.create(node=node, key="MAY-1")
    case = Case.objects.create(node=node, device=device)
    held = Draw.objects.create(
        node=node,
        phase=node.campaign.phases.get(),
        subject="devices",
        number=1,
        seed="00",
        frame=case.number,
        population=1,
        declared=1,
        size=1,
        drawn_by=world.user("KH" if code != "KH" else "TC02", Role.AUDITOR),
    )
    of = world.nodes["TC02"] if code != "TC02" else world.nodes["TC01"]
    RecheckItem.objects.create(
        draw=held, place=1, ref=case.number, node=of, case=case, was_declared=True
    )
    return {"draw_id": held.pk}


def _item(world: World, code: str) -> Mapping[str, Any]:
    return {**_draw(world, code), "place": 1}


def _answered(world: World, code: str) -> Mapping[str, Any]:
    made = _draw(world, code)
    RecheckItem.objects.filter(draw_id=made["draw_id"]).update(answer="yes")
    return made


ROWS = (
    Row("rechecks:unit", make=_node, get=LOOKS, seen=SEES),
    Row(
        "rechecks:new",
        make=_node,
        get="LO CO",
        post="LO CO",
        seen=SEES,
        data={"subject": "devices", "size": "5"},
    ),
    Row("rechecks:draw", make=_draw, get=LOOKS, seen=SEES),
    Row("rechecks:frame", make=_draw, get=LOOKS, seen=SEES),
    Row("rechecks:give", make=_draw, get=None, post="LO CO", seen=SEES, data={"place": "1"}),
    Row("rechecks:finish", make=_answered, get=None, post="LO CO", seen=SEES),
    Row(
        "rechecks:give_up",
        make=_draw,
        get="LO CO",
        post="LO CO",
        seen=SEES,
        data={"reason": "bão"},
    ),
    Row(
        "rechecks:answer",
        make=_item,
        get="LO LA CO TE",
        post="LO LA CO TE",
        seen=SEES,
        data={"found": "yes", "note": ""},
    ),
)
