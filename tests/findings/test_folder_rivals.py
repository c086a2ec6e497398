"""A findings folder comes whole or not at all, and touches nothing of another sweep."""

import os
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import new_folder


def test_a_second_sweep_of_the_same_process_number_leaves_the_first_alone(tmp_path: Path) -> None:
    target = tmp_path / "findings"
    with new_folder(target) as first:
        (first / "a").write_text("first")
        with pytest.raises(QuetsachError, match="E302"), new_folder(target):
            raise OSError(28, "No space left on device")
        assert (first / "a").read_text() == "first"
    assert (target / "a").read_text() == "first"
    assert os.listdir(tmp_path) == ["findings"]  # noqa: PTH208 - hidden ones too


def test_what_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(QuetsachError, match="E302"), new_folder(tmp_path / "file" / "findings"):
        pytest.fail("there is no such folder")
    with pytest.raises(QuetsachError, match="E302"), new_folder(tmp_path / ("n" * 256)):
        pass


def test_others_may_read_the_folder_as_any_other(tmp_path: Path) -> None:
    with new_folder(tmp_path / "findings"):
        pass
    (tmp_path / "other").mkdir()
    assert (tmp_path / "findings").stat().st_mode == (tmp_path / "other").stat().st_mode
