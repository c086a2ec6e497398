"""The terminal's answer: dates and numbers as people write them, and nothing called clean."""

from collections.abc import Iterator
from typing import Any

import pytest

from quetsach.cli.sweep_text import sweep_text
from quetsach.texts import use_language

DEVICE = {
    "device": "10.20.3.41",
    "addresses": ["10.20.3.41"],
    "indicators": ["bad.example"],
    "best_grade": "moved",
    "grade": "likely",
    "sightings": 1270,
    "first_seen": "2022-09-12T09:02:55+07:00",
    "last_seen": "2022-09-16T16:14:23+07:00",
}
ALLOWED = {"device": "PC-1", "role": "allowed", "because": "x", "indicators": ["198.51.100.53"]}
RESOLVER = {"device": "10.20.1.53", "role": "resolver", "because": "y", "indicators": ["b.example"]}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("vi")


def answer(**changes: Any) -> str:
    summary = {
        "devices": [DEVICE],
        "not_blamed": [],
        "unattributed": 0,
        "unread": [],
        "rejects": 0,
        "as_text": [],
        "sources": 565,
        "lines": 29048,
        "bytes_read": 6_081_741,
        "indicators": 12,
        "refused": 2,
        "seconds": 2.04,
        "findings": "f",
    }
    return sweep_text({**summary, **changes})


def test_times_and_numbers_are_written_for_people() -> None:
    text = answer()
    assert "sightings: 1,270; 12 Sep 2022 09:02 – 16 Sep 2022 16:14" in text
    assert "29,048 lines (5.8 MiB)" in text


def test_vietnamese_times_and_numbers_follow_vietnamese_custom() -> None:
    use_language("vi")
    text = answer()
    assert "12/9/2022 09:02 – 16/9/2022 16:14" in text
    assert "1.270" in text
    assert "5,8 MiB" in text


def test_half_known_time_is_called_unknown() -> None:
    text = answer(devices=[{**DEVICE, "first_seen": None, "last_seen": None}])
    assert "no time in the log" in text


def test_device_on_an_allow_list_stands_apart_and_is_not_called_clean() -> None:
    lines = answer(not_blamed=[RESOLVER, ALLOWED]).splitlines()
    decide = next(
        place for place, line in enumerate(lines) if "not proven clean: 1 matched" in line
    )
    assert lines[decide + 1] == "  PC-1"
    assert "  10.20.1.53: y (b.example)" in lines[:decide]


def test_alerts_of_contacts_that_logs_show_are_told_once() -> None:
    assert "74 alerts and records like them" in answer(confirming=74)
    assert "alerts" not in answer()
