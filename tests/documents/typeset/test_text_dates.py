"""Days as official paper writes them."""

from datetime import date

import pytest

from quetsach.documents.typeset.text import day, day_month_year


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


def test_day_month_and_year_are_written_apart_in_the_same_way() -> None:
    assert day_month_year(date(2026, 1, 5)) == ("05", "01", "2026")
    assert day_month_year(date(2022, 9, 28)) == ("28", "9", "2022")
