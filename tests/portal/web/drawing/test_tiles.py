"""A map of tiles: tones by quarters, names cut and said in full."""

import pytest

from quetsach_portal.web.drawing.tiles import Tile, level_of, tile_map


@pytest.mark.parametrize(
    ("share", "level"), [(None, 0), (0, 1), (0.24, 1), (0.25, 2), (0.99, 4), (1, 4), (1.7, 4)]
)
def test_a_share_has_one_of_four_tones(share: float | None, level: int) -> None:
    assert level_of(share) == level


def test_a_long_name_is_cut_and_said_in_full() -> None:
    svg = tile_map([Tile(0, 0, "Thuận Hòa Hưng Mỹ Long", 1.0, "100 %", "Xã dài")])
    assert svg.count("tile-name") == 2
    assert "<title>Xã dài</title>" in svg
