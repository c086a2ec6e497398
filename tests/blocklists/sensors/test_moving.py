"""Files moved in, and put back as they were."""

from pathlib import Path

import pytest

from quetsach.blocklists.sensors.moving import MovedFiles
from quetsach.errors.exceptions import QuetsachError


def test_all_files_are_put_back_and_new_ones_go(tmp_path: Path) -> None:
    old, new = tmp_path / "old.lst", tmp_path / "new.lst"
    old.write_text("before")
    moved = MovedFiles()
    assert (moved.read(old), moved.read(new)) == ("before", "")
    moved.move({old: "after", new: "after"})
    assert (old.read_text(), new.read_text()) == ("after", "after")
    moved.put_back()
    assert old.read_text() == "before"
    assert not new.exists()


def test_where_one_cannot_be_moved_none_is(tmp_path: Path) -> None:
    old = tmp_path / "old.lst"
    old.write_text("before")
    with pytest.raises(QuetsachError):
        MovedFiles().move({old: "after", tmp_path / "no" / "new.lst": "after"})
    assert old.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["old.lst"]
