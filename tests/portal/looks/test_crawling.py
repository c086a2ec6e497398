"""The crawler sees a number of machines without its look, and passes one with it."""

import pytest

from tests.portal.looks.crawling import (
    LinkedFigure,
    bare_cells,
    linked_figures,
    maps_without_islands,
    naked_figures,
)


@pytest.mark.parametrize(
    "text",
    ["<p>Còn 8 máy đang nhiễm</p>", "<ul><li><b>1.204</b> thiết bị</li></ul>", "<h1>0 máy</h1>"],
)
def test_a_number_without_its_look_is_seen(text: str) -> None:
    assert naked_figures(f"<main>{text}</main>")


@pytest.mark.parametrize(
    "text",
    [
        '<p>8 máy <small class="looked">Đã kiểm tra 5/5 máy</small></p>',
        "<p>3 máy chủ DNS</p>",
        "<fieldset><legend>Còn 2 máy chưa kiểm tra. Vì sao?</legend></fieldset>",
        "<p>5 đơn vị</p>",
    ],
)
def test_a_number_with_its_look_and_other_numbers_pass(text: str) -> None:
    assert naked_figures(f"<main>{text}</main>") == []


def test_a_marked_cell_needs_a_look_on_its_page() -> None:
    cell = '<table><tr><td><span class="machine-figure">3</span></td></tr></table>'
    assert bare_cells(f"<main>{cell}</main>") == ["3"]
    assert bare_cells(f'<main><p class="looked">Đã kiểm tra 5/5 máy</p>{cell}</main>') == []


def test_a_map_without_both_archipelagos_is_seen() -> None:
    islands = "<text>Hoàng Sa</text><text>Trường Sa</text>"
    assert maps_without_islands(f'<svg class="draw-areas" viewBox="0">{islands}</svg>') == []
    assert maps_without_islands('<svg class="draw-tiles"><text>Hoàng Sa</text></svg>')


def test_a_figure_is_read_with_the_list_that_it_opens() -> None:
    card = '<ul class="figures"><li><b>1.204 <small>/ 2.000</small></b><a href="{}">x</a></li></ul>'
    assert linked_figures(card.format("/l/?under=1&amp;has=told")) == [
        LinkedFigure(1204, "/l/?under=1&has=told")
    ]
    assert linked_figures(card.format("/l/?under=1")) == []
