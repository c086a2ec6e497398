"""A child process starts with what it needs to find programs and modules, and nothing else."""

import os
from pathlib import Path

import pytest

from quetsach.sandbox.run import clean_environment
from tests.sandbox.planted import assert_only_fixed, plant


def test_the_environment_names_programs_and_modules_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, tmp_path)
    environment = clean_environment(tmp_path)
    assert_only_fixed(environment)
    assert "hush-hush" not in str(environment)
    assert environment["PATH"] == os.environ["PATH"]
    assert str(tmp_path) in environment["PYTHONPATH"].split(os.pathsep)


def test_the_folder_one_stands_in_is_no_part_of_the_module_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(("", "/first", "", "/first", "/second")))
    source, *rest = clean_environment()["PYTHONPATH"].split(os.pathsep)
    assert (Path(source) / "quetsach").is_dir()
    assert rest == ["/first", "/second"]
