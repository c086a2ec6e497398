"""When a file was taken: by the date in its name, else by the time of its last change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from quetsach.evidence.find import capture_time

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("shown", "when"),
    [
        ("x/arp-2026-09-01T0815.txt", "2026-09-01T08:15:00+07:00"),
        ("arp_20260901_081522.log", "2026-09-01T08:15:22+07:00"),
        ("arp-2026-09-01.txt", "2026-09-01T23:59:59+07:00"),
        ("2026-09-01/arp.txt", "2026-09-01T23:59:59+07:00"),
        ("2026-08-01/arp-2026-09-01_08h15.txt", "2026-09-01T08:15:00+07:00"),
        ("logs\\2026-09-01\\arp.txt", "2026-09-01T23:59:59+07:00"),
    ],
)
def test_a_date_in_the_name_counts(shown: str, when: str) -> None:
    assert capture_time(shown, 5.0, HERE) == (us(when), True)


@pytest.mark.parametrize("shown", ["arp.txt", "arp-2026-02-31.txt", "x-1202609011.txt", ""])
def test_without_one_the_file_system_tells(shown: str) -> None:
    assert capture_time(shown, 1_788_225_322.0, HERE) == (1_788_225_322_000_000, False)


def test_a_file_of_no_age_of_ours_has_no_time() -> None:
    assert capture_time("arp.txt", 5.0, HERE) == (None, False)
