"""Pictures of numbers: nothing passes the whole, nothing unsafe gets in, no style is needed."""

import re

import pytest

from quetsach_portal.web.drawing.charts import DAYS_HEIGHT, DayRun, stacked, strip, trend
from quetsach_portal.web.drawing.tiles import Tile, tile_map


def heights(svg: str, tone: str) -> list[float]:
    return [float(one) for one in re.findall(rf'class="{tone}"[^>]* height="([\d.]+)"', svg)]


def test_the_highest_column_is_as_high_as_the_picture() -> None:
    svg = stacked([[1, 1], [3, 1]], ["a", "b"], ["x", "y"])
    assert heights(svg, "a") == [DAYS_HEIGHT / 4, 3 * DAYS_HEIGHT / 4]
    assert heights(svg, "b") == [DAYS_HEIGHT / 4, DAYS_HEIGHT / 4]


def test_one_of_many_is_still_seen() -> None:
    assert heights(stacked([[1, 100_000]], ["a", "b"], ["x"]), "a") == [1.5]


def test_no_days_are_a_picture_too() -> None:
    assert "<svg" in stacked([], ["a"], [])


@pytest.mark.parametrize("name", ["</title><script>", "Xã “Một” & <b>", "\"' onload=x"])
def test_a_name_cannot_leave_its_place(name: str) -> None:
    svg = tile_map([Tile(0, 0, name, 0.5, "50 %", name)])
    svg += stacked([[1]], ["a"], [name]) + strip([DayRun(1, 1.0, name)])
    assert "<script" not in svg
    assert "<b>" not in svg
    assert "\"'" not in svg


def test_no_picture_carries_a_style_or_a_script() -> None:
    svg = stacked([[1]], ["a"], ["x"]) + strip(
        [DayRun(1, 0.5, "x"), DayRun(2, None, "y"), DayRun(1, 0.0, "z")]
    )
    svg += trend([0.5, 1.0], set(), tone="t") + tile_map([Tile(0, 0, "A", None, "–", "A")])
    assert not re.search(r"style|script|href|on\w+=", svg)


def test_the_line_is_broken_where_the_tree_changed_and_where_nothing_is_known() -> None:
    assert trend([0.1, 0.2, 0.3], set(), tone="t").count("<line") == 2
    broken = trend([0.1, 0.2, 0.3], {1}, tone="t")
    assert broken.count("<line") == 1
    assert broken.count("draw-break") == 1
    assert trend([0.1, None, 0.3], set(), tone="t").count("<line") == 0


def test_what_has_an_address_is_pressed_and_a_keyboard_passes_it_by() -> None:
    address = '/x/?a=1&b="2"'
    days = stacked([[1], [2]], ["a"], ["x", "y"], [address, ""])
    drawn = days + strip([DayRun(1, 1.0, "x", address), DayRun(2, None, "y", address)])
    drawn += tile_map([Tile(0, 0, "Một", 0.5, "50 %", "Một", address)])
    assert drawn.count('<a href="/x/?a=1&amp;b=&quot;2&quot;" tabindex="-1">') == 4
    assert days.count("<g>") == 1
    assert days.count("draw-press") == 1


def test_days_that_look_the_same_are_drawn_one_by_one_and_said_once() -> None:
    svg = strip([DayRun(1, 1.0, "x"), DayRun(3, 0.25, "y", "?a=1"), DayRun(2, 0.0, "z")])
    assert 'viewBox="0 0 60 20"' in svg
    assert svg.count("<title>") == 3
    part = '<path class="draw-part" d="M10 15h9v5h-9zM20 15h9v5h-9zM30 15h9v5h-9z"/>'
    assert part in svg
    assert '<rect class="draw-press" x="10" y="0" width="30" height="20"/>' in svg
    assert '<path class="draw-none" d="M40 17h9v3h-9zM50 17h9v3h-9z"/>' in svg
