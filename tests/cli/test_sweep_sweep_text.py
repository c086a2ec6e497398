"""The answer in words: what was not read stands in it, nothing found is not called clean."""

from typing import Any

from quetsach.cli.sweep import MOST_SHOWN, sweep_text
from quetsach.texts import use_language

NOTHING: dict[str, Any] = {
    "devices": [], "not_blamed": [], "unattributed": 0, "unread": [], "rejects": 0, "as_text": [],
    "lines_to_look_at": 0, "sources": 1, "lines": 10, "bytes_read": 1_500_000, "indicators": 3,
    "refused": 1, "seconds": 0.5, "findings": "out",
}  # fmt: skip
DEVICE: dict[str, Any] = {
    "device": "PC-1", "addresses": ["10.0.0.5"], "grade": "likely", "best_grade": "moved",
    "indicators": ["bad.example"], "sightings": 4, "first_seen": None, "last_seen": None,
}  # fmt: skip


def _said(**more: Any) -> str:
    use_language("en")
    try:
        return sweep_text({**NOTHING, **more})
    finally:
        use_language("vi")


def test_nothing_found_says_what_was_looked_at() -> None:
    said = _said()
    assert "No device was seen to meet a listed address in what was read." in said
    assert "1 files, 10 lines (1.4 MiB), for 3 indicators (1 rows refused)" in said
    assert "clean" not in said


def test_nothing_looked_at_is_no_answer() -> None:
    assert "This says nothing about infection." in _said(lines=0)


def test_a_device_stands_with_its_address_grade_and_indicators() -> None:
    said = _said(devices=[DEVICE])
    for part in ("PC-1", "10.0.0.5", "bad.example", "exchanged data", "likely", "sightings: 4"):
        assert part in said


def test_a_device_stands_with_the_name_of_its_unit() -> None:
    place = {"unit": "TC01", "unit_name": "Xã A", "room": "P.3"}
    assert "      Xã A, P.3\n" in _said(devices=[{**DEVICE, "place": place}])


def test_lines_of_unknown_form_are_to_be_looked_at_and_blame_nobody() -> None:
    said = _said(unattributed=5, lines_to_look_at=3)
    assert "5 sightings name no inside machine" in said
    assert "To be looked at by a person: 3 of them stand in lines of unknown form" in said
    assert "unknown form" not in _said(unattributed=5, lines_to_look_at=0)


def test_flaws_of_the_own_tables_are_counted() -> None:
    assert "network plan that were not relied on: 3" in _said(table_flaws=3)
    assert "network plan" not in _said(table_flaws=0)


def test_more_devices_than_are_shown_are_counted() -> None:
    devices = [{**DEVICE, "device": f"PC-{n}"} for n in range(MOST_SHOWN + 7)]
    said = _said(devices=devices)
    assert said.count("PC-") == MOST_SHOWN
    assert "7 more" in said


def test_what_was_not_read_is_said_in_capitals_with_code_and_way_out() -> None:
    unread = [{"path": "a.log", "code": "E103", "what": "the file is empty", "todo": "Check it."}]
    said = _said(unread=unread, rejects=2)
    assert "NOT ALL WAS READ" in said
    assert "E103 a.log: the file is empty. Check it." in said
    assert "2 lines could not be read" in said


def test_who_is_not_blamed_stands_with_the_reason() -> None:
    aside = {"device": "10.0.0.53", "role": "resolver", "because": "", "indicators": ["x"]}
    assert "10.0.0.53: a name server that asks for others" in _said(not_blamed=[aside])
