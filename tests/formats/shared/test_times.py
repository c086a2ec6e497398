"""Times in the forms of devices: the one reading there is, or none."""

from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.shared.times import NO_TIME, Order, read_time

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000
"""2026-09-01 08:15:22 in Hanoi."""
TAKEN = WHEN + 86_400_000_000


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-01 08:15:22",
        "2026/09/01 08:15:22",
        "2026-09-01T08:15:22",
        "2026.09.01-08:15:22",
        "2026:09:01 08:15:22",
        "01-Sep-2026 08:15:22",
        "1Sep2026 08:15:22",
        "Sep  1 2026 08:15:22",
        "Sep  1 08:15:22",
        "Tue Sep  1 08:15:22 2026",
        "Sep 01, 2026 8:15:22 AM",
    ],
)
def test_a_time_without_zone_is_of_the_source(written: str) -> None:
    assert read_time(written, HANOI, TAKEN) == (WHEN, True)


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-01T01:15:22Z",
        "2026-09-01 01:15:22 UTC",
        "01/Sep/2026:08:15:22 +0700",
        "Tue, 01 Sep 2026 01:15:22 GMT",
        "20260901T011522Z",
        "1788225322",
        "1788225322000",
        "Sep  1 2026 03:15:22 CEST",
        1_788_225_322,
        1_788_225_322.0,
    ],
)
def test_a_time_with_its_zone_needs_none(written: object) -> None:
    assert read_time(written, HANOI) == (WHEN, False)


@pytest.mark.parametrize(
    ("written", "order", "when"),
    [
        ("9/1/2026 8:15:22 AM", "mdy", WHEN),
        ("01/09/2026 08:15:22", "dmy", WHEN),
        ("1/9/26 08:15:22", "dmy", WHEN),
        ("9/1/2026 8:15:22 AM", None, None),
        ("01/09/2026 8:15:22 SA", "dmy", WHEN),
        ("1/9/2026 8:15:22 CH", "dmy", WHEN + 12 * 3_600_000_000),
        ("13/9/2026 08:15:22", None, WHEN + 12 * 86_400_000_000),
        ("13/9/2026 08:15:22", "mdy", None),
    ],
)
def test_day_and_month_in_figures_need_their_order(
    written: str, order: Order | None, when: int | None
) -> None:
    assert read_time(written, HANOI, None, order).when_us == when


@pytest.mark.parametrize(
    "written",
    [
        "Sep  1 08:15:22",
        "2026-09-01 08:15:22 CST",
        "2026-13-01 08:15:22",
        "2026-09-01 25:15:22",
        "Sep 01, 2026 13:15:22 PM",
        "20260901081522",
        "0",
        "Xyz  1 2026 08:15:22",
        "2026-09-01" * 20,
        None,
        True,
        ["2026-09-01 08:15:22"],
    ],
)
def test_what_has_two_readings_or_none_is_no_time(written: object) -> None:
    assert read_time(written, HANOI) == NO_TIME
