"""The act in the sandbox answers whatever it is given."""

from pathlib import Path

import msgspec

from quetsach_portal.prints.sandboxed import (
    PrintsAnswer,
    PrintsAsked,
    PrintsAt,
    answer_of,
    ask_in_sandbox,
)


def test_no_list_and_no_folder_are_told(tmp_path: Path) -> None:
    assert answer_of(PrintsAsked(str(tmp_path / "none"), ())).problem.startswith("E")
    listed = tmp_path / "list.txt"
    listed.write_text("bad.example\n")
    place = PrintsAt(7, str(tmp_path / "prints"), str(tmp_path / "secrets"))
    (day,) = answer_of(PrintsAsked(str(listed), (place,))).days
    assert (day.submission, day.is_forgotten) == (7, True)
    told = ask_in_sandbox(msgspec.json.encode(PrintsAsked(str(listed), ())), lambda *_: None)
    assert msgspec.json.decode(told, type=PrintsAnswer) == PrintsAnswer()
