"""Who may open the pages of the app `sensors`."""

from collections.abc import Mapping
from typing import Any

from tests.portal.access.row import Row
from tests.portal.sensors.heard import heard
from tests.portal.world import World, make_campaign


def _source(world: World, code: str) -> Mapping[str, Any]:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return {"source_id": heard(world, code=code).sources.get().pk}


ROWS = (
    Row("sensors:index", get="LO LA CO FP TE"),
    Row("sensors:live", get="LO LA CO FP TE"),
    Row("sensors:hours", make=_source, get={"own": "LO LA CO FP TE", "child": "LO LA CO"}),
)
