"""What holds for a run: the words before the command, the environment, the files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.cli.run_settings import (
    PORTAL_FILE,
    RunSettings,
    RunWords,
    color_for,
    language_for,
    read_run_settings,
    take_config,
    take_run_words,
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


def test_words_of_the_run_are_taken_at_any_place() -> None:
    words = ["--lang", "en", "sweep", "x", "--color=never", "--no-pager", "-i", "l"]
    rest, run_words = take_run_words(words)
    assert rest == ["sweep", "x", "-i", "l"]
    assert run_words == RunWords("en", "never", no_pager=True)
    assert take_run_words(["x", "--", "--lang", "en"])[0] == ["x", "--", "--lang", "en"]
    wrong = ["--lang", "fr", "--color", "pink"]
    assert take_run_words(wrong) == (wrong, RunWords())


@pytest.mark.parametrize(
    ("asked", "environ", "has_colors"),
    [
        (None, {}, None),
        (None, {"NO_COLOR": "1"}, False),
        (None, {"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (None, {"TERM": "dumb"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"TERM": "dumb"}, False),
    ],
)
def test_colours_are_as_asked_else_as_the_environment_says(
    asked: str | None, environ: dict[str, str], has_colors: bool | None
) -> None:
    assert color_for(asked, RunSettings(), environ) is has_colors
    if asked is None:
        assert color_for(None, RunSettings(color="always"), environ) is True


def test_a_limit_of_memory_is_the_process_s_own() -> None:
    code = (
        "import resource as r; from quetsach.cli.run_settings import keep_memory;"
        "keep_memory(['formats'], 3000); print(r.getrlimit(r.RLIMIT_AS)[0])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.split() == [str(3000 << 20)], run.stderr
