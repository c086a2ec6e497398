"""English pages write days and numbers in the English way."""

from datetime import date

from django.utils import formats, translation


def test_days_and_numbers_are_english() -> None:
    with translation.override("en"):
        assert formats.date_format(date(2022, 9, 29)) == "29 Sep 2022"
        assert formats.number_format(1234.5) == "1,234.5"
        assert "%d/%m/%Y" in formats.get_format("DATE_INPUT_FORMATS")
