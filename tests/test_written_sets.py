"""Each act that writes files which belong together writes them as one set: all, or with a note."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from quetsach.api import exams
from quetsach.api.allotting import allot_files, range_table
from quetsach.api.planted import PlantedKey, write_planted_folder
from quetsach.atomic_files import UNFINISHED
from quetsach.documents.letters.files import write_letter
from quetsach.errors.exceptions import QuetsachError
from tests.documents.letters.test_files import usual
from tests.exams.office import ExamOffice


def _allot(folder: Path) -> None:
    notices, ranges = folder / "n.csv", folder / "ranges.csv"
    notices.write_text("timestamp,ip,port\n2026-11-30 05:00:00Z,203.0.113.5,1\n")
    ranges.write_text("unit,cidr\nTC01,203.0.113.0/28\n")
    allot_files([str(notices)], range_table(ranges), out=folder / "out")


def _letter(folder: Path) -> None:
    write_letter(usual(), folder / "out")


def _planted(folder: Path) -> None:
    list(
        write_planted_folder(PlantedKey(b"k" * 32, ("Kho",)), folder / "out", date(2026, 11, 30), 1)
    )


@pytest.mark.parametrize("act", [_allot, _letter, _planted])
def test_stopped_between_two_files_of_a_set_a_note_says_so_until_it_is_written_again(
    act: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = Path.replace
    count = 0

    def failing(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError(5, "Input/output error")
        return moved(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing)
        with pytest.raises(QuetsachError):
            act(tmp_path)
    notes = [path.name for path in tmp_path.rglob(f"*{UNFINISHED}")]
    assert len(notes) == 1
    act(tmp_path)
    left = [path.name for path in (tmp_path / "out").rglob("*")]
    assert not [name for name in left if name.endswith((UNFINISHED, ".part"))]


def test_an_exam_that_cannot_be_written_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    office = ExamOffice(tmp_path)
    monkeypatch.setattr(exams, "scripts_of", _refusing)
    with pytest.raises(QuetsachError, match="E302"):
        office.draw(each=1)
    monkeypatch.undo()
    office.draw(each=1)


def _refusing(*_given: object) -> list[tuple[str, bytes]]:
    raise OSError(28, "No space left on device")
