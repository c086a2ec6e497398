"""A file of settings: known keys and right values, or what is wrong, with its line."""

import os
from pathlib import Path

import pytest

from quetsach.configuration.setting import Setting, SettingKind
from quetsach.configuration.settings_file import (
    examine,
    open_secrets,
    read_settings,
)
from quetsach.configuration.toml_places import LONGEST_FILE
from quetsach.errors.exceptions import QuetsachError

SETTINGS = (
    Setting("workers", SettingKind.NUMBER, "W", "-", "-"),
    Setting("smtp.host", SettingKind.TEXT, "H", "-", "-"),
    Setting("smtp.password", SettingKind.TEXT, "P", "-", "-", is_secret=True),
)


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "a.toml"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_values_have_their_places(tmp_path: Path) -> None:
    path = written(tmp_path, 'workers = 2\n[smtp]\nhost = "a.example"\n')
    values = read_settings(path, SETTINGS)
    assert {key: (value.value, value.place) for key, value in values.items()} == {
        "workers": (2, f"{path}:1"),
        "smtp.host": ("a.example", f"{path}:3"),
    }


@pytest.mark.parametrize(
    ("text", "code", "line", "facts"),
    [
        ("worker = 2\n", "E621", 1, {"key": "worker", "hint": "workers"}),
        ('\nhost = "a"\n', "E621", 2, {"key": "host", "hint": "smtp.host"}),
        ("[smpt]\nhost = 'a'\n", "E621", 2, {"key": "smpt.host", "hint": "smtp.host"}),
        ("quite_another = 1\n", "E624", 1, {"key": "quite_another"}),
        ("[nobody]\n", "E624", 1, {"key": "nobody"}),
        ("workers = '2'\n", "E622", 1, {"key": "workers"}),
        ("smtp = 1\n", "E624", 1, {"key": "smtp"}),
        ("a = \n", "E620", 1, {}),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    text: str, code: str, line: int, facts: dict[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(QuetsachError) as caught:
        read_settings(path, SETTINGS)
    problem = caught.value.problem
    assert (problem.code, problem.where) == (code, f"{path}:{line}")
    assert facts.items() <= problem.facts.items()


def test_all_that_is_wrong_is_told_at_once_and_the_rest_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "worker = 2\nworkers = 3\n[smtp]\nhost = 4\n")
    values, problems = examine(path, SETTINGS)
    assert [problem.code for problem in problems] == ["E621", "E622"]
    assert set(values) == {"workers"}


def test_a_table_without_keys_is_nothing_wrong(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, "[smtp]\n"), SETTINGS) == {}


def test_what_is_no_file_of_settings_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_bytes(b"#" * (LONGEST_FILE + 1))
    (tmp_path / "latin").write_bytes(b"# \xe9\n")
    for name in ("pipe", "long", "latin", "missing", "."):
        with pytest.raises(QuetsachError) as caught:
            read_settings(tmp_path / name, SETTINGS)
        assert caught.value.problem.code == "E620", name


@pytest.mark.asvs("V13.3.2")
@pytest.mark.parametrize(
    ("text", "mode", "is_told"),
    [
        ("[smtp]\npassword = 'x'\n", 0o600, False),
        ("[smtp]\npassword = 'x'\n", 0o640, False),
        ("[smtp]\npassword = 'x'\n", 0o644, True),
        ("workers = 1\n", 0o644, False),
    ],
)
def test_secrets_that_others_may_read_are_told(
    text: str, mode: int, is_told: bool, tmp_path: Path
) -> None:
    path = written(tmp_path, text, mode)
    problems = list(open_secrets(path, SETTINGS, read_settings(path, SETTINGS)))
    assert [problem.code for problem in problems] == ["E623"] * is_told
    assert not any("'x'" in str(problem) for problem in problems)


@pytest.mark.asvs("V13.3.2")
def test_a_file_that_others_could_change_is_not_used(tmp_path: Path) -> None:
    path = written(tmp_path, "workers = 1\n", 0o646)
    values, problems = examine(path, SETTINGS)
    assert (values, [problem.code for problem in problems]) == ({}, ["E625"])
    with pytest.raises(QuetsachError, match="E625"):
        read_settings(path, SETTINGS)


@pytest.mark.parametrize(
    "text", ["a." * 3_000 + "a = 1", "[" + "a." * 3_000 + "a]", "a = " + "[" * 9_000 + "]" * 9_000]
)
def test_a_key_deep_in_tables_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E620"):
        read_settings(written(tmp_path, text), SETTINGS)


def test_the_home_of_nobody_is_a_name_like_any_other(tmp_path: Path) -> None:
    settings = (Setting("inventory", SettingKind.PATHS, "I", "-", "-"),)
    path = written(tmp_path, "inventory = ['~no-such-user-here/a.xlsx', '~/b.xlsx']\n")
    assert read_settings(path, settings)["inventory"].value == (
        f"{tmp_path}/~no-such-user-here/a.xlsx",
        str(Path.home() / "b.xlsx"),
    )
