"""Days in every form in which letters write them."""

from datetime import date

import pytest

from quetsach.letters.due import days
from quetsach.letters.lines import fold_accents


@pytest.mark.parametrize(
    "words",
    [
        "9/9/2022",
        "09/9/2022",
        "09/09/2022",
        "9-9-2022",
        "9.9.2022",
        "ngày 09 tháng 9 năm 2022",
        "ngày 9 tháng 09, năm 2022",
        "ngay 9 thang 9 nam 2022",
        "9 September 2022",
        "9th Sep 2022",
        "September 9, 2022",
    ],
)
def test_every_form_is_the_same_day(words: str) -> None:
    assert [one.value for one in days(fold_accents(f"của {words}, về"))] == [date(2022, 9, 9)]


@pytest.mark.parametrize(
    "words",
    ["1.9.2022.5", "12/9/2022/QĐ", "192.0.2.19", "v1.9.20221", "29/2022/TT-BTC", "1/9-2022"],
)
def test_what_looks_like_a_day_but_is_none_is_left(words: str) -> None:
    assert list(days(fold_accents(words))) == []


def test_a_day_that_the_calendar_lacks_has_no_value() -> None:
    assert [one.value for one in days("31/2/2022 29/2/2023 29/2/2024")] == [
        None,
        None,
        date(2024, 2, 29),
    ]
