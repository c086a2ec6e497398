"""A path that is not there ends a command with 2, and nothing is written."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import quetsach_here
from tools.faults.commands import COMMANDS

READING = {
    name: command.words
    for name, command in COMMANDS.items()
    if any(word.startswith("in/") for word in command.words)
    # It makes the file of decisions that it is given, and asks a server before it reads one.
    and name not in ("indicators decide", "indicators fetch")
}

MADE_WHERE_MISSING = ("--store", "--decisions", "--fingerprints", "--fingerprint-keys")
WAITS = {("watch run", "in/logs"): "a watch waits for a log that is not there yet, and says so"}
"""A path that need not be there, by command and word, and why."""


def _need_not_be_there(name: str, word: str, option: str) -> str | None:
    if option in MADE_WHERE_MISSING or (name, option) == ("watch check", "--state"):
        return "it is made where it is not there"
    return WAITS.get((name, word))


def _tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("name", READING)
def test_where_nothing_is_there_nothing_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = quetsach_here("--lang", "en", *READING[name])
    assert (run.returncode, run.stdout) == (2, b""), run.stderr
    assert b"E603" not in run.stderr
    assert run.stderr
    assert _tree(tmp_path) == []


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tools.faults.worlds import office

    folder = tmp_path_factory.mktemp("office")
    office(folder)
    return folder


def _with_one_missing() -> Iterator[tuple[str, int]]:
    for name, words in READING.items():
        for place, word in enumerate(words):
            if word.startswith("in/"):
                yield name, place


@pytest.mark.skipif(os.environ.get("QUETSACH_WALK") != "whole", reason="long: make check-whole")
@pytest.mark.parametrize(("name", "place"), list(_with_one_missing()))
def test_where_one_path_is_missing_nothing_is_written(
    name: str, place: int, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = list(COMMANDS[name].words)
    reason = _need_not_be_there(name, words[place], words[place - 1])
    if reason is not None:
        pytest.skip(reason)
    shutil.copytree(office / "in", tmp_path / "in")
    monkeypatch.chdir(tmp_path)
    words[place] = "in/no-such-path"
    for spot, word in enumerate(words):
        if word.startswith("{") and word.endswith("}"):
            words[spot] = (office / "in" / word[1:-1]).read_text().strip()
    before = _tree(tmp_path)
    run = quetsach_here("--lang", "en", *words)
    assert run.returncode == 2, (run.stdout, run.stderr)
    assert b"E603" not in run.stderr
    assert _tree(tmp_path) == before
