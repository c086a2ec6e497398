"""Days as official Vietnamese paper writes them."""

from datetime import date


def day(when: date) -> str:
    """Return `when` as 05/02/2026, 12/9/2022: days below 10 and months 1 and 2 get a 0.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.4.
    """
    return f"{when.day:02d}/{_month(when)}/{when.year}"


def place_and_day(place: str, when: date) -> str:
    """Return the line of place and day: "Trà Cú, ngày 05 tháng 01 năm 2026"."""
    return f"{place}, ngày {when.day:02d} tháng {_month(when)} năm {when.year}"


def _month(when: date) -> str:
    return f"{when.month:02d}" if when.month < 3 else str(when.month)
