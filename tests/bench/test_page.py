"""The figures stand between their marks in the page, and its text stays as it was."""

import pytest

from bench.logs import KINDS
from bench.match import Compared
from bench.measure import Run
from bench.page import BEGIN, END, PAGE, comparison, written


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    page = f"before\n{BEGIN}old\n{END}after\n"
    assert written(page, "new") == f"before\n{BEGIN}\nnew\n\n{END}after\n"
    assert written(written(page, "x"), "new") == written(page, "new")


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        written("a page", "new")


def test_the_page_of_this_tree_has_its_marks() -> None:
    assert "\nnew\n" in written(PAGE.read_text(encoding="utf-8"), "new")


def test_speed_is_compared_pair_by_pair_and_the_middle_is_shown() -> None:
    runs = {
        "quetsach": [Run(1, 100), Run(2, 110), Run(1, 90)],
        "DuckDB": [Run(4, 500), Run(4, 400), Run(3, 450)],
    }
    result = Compared(KINDS[0], 100_000_000, runs, {"quetsach": 7, "DuckDB": 7})
    assert "| DuckDB | 4.00 (3.00 to 4.00) | 25 | **3.0x** (2.0 to 4.0) | 500 | 7 |" in comparison(
        [result]
    )
