"""Levels differ by pattern, not by colour alone."""

import re

from quetsach_portal.web.drawing.patterns import pattern_defs, swatch
from quetsach_portal.web.drawing.tiles import Tile, tile_map


def test_levels_differ_without_their_colours() -> None:
    patterns = re.findall(r'<pattern id="area-\d".*?</pattern>', pattern_defs(4))
    assert len(patterns) == 5
    assert len({re.sub(r"tile-\d|area-\d", "", pattern) for pattern in patterns}) >= 4
    assert len({str(swatch(level)) for level in range(5)}) == 5


def test_a_map_of_squares_has_its_patterns_where_it_is_asked_for_them() -> None:
    tiles = [Tile(0, 0, "Một", 0.6, "3", "Một: 3"), Tile(1, 0, "Hai", 0.1, "–", "Hai")]
    drawn = tile_map(tiles, is_patterned=True)
    assert drawn.count('fill="url(#area-') == 1
    assert 'class="tile tile-1"' in drawn
    assert "pattern" not in tile_map(tiles)
