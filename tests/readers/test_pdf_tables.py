"""Ruled lines become tables; another reader of tables agrees."""

import io

import pdfplumber

from quetsach.readers.layout import PlacedWord
from quetsach.readers.pdf import PdfReader
from quetsach.readers.pdf_tables import PdfRule, grids_of
from quetsach.readers.read import read_paper
from tests.readers.samples import pdf, read, rows


def ruled(xs: list[float], ys: list[float]) -> list[PdfRule]:
    return [PdfRule(True, x, ys[0], ys[-1]) for x in xs] + [
        PdfRule(False, y, xs[0], xs[-1]) for y in ys
    ]


def word(text: str, x: float, y: float) -> PlacedWord:
    return PlacedWord(text, x, y, x + 5, y + 5)


def test_each_space_between_rules_is_a_cell() -> None:
    (grid,) = grids_of(ruled([0, 50, 100], [0, 20, 40]))
    cells = grid.rows([word("a", 10, 5), word("b", 60, 5), word("d", 60, 25)])
    assert [[[w.text for w in cell] for cell in row] for row in cells] == [
        [["a"], ["b"]],
        [[], ["d"]],
    ]


def test_a_missing_rule_merges_cells_and_their_words_come_once() -> None:
    edges = [
        *ruled([0, 100], [0, 40]),
        PdfRule(True, 50, 0, 20),
        PdfRule(False, 20, 0, 50),
        PdfRule(False, 20, 50, 100),
    ]
    (grid,) = grids_of(edges)
    cells = grid.rows([word("a", 10, 5), word("b", 60, 5), word("c", 60, 25)])
    assert [[[w.text for w in cell] for cell in row] for row in cells] == [[["a"], ["b"]], [["c"]]]


def test_rules_drawn_cell_by_cell_twice_and_with_gaps_are_one() -> None:
    edges = []
    for row in range(3):
        for column in range(2):
            x, y = column * 50.0, row * 20.0
            for shift in (0, 0.8):
                edges += [PdfRule(True, x + shift, y, y + 19), PdfRule(True, x + 50, y, y + 19)]
                edges += [PdfRule(False, y + shift, x, x + 49), PdfRule(False, y + 20, x, x + 49)]
    (grid,) = grids_of(edges)
    assert (len(grid.xs), len(grid.ys), grid.cells) == (3, 4, 6)


def test_tables_apart_are_tables_of_their_own_from_top_to_bottom() -> None:
    first, second = ruled([0, 50, 100], [200, 220]), ruled([0, 100], [0, 20, 40])
    assert [grid.top for grid in grids_of(first + second)] == [0, 200]


def test_single_rules_are_no_table() -> None:
    assert (
        grids_of([PdfRule(False, 10, 0, 100), PdfRule(False, 50, 0, 100), PdfRule(True, 300, 0, 9)])
        == []
    )
    assert grids_of([]) == []


def test_more_rules_than_any_table_has_are_left_alone() -> None:
    edges = [
        PdfRule(upright, n * 10.0, 0, 100_000) for n in range(2_000) for upright in (True, False)
    ]
    assert grids_of(edges) == []


TABLE = """
#table(columns: (auto, 1fr, 1fr, 3cm),
  [STT], [Tên miền], [Địa chỉ], [Ghi chú],
  ..range(1, 12).map(n => (
    [#n], [bad-#n;.example], [203.0.113.#n], [dòng một #linebreak() hai],
  )).flatten(),
  table.cell(colspan: 2)[Tổng cộng], [11], [],
  table.cell(rowspan: 2)[gộp], [x], [y], [z],
  [p], [q], [r],
)
"""


def test_another_reader_of_tables_agrees() -> None:
    raw = pdf(TABLE)
    with pdfplumber.open(io.BytesIO(raw)) as document:
        (theirs,) = document.pages[0].extract_tables()
    # A merged cell is None there in all places but its first.
    expected = [tuple(" ".join(cell.split()) for cell in row if cell is not None) for row in theirs]
    ours = [
        tuple(" ".join(cell.split()) for cell in row)
        for row in rows(read(PdfReader(read_paper), raw, "x.pdf"))
    ]
    assert ours[:13] == expected[:13]
    assert ours[12] == ("Tổng cộng", "11", "")
    assert ours[13:] == [("gộp", "x", "y", "z"), ("", "p", "q", "r")]
    assert len(ours) == len(theirs)
