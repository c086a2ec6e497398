"""The true map as SVG: each area a link with its number, told by pattern too."""

import re

from quetsach_portal.web.drawing.areas import ShownArea, area_map
from quetsach_portal.web.drawing.outlines import Outline
from quetsach_portal.web.drawing.patterns import swatch
from tests.portal.register.made_up_shapes import ring


def _outline(column: int, row: int = 0) -> Outline:
    return ((tuple((x, y) for x, y in ring(column, row)[:-1]),),)


AREAS = [
    ShownArea("Một", 0.1, "10 %", "?under=1", _outline(0)),
    ShownArea("<b>Hai", 0.9, "90 %", "?under=2", _outline(1)),
    ShownArea("Ba", None, "–", "", _outline(2)),
    ShownArea("Trường THPT", 0.5, "50 %", "?under=4"),
]


def test_each_area_is_a_link_with_its_name_and_number() -> None:
    drawn = area_map(AREAS, [], title="Báo cáo")
    assert '<a href="?under=1"><title>Một: 10 %</title><path' in drawn
    assert "<title>&lt;b&gt;Hai: 90 %</title>" in drawn
    assert "<g><title>Ba: –</title><path" in drawn
    assert re.search(r'<a href="\?under=4"><title>Trường THPT: 50 %</title><rect', drawn)
    assert 'aria-label="Báo cáo"' in drawn
    for shown in ("10 %", "90 %", "50 %"):
        assert f">{shown}</text>" in drawn


def test_levels_are_told_by_pattern_besides_colour() -> None:
    drawn = area_map(AREAS, [], title="x")
    assert {'fill="url(#areas-0)"', 'fill="url(#areas-1)"', 'fill="url(#areas-4)"'} <= set(
        re.findall(r'fill="url\(#areas-\d\)"', drawn)
    )
    patterns = re.findall(r'<pattern id="area-\d".*?</pattern>', drawn)
    assert len({re.sub(r"tile-\d|area-\d", "", pattern) for pattern in patterns}) >= 4
    assert len({str(swatch(level)) for level in range(5)}) == 5


def test_islands_stand_at_the_right_and_squares_below() -> None:
    islands = [ShownArea("Hoàng Sa", None, ""), ShownArea("Trường Sa", 0.3, "30 %", "?under=9")]
    drawn = area_map(AREAS, islands, title="x")
    assert "<title>Hoàng Sa</title>" in drawn
    assert "<title>Trường Sa: 30 %</title>" in drawn
    left = [float(x) for x in re.findall(r'<rect class="area" fill="[^"]*" x="([\d.]+)"', drawn)]
    assert left[0] == left[1] > 400 > left[2]
