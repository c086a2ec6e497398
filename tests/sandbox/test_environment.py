"""A child process hears where programs and modules lie, and no more."""

import os
from pathlib import Path

import pytest

from quetsach.sandbox.environment import clean_environment, working_directory
from tests.sandbox.planted import assert_only_fixed, plant


def test_it_names_programs_and_modules_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, tmp_path)
    environment = clean_environment(tmp_path)
    assert_only_fixed(environment)
    assert "hush-hush" not in str(environment)
    assert environment["PATH"] == os.environ["PATH"]
    assert str(tmp_path) in environment["PYTHONPATH"].split(os.pathsep)
    assert environment["TMPDIR"] == str(tmp_path / "tmp")
    assert "TMPDIR" not in clean_environment()


def test_a_process_without_a_folder_stands_at_the_root(tmp_path: Path) -> None:
    assert working_directory(tmp_path) == str(tmp_path)
    assert working_directory(None) == os.sep
