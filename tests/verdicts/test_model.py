"""Days: counted, joined into spans, written for people in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.texts import use_language
from quetsach.verdicts.model import day_after, day_text, days_between, days_text, latest_days, spans


@pytest.mark.parametrize(
    ("days", "english", "vietnamese"),
    [
        (["2022-09-12"], "on 12 September 2022", "ngày 12/09/2022"),
        (
            ["2022-09-14", "2022-09-12", "2022-09-13"],
            "from 12 to 14 September 2022",
            "từ 12/09/2022 đến 14/09/2022",
        ),
        (
            ["2022-09-30", "2022-10-01"],
            "from 30 September to 1 October 2022",
            "từ 30/09/2022 đến 01/10/2022",
        ),
        (
            ["2022-12-31", "2023-01-01"],
            "from 31 December 2022 to 1 January 2023",
            "từ 31/12/2022 đến 01/01/2023",
        ),
        (
            ["2022-09-05", "2022-09-12", "2022-09-13"],
            "on 5 September 2022, from 12 to 13 September 2022",
            "ngày 05/09/2022, từ 12/09/2022 đến 13/09/2022",
        ),
    ],
)
def test_days_are_written_as_spans(days: list[str], english: str, vietnamese: str) -> None:
    use_language("en")
    assert days_text(days) == english
    use_language("vi")
    assert days_text(days) == vietnamese


def test_very_many_spans_are_counted() -> None:
    use_language("en")
    days = [f"2022-09-{one:02}" for one in range(1, 30, 2)]
    assert days_text(days).endswith("and in 11 more spans")


def test_whole_days_lie_between() -> None:
    assert days_between("2022-09-06", "2022-09-14") == 7
    assert days_between("2022-09-06", "2022-09-06") == 0
    assert days_between("2022-09-06", "2022-01-01") == 0
    assert list(latest_days("2022-09-06", "2022-09-09")) == ["2022-09-07", "2022-09-08"]
    assert len(list(latest_days("0001-01-01", "9999-12-31"))) == 366


def test_the_calendar_ends() -> None:
    assert day_after("2022-09-06", 30) == "2022-10-06"
    assert day_after("9999-12-31", 7) == ""
    use_language("en")
    assert day_text("0001-01-01") == "1 January 1"


@given(st.lists(st.dates().map(str), max_size=20))
def test_spans_hold_each_day_and_no_other(days: list[str]) -> None:
    found = spans(days)
    assert all(any(first <= one <= last for first, last in found) for one in days)
    assert all(days_between(first, last) + 1 <= len(set(days)) for first, last in found)
    assert found == spans(reversed(days))
