"""Days as official Vietnamese paper writes them."""

from datetime import date


def day(when: date) -> str:
    """Return `when` as 05/02/2026, 12/9/2022: days below 10 and months 1 and 2 get a 0.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.4.
    """
    return "/".join(day_month_year(when))


def day_month_year(when: date) -> tuple[str, str, str]:
    """Return day, month and year, each as it is written: "05", "9", "2022"."""
    month = f"{when.month:02d}" if when.month < 3 else str(when.month)
    return f"{when.day:02d}", month, str(when.year)
