"""Days as official paper writes them."""

from datetime import date

import pytest

from quetsach.documents.dates import day, place_and_day


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (date(2026, 1, 5), "05/01/2026"),
        (date(2022, 2, 28), "28/02/2022"),
        (date(2022, 3, 9), "09/3/2022"),
        (date(2022, 12, 31), "31/12/2022"),
    ],
)
def test_days_below_10_and_months_1_and_2_get_a_zero(when: date, written: str) -> None:
    assert day(when) == written


def test_the_line_of_place_and_day_reads_as_in_the_decree() -> None:
    assert place_and_day("Trà Cú", date(2026, 1, 5)) == "Trà Cú, ngày 05 tháng 01 năm 2026"
