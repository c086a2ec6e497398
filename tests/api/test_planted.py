"""A key is written once, for its owner alone; each place gets its folder."""

from datetime import date
from pathlib import Path

import pytest

from quetsach.api.planted import (
    PlantedKey,
    read_planted_key,
    write_planted_folder,
    write_planted_key,
)
from quetsach.errors.exceptions import QuetsachError

DAY = date(2026, 11, 30)


def test_a_key_is_written_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "planted.key"
    key = write_planted_key(path, [" VP", "VP", "Kho"], DAY)
    assert key.places == ("VP", "Kho")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_planted_key(path) == key
    with pytest.raises(QuetsachError, match="E601"):
        write_planted_key(path, [], DAY)


def test_each_place_gets_a_folder_with_its_own_names(tmp_path: Path) -> None:
    key = PlantedKey(b"k" * 32, ("../Phòng", "Kho"))
    folders = [folder for _place, folder in write_planted_folder(key, tmp_path / "out", DAY, 3)]
    assert [folder.name for folder in folders] == ["001", "002"]
    names = {(folder / "planted-names.txt").read_text() for folder in folders}
    assert len(names) == 2
    assert (folders[0] / "quetsach-planted.cmd").is_file()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(QuetsachError, match="E601"):
        list(write_planted_folder(PlantedKey(b"k" * 32, ("VP",)), tmp_path / "out", DAY, 1))
