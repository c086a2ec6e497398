"""Doubts about the evidence in words: clocks that differ, records that are wrong."""

import pytest

from quetsach.report.doubts import clock_text, doubts_of
from quetsach.texts import use_language

CLOCK = {
    "path": "fw.log",
    "reference": "conn.log",
    "offset_s": 3_600.0,
    "spread_s": 0.0,
    "pairs": 30,
    "used": True,
}


@pytest.mark.parametrize(
    ("offset_s", "used", "said"),
    [
        (3_600.0, True, "fw.log is 1:00:00 ahead of conn.log (30 common events); set right"),
        (-31_532_400.0, True, "fw.log is 364 days 23:00:00 behind conn.log"),
        (75.4, False, "0:01:15 ahead of conn.log (30 common events); not steady"),
    ],
)
def test_a_clock_is_said_as_people_say_it(offset_s: float, used: bool, said: str) -> None:
    use_language("en")
    assert said in clock_text(CLOCK | {"offset_s": offset_s, "used": used})


def test_clocks_of_the_same_second_are_no_doubt() -> None:
    assert doubts_of({"clocks": [CLOCK | {"offset_s": 1.5}]}) == []
    assert doubts_of({}) == []
