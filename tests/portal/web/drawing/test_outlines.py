"""Outlines: simplified without losing an area, and short enough for a page."""

import re
from math import cos, pi, sin

from hypothesis import given
from hypothesis import strategies as st

from quetsach_portal.web.drawing.outlines import (
    FINENESS,
    Ring,
    laid_out,
    ring_area,
    simplified,
    simplified_outline,
)

CIRCLE: Ring = tuple((10 * cos(pi * n / 180), 10 * sin(pi * n / 180)) for n in range(360))


def test_a_circle_keeps_its_form_with_few_corners() -> None:
    rough = simplified(CIRCLE, 0.2)
    assert len(rough) < 40
    assert abs(ring_area(rough) / ring_area(CIRCLE) - 1) < 0.05
    assert set(rough) <= set(CIRCLE)


points = st.tuples(st.integers(-50, 50), st.integers(-50, 50))


@given(st.lists(points, min_size=1, max_size=40), st.floats(0.01, 30))
def test_what_is_left_are_corners_of_the_ring_in_their_order(
    ring: list[tuple[int, int]], tolerance: float
) -> None:
    rough = simplified(ring, tolerance)
    assert not rough or len(rough) >= 3
    places = iter(ring)
    assert all(corner in places for corner in rough), "in the order of the ring"


def test_the_largest_part_stays_however_rough_the_picture() -> None:
    tiny = tuple((x / 1000, y / 1000) for x, y in CIRCLE)
    assert simplified_outline(((tiny,), (CIRCLE,)), 500) == ((CIRCLE,),)
    assert simplified_outline(((tiny,), (CIRCLE,)), 0.5)[0][0] == simplified(CIRCLE, 0.5)


def _moved(ring: Ring, x_by: float, y_by: float) -> Ring:
    return tuple((106 + (x + x_by) / 100, 9 + (y + y_by) / 100) for x, y in ring)


def test_many_outlines_fit_into_the_letters_that_they_may_have() -> None:
    outlines = tuple(((_moved(CIRCLE, 20 * n, 20 * (n % 7)),),) for n in range(100))
    for most in (6_000, 20_000):
        laid = laid_out(outlines, width=420, most_height=560, most_letters=most)
        assert sum(len(outline.path) for outline in laid.outlines) <= most
        assert all(outline.path for outline in laid.outlines)
        assert laid.width <= 420
        assert laid.height <= 560


def test_north_is_up_and_a_number_is_written_inside() -> None:
    south, north = ((_moved(CIRCLE, 0, 0),),), ((_moved(CIRCLE, 0, 40),),)
    laid = laid_out((south, north), width=420, most_height=560, most_letters=20_000)
    assert laid.outlines[0].label_y > laid.outlines[1].label_y
    for outline in laid.outlines:
        assert 0 < outline.label_x < laid.width
        assert outline.room > 50


def test_a_path_is_whole_numbers_that_lead_back() -> None:
    laid = laid_out((((_moved(CIRCLE, 0, 0),),),), width=420, most_height=560, most_letters=900)
    path = laid.outlines[0].path
    assert re.fullmatch(r"M\d+ \d+l(?:-?\d+[ -]?-?\d+ ?)+z", path)
    assert max(int(number) for number in re.findall(r"\d+", path)) <= 560 * FINENESS
