"""Who may open the pages of the app `planted`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.people.models.roles import Role
from quetsach_portal.planted.observing import plant, today
from quetsach_portal.planted.places import add_place
from tests.portal.access.row import Row
from tests.portal.intake import rows
from tests.portal.world import World

Arguments = Mapping[str, Any]
WORKERS = "FP TE"


def _node(world: World, code: str) -> Arguments:
    return {"node_id": rows.node_of(world, code).pk}


def _place(world: World, code: str) -> Arguments:
    place = add_place(world.units[code], "VP", "", actor=world.user(code, Role.TECHNICIAN))
    plant(rows.node_of(world, code), [today()])
    return {"place_id": place.pk}


def _both(world: World, code: str) -> Arguments:
    return {**_node(world, code), **_place(world, code)}


ROWS = (
    Row("planted:unit", make=_node, get=WORKERS),
    Row(
        "planted:add",
        make=_node,
        get=WORKERS,
        post=WORKERS,
        data={"name": "Một cửa", "subnet": "10.1.2.0/24"},
    ),
    Row("planted:end", make=_both, get=WORKERS, post=WORKERS),
    Row("planted:kit", make=_place, get=WORKERS),
)
