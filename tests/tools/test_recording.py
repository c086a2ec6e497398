"""The recording of a first sweep: a cast that players read, and a picture that moves by itself."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.docs.test_commands import commands_of, fault_of
from tools.recording import CAST, COMMANDS, PICTURE, ROWS, Event, cast_of, picture_of, record

MOST_BYTES = 300 * 1024


def texts(picture: str) -> list[tuple[float, float, str]]:
    """Return column, line and text of each part of a picture."""
    rows = ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")
    return [(float(row.attrib["x"]), float(row.attrib["y"]), row.text or "") for row in rows]


def test_the_recording_that_is_shown_is_small_and_whole() -> None:
    header, *events = (json.loads(line) for line in CAST.read_text("utf-8").splitlines())
    assert (header["version"], header["height"]) == (2, ROWS)
    assert [at for at, _kind, _text in events] == sorted(at for at, _kind, _text in events)
    written = "".join(text for _at, _kind, text in events)
    assert "18 devices" in written
    assert all(command in written for command in COMMANDS)
    assert CAST.stat().st_size + PICTURE.stat().st_size < MOST_BYTES
    assert "18 devices" in "".join(text for _x, _y, text in texts(PICTURE.read_text("utf-8")))


def test_its_commands_exist() -> None:
    called = list(commands_of("```\n" + "\n".join(COMMANDS) + "\n```\n"))
    assert len(called) >= 5
    assert [fault for command in called if (fault := fault_of(command))] == []


def test_what_a_terminal_shows_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools import recording

    monkeypatch.setattr(recording, "COMMANDS", ("printf 'one\\rtwo\\nđến\\n'",))
    events = record(tmp_path)
    assert [event.text for event in events[-3:]] == ["two\r\n", "đến\r\n", recording.PROMPT]
    assert len(cast_of(events).splitlines()) == len(events) + 1


def test_a_picture_has_each_line_at_its_place() -> None:
    events = [Event(0, "$ "), Event(1, "a"), Event(1.05, "b\r\n"), Event(2, "\x1b[32m<c>\x1b[0m")]
    rows = texts(picture_of(events))
    assert [text for _x, _y, text in rows] == ["$ ", "ab", "<c>"]
    assert rows[0][1] == rows[1][1] < rows[2][1]
    assert rows[0][0] == rows[2][0] < rows[1][0]
