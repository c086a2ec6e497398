import re
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.html_report.timeline import LAST_ROWS, CoveredHours, TimelineSection, timeline
from tests.html_report.reading import read

START = datetime(2022, 9, 12)
HOUR = timedelta(hours=1)


def drawn(counts: dict[datetime, int], covered: list[datetime]) -> TimelineSection:
    return timeline("t", counts, CoveredHours(covered), frozenset())


def classes(shape: TimelineSection) -> list[str]:
    return [a["class"] for tag, a in read(str(shape.svg)).tags if tag in ("rect", "circle")]


def test_no_log_looks_different_from_a_silent_log() -> None:
    covered = [START + HOUR * one for one in range(12)]
    shape = drawn({}, covered)
    assert classes(shape) == ["log", "none"]
    assert [row.covered for row in shape.rows] == ["12/24"]


def test_sightings_are_dots_with_their_hour_and_count() -> None:
    shape = drawn({START + HOUR * 8: 5, START + HOUR * 9: 40}, [])
    assert classes(shape).count("hit") == 2
    assert "T2 12/9/2022 08:00: 5" in read(str(shape.svg)).text
    assert shape.rows[0].seen == "08:00: 5; 09:00: 40"
    assert shape.rows[0].total == "45"


def test_more_sightings_make_a_larger_dot() -> None:
    radii = [
        float(re.search(r' r="([\d.]+)"', str(drawn({START: count}, []).svg)).group(1))  # type: ignore[union-attr]
        for count in (1, 5, 50)
    ]
    assert radii == sorted(set(radii))


def test_a_long_stretch_without_log_is_one_row_that_says_so() -> None:
    shape = drawn({}, [START, START + timedelta(days=20)])
    assert "19 ngày không có nhật ký nào" in read(str(shape.svg)).text
    assert len(shape.rows) == 2


def test_a_month_and_more_is_drawn_by_day_and_years_by_month() -> None:
    year = [START + timedelta(days=one) for one in range(365)]
    assert drawn({}, year).rows[0].when == "9/2022"
    decade = [START + timedelta(days=31 * one) for one in range(120)]
    assert drawn({}, decade).rows[0].when == "2022"


def test_clocks_gone_wild_do_not_make_an_endless_plot() -> None:
    centuries = [datetime(year, 1, 1) for year in range(1, 10_000)]
    shape = drawn({START: 1}, centuries)
    assert len(shape.rows) == LAST_ROWS
    assert shape.left_out == 9_999 - LAST_ROWS
    assert len(shape.svg) < 100_000


def test_a_day_on_which_the_device_was_silent_everywhere_is_marked() -> None:
    shape = timeline(
        "t", {START: 1}, CoveredHours([START + timedelta(days=1)]), frozenset({START.date()})
    )
    assert "máy tắt?" in read(str(shape.svg)).text


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31)), st.integers(1, 99), max_size=40
    )
)
def test_no_sighting_is_lost_between_plot_and_table(counts: dict[datetime, int]) -> None:
    shape = drawn(counts, [])
    assert read(str(shape.svg)).faults == []
    told = sum(int(row.total.replace(".", "")) for row in shape.rows)
    assert told == sum(counts.values()) or shape.left_out
