"""What holds for a run: the words before the command, the environment, the files."""

import os
from pathlib import Path

import pytest

from quetsach.cli.run_settings import (
    PORTAL_FILE,
    RunSettings,
    language_for,
    read_run_settings,
    take_config,
)
from quetsach.configuration.cli_settings import CLI_FILE


@pytest.fixture(autouse=True)
def _no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    # Both are put back after the test, whatever it sets.
    monkeypatch.setenv(CLI_FILE, "")
    monkeypatch.setenv(PORTAL_FILE, "")


@pytest.mark.parametrize(
    ("words", "rest", "name"),
    [
        (["--config", "F", "sweep", "x"], ["sweep", "x"], CLI_FILE),
        (["--config=F", "serve"], ["serve"], PORTAL_FILE),
        (["--config", "F", "manage", "migrate"], ["manage", "migrate"], PORTAL_FILE),
        (
            ["--config", "F", "config", "show", "--portal"],
            ["config", "show", "--portal"],
            PORTAL_FILE,
        ),
        (["--config", "F", "config", "show"], ["config", "show"], CLI_FILE),
    ],
)
def test_the_word_before_the_command_names_the_file(
    words: list[str], rest: list[str], name: str
) -> None:
    assert take_config(words) == rest
    assert os.environ[name] == "F"


@pytest.mark.parametrize(
    "words", [["watch", "run", "--config", "F"], ["--", "--config", "F"], ["--config"], []]
)
def test_behind_the_command_it_is_the_commands_own(words: list[str]) -> None:
    assert take_config(words) == words
    assert os.environ[CLI_FILE] == ""


def test_variables_and_file_become_options(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('color = "never"\nplan = ["p.csv"]\nworkers = 2\nmemory_mib = 900\n')
    settings = read_run_settings({CLI_FILE: str(path), "QUETSACH_WORKERS": "5"}, tmp_path)
    assert (settings.color, settings.lang, settings.memory_mib) == ("never", None, 900)
    assert settings.options == {
        "plan": (str(tmp_path / "p.csv"),),
        "workers": 5,
        "memory_mib": 900,
    }
    assert settings.origins["workers"] == "QUETSACH_WORKERS"


def test_without_any_there_are_none(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_DIRS": "/nowhere"}
    assert read_run_settings(environ, tmp_path) == RunSettings()


def test_the_language_asked_for_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert language_for("vi", RunSettings(lang="en")) == "vi"
    assert language_for(None, RunSettings(lang="vi")) == "vi"
    assert language_for(None, RunSettings()) == "en"
