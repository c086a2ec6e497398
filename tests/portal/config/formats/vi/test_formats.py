"""Vietnamese pages write days and numbers as Vietnamese offices do."""

from datetime import date, datetime

from django.utils import formats, translation


def test_days_and_numbers_are_vietnamese() -> None:
    with translation.override("vi"):
        assert formats.date_format(date(2022, 9, 29)) == "29/09/2022"
        assert formats.date_format(datetime(2022, 9, 29, 16, 5), "DATETIME_FORMAT") == (
            "16:05 29/09/2022"
        )
        assert formats.number_format(1234.5) == "1.234,5"
