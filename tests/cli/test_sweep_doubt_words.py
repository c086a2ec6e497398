"""Clocks and records that cannot be so, in words for a terminal."""

from quetsach.cli.sweep import clock_text, note_text
from quetsach.texts import use_language

CLOCK = {
    "path": "b.log",
    "reference": "a.log",
    "offset_s": 90_061.0,
    "spread_s": 0.0,
    "pairs": 12,
    "used": True,
}
NOTE = {"kind": "x", "what": "odd", "count": 3, "places": [{"path": "d\x1b.log", "offset": 7}]}


def test_a_clock_says_which_way_it_is_off_how_far_and_whether_it_was_set_right() -> None:
    use_language("en")
    ahead = clock_text(CLOCK)
    assert "b.log is 1 days 1:01:01 ahead of a.log (12 common events)" in ahead
    behind = clock_text({**CLOCK, "offset_s": -3600.0, "used": False})
    assert "1:00:00 behind" in behind
    assert "not steady" in behind


def test_a_flaw_says_what_how_often_and_where_first_and_cannot_drive_a_terminal() -> None:
    use_language("en")
    text = note_text(NOTE)
    assert "odd: 3 times" in text
    assert "\x1b" not in text
    assert note_text({**NOTE, "places": []})
