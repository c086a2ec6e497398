"""Hoàng Sa and Trường Sa are on every map: who draws maps is known, and each is looked at."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach_portal.dashboards.pages import area_map
from quetsach_portal.dashboards.pages.area_map import map_of
from quetsach_portal.dashboards.pages.ranking import RankedUnit
from quetsach_portal.register.shapes import UnitShape
from quetsach_portal.web.drawing.outlines import Outline
from tests.portal.register.made_up_shapes import ring

SRC = Path(__file__).parents[4] / "src"
DRAWERS = {
    # The map of an office and that of its chief, with boundaries and without.
    "quetsach_portal/dashboards/pages/area_map.py",
    "quetsach_portal/dashboards/pages/ranking.py",
    # The public figures: tests/portal/publishing/figures/test_live.py looks at that map.
    "quetsach_portal/publishing/figures/live.py",
}
DRAWS = re.compile(r"(?<!def )\b(?:tile_map|area_map)\(")
NAMES = {"Hoàng Sa", "Trường Sa"}

OUTLINE: Outline = ((tuple((x, y) for x, y in ring(0, 0)[:-1]),),)
ROWS = {
    "nothing below": [],
    "communes": [RankedUnit(None, "Xã Một", 1, 1, 2, "29461", 7, is_leaf=True)],
    "provinces": [
        RankedUnit(None, "Thành phố Đà Nẵng", 1, 1, 2, "48", 7),
        RankedUnit(None, "Tỉnh Khánh Hòa", 2, 2, 2, "56", 8),
    ],
    "an archipelago": [
        RankedUnit(None, "Đặc khu Trường Sa", 3, 1, 2, "22736", 9, is_leaf=True),
        RankedUnit(None, "Xã Một", 1, 1, 2, "29461", 7, is_leaf=True),
    ],
}


def test_who_draws_a_map_is_known() -> None:
    paths = [*SRC.rglob("*.py")]
    drawing = {path.relative_to(SRC).as_posix() for path in paths if DRAWS.search(path.read_text())}
    assert drawing == DRAWERS


@pytest.mark.parametrize("has_shapes", [False, True])
@pytest.mark.parametrize("rows", ROWS.values(), ids=list(ROWS))
def test_both_archipelagos_are_on_the_map(
    rows: list[RankedUnit], has_shapes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = {7: UnitShape(OUTLINE, "Sở", "tự do")} if has_shapes and rows else {}
    monkeypatch.setattr(area_map, "shapes_on", lambda *_: shapes)
    drawn = map_of(rows, timezone.localdate(), "", title="Bản đồ")
    assert drawn.is_schematic == (not shapes)
    assert set(re.findall(r">(Hoàng Sa|Trường Sa)<", drawn.picture)) == NAMES
