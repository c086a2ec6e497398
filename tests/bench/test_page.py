"""The figures stand between their marks in the page, and its text stays as it was."""

import pytest

from bench.page import BEGIN, END, PAGE, written


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    page = f"before\n{BEGIN}old\n{END}after\n"
    assert written(page, "new") == f"before\n{BEGIN}\nnew\n\n{END}after\n"
    assert written(written(page, "x"), "new") == written(page, "new")


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        written("a page", "new")


def test_the_page_of_this_tree_has_its_marks() -> None:
    assert "\nnew\n" in written(PAGE.read_text(encoding="utf-8"), "new")
