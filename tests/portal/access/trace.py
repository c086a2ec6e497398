"""Who may open the pages that trace a figure of a report."""

from collections.abc import Mapping
from typing import Any

from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.cases.rows import node_of
from tests.portal.reports.acting import PEOPLE, submitted
from tests.portal.world import World


def _figure(world: World, code: str) -> Mapping[str, Any]:
    node_of(world, code)
    return {"version_id": submitted(world, code).pk, "key": PEOPLE}


ROWS = (
    Row(
        "trace:figure",
        make=_figure,
        get={"own": "LO LA CO FP SG CK AU", "child": "LO LA CO AU"},
        seen={"own": ALL, "child": SUBTREE},
    ),
)
