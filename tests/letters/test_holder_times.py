"""Times in the prose of letters: one moment, one period, or unclear."""

import pytest

from quetsach.letters.holder_times import time_in, zones_in
from quetsach.letters.lines import fold_accents


def told(text: str) -> str:
    time = time_in(fold_accents(text))
    if time is None:
        return "?"
    ends = [time.first, *([time.last] if time.last else [])]
    return " / ".join(f"{end:%Y-%m-%d %H:%M:%S}" for end in ends) + f" {time.digits}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vào lúc 08 giờ 15 phút 22 giây ngày 01/9/2026", "2026-09-01 08:15:22 second"),
        ("lúc 8h15' ngày 01 tháng 9 năm 2026", "2026-09-01 08:15:00 minute"),
        ("ngày 1/9/2026, 8h15p22s", "2026-09-01 08:15:22 second"),
        ("lúc 8 giờ ngày 01-09-2026", "2026-09-01 08:00:00 minute"),
        ("ngày 01.9.2026", "2026-09-01 00:00:00 day"),
        ("2026-09-01T08:15:22+07:00", "2026-09-01 08:15:22 second"),
        ("2026-09-01 08:15:22.500Z", "2026-09-01 08:15:22 second"),
        (
            "từ 08 giờ 15 phút đến 08 giờ 20 phút ngày 01/9/2026",
            "2026-09-01 08:15:00 / 2026-09-01 08:20:00 minute",
        ),
        (
            "từ 23:50:00 ngày 01/9/2026 đến 00:10:00 ngày 02/9/2026",
            "2026-09-01 23:50:00 / 2026-09-02 00:10:00 second",
        ),
        ("08:15-08:20 ngày 01/9/2026", "2026-09-01 08:15:00 / 2026-09-01 08:20:00 minute"),
        ("từ ngày 01/9/2026 đến ngày 03/9/2026", "2026-09-01 00:00:00 / 2026-09-03 00:00:00 day"),
        ("vào lúc 08:15 và 09:20 ngày 01/9/2026", "?"),
        ("ngày 01/9/2026 và ngày 02/9/2026", "?"),
        ("từ 08:20 đến 08:15 ngày 01/9/2026", "?"),
        ("lúc 25:15 ngày 01/9/2026", "?"),
        ("ngày 31/9/2026", "?"),
        ("lúc 08:15", "?"),
        ("tháng 9 năm 2026", "?"),
        ("", "?"),
    ],
)
def test_a_time_is_read_or_unclear(text: str, expected: str) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("giờ Việt Nam, UTC+7", ("+07:00",)),
        ("(GMT+07:00)", ("+07:00",)),
        ("giờ UTC", ("+00:00",)),
        ("múi giờ +7", ("+07:00",)),
        ("UTC-5:30", ("-05:30",)),
        ("2026-09-01T08:15:22Z", ("+00:00",)),
        ("UTC và giờ Hà Nội", ("+00:00", "+07:00")),
        ("08:15-08:20 ngày 01/9/2026", ()),
        ("giờ địa phương", ()),
    ],
)
def test_zones_that_are_stated(text: str, zones: tuple[str, ...]) -> None:
    assert zones_in(fold_accents(text)) == zones
