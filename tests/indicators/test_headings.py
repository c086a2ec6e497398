"""Headings are compared in one form."""

import unicodedata

import pytest

from quetsach.indicators.headings import plain_heading


@pytest.mark.parametrize(
    "written",
    ["Chỉ báo", " CHỈ BÁO ", "chỉ_báo", "Chỉ\n báo", "\ufeffChỉ-báo",
     unicodedata.normalize("NFD", "Chỉ báo")],
)  # fmt: skip
def test_case_blanks_and_loose_marks_make_no_difference(written: str) -> None:
    assert plain_heading(written) == "chỉ báo"
