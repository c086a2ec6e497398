"""What a sweep tells of clocks, zones and records, in words that drive no terminal."""

from typing import Any

from quetsach.cli.evidence_notes import (
    clock_lines,
    clock_text,
    hourless_lines,
    note_text,
    record_note_lines,
    unread_lines,
    zone_lines,
)
from quetsach.texts import use_language

CLOCK: dict[str, Any] = {
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
    assert "b.log is 1 day 1:01:01 ahead of a.log (12 common events)" in ahead
    behind = clock_text({**CLOCK, "offset_s": -3600.0, "used": False})
    assert "1:00:00 behind" in behind
    assert "not constant" in behind


def test_a_flaw_says_what_how_often_and_where_first_and_cannot_drive_a_terminal() -> None:
    use_language("en")
    text = note_text(NOTE)
    assert "odd: 3 times" in text
    assert "\x1b" not in text
    assert note_text({**NOTE, "places": []})


def test_a_declared_clock_is_told_and_held_against_the_events() -> None:
    use_language("en")
    only = {**CLOCK, "reference": None, "declared_s": 90.0, "measured_s": None, "offset_s": 90.0}
    assert clock_text(only) == "b.log is declared to be 0:01:30 ahead"
    both = clock_text({**CLOCK, "declared_s": -90.0, "measured_s": 3600.0})
    assert "1:00:00 ahead of a.log" in both
    assert "declared: 0:01:30 behind" in both


def test_a_common_event_proves_the_difference() -> None:
    use_language("en")
    ends = {
        "here": {"path": "b.log", "offset": 7, "time": "2026-09-01T09:15:22+07:00"},
        "there": {"path": "a.log", "offset": 9, "time": "2026-09-01T08:15:22+07:00"},
    }
    told = list(clock_lines([{**CLOCK, "examples": [{"what": "10.0.0.5 51000", **ends}]}]))
    assert "10.0.0.5 51000: 2026-09-01T09:15:22+07:00 in b.log (byte 7)" in told[-1]


def test_an_assumed_zone_is_one_sentence_that_says_what_to_do() -> None:
    use_language("en")
    assert not list(zone_lines({}))
    (text,) = zone_lines({"zone": "Asia/Ho_Chi_Minh", "zones_assumed": ["a.log", "b\x1b.log"]})
    assert "--sources" in text
    assert "\x1b" not in text
    (confirmed,) = zone_lines({"zones_confirmed": [{"path": "a", "reference": "b", "pairs": 7}]})
    assert "7 common events with b" in confirmed


def test_a_log_without_hours_in_most_lines_is_told_with_its_share() -> None:
    use_language("en")
    assert not list(hourless_lines([]))
    sources = [{"path": f"{n}\x1b.log", "lines": 1112, "without": 1106} for n in range(7)]
    (text,) = hourless_lines(sources)
    assert "In 7 logs" in text
    assert "(1,106 of 1,112 lines)" in text
    assert text.endswith(" ....")
    assert "\x1b" not in text


def test_the_year_of_lines_without_one_is_told_with_where_it_is_from() -> None:
    use_language("en")
    guessed, derived = zone_lines(
        {
            "years_told": [
                {"path": "b.log", "kind": "neighbour", "by": "eve.json"},
                {"path": "a\x1b.log", "kind": "file-date", "by": "a\x1b.log"},
                {"path": "c.log", "kind": "declared", "by": "c.log"},
            ]
        }
    )
    assert "guessed" in guessed
    assert "\x1b" not in guessed
    assert "from eve.json" in derived
    assert "b.log" in derived


def test_one_flaw_of_many_files_does_not_fill_the_screen() -> None:
    use_language("en")
    notes = [{**NOTE, "places": [{"path": f"{n}.log", "offset": 0}]} for n in range(20)]
    lines = list(record_note_lines(notes))
    assert len(lines) == 5
    assert "17 more files" in lines[-1]


def test_many_files_that_could_not_be_read_alike_are_told_once() -> None:
    use_language("en")
    empty = {"code": "E103", "what": "empty", "todo": "Check it."}
    unread = [{**empty, "path": f"{number}.log"} for number in range(1000)]
    unread.insert(7, {"code": "E104", "path": "x.log", "what": "not readable", "todo": "Ask."})
    assert list(unread_lines(unread)) == [
        "  E103 0.log, 1.log, 2.log and 997 more files: empty. Check it.",
        "  E104 x.log: not readable. Ask.",
    ]
    apart = [{**empty, "path": "a", "what": str(number)} for number in range(100)]
    assert len(list(unread_lines(apart))) == 31
    assert list(unread_lines(apart))[-1] == "  ... and 70 more; the report lists all"
