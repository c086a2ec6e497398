"""What stands in watch.toml is as if it stood on the command line, which goes before it."""

from pathlib import Path

import pytest

from tests.cli.running import quetsach_here
from tests.watch.watched import lines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "eve.json").write_bytes(lines(0, 2))
    (tmp_path / "list.txt").write_text("bad.example\n")
    (tmp_path / "watch.toml").write_text(
        f'paths = ["{tmp_path}/eve.json"]\nindicators = ["{tmp_path}/list.txt"]\n'
        f'state = "{tmp_path}/state"\nzone = "Asia/Ho_Chi_Minh"\nonce = true\njson = true\n'
        f'seal = "{tmp_path}/sealed"\n'
    )
    return tmp_path


def test_a_watch_runs_by_its_file(folder: Path) -> None:
    told = quetsach_here("watch", "run", "--config", folder / "watch.toml")
    assert (told.returncode, len(told.stdout.splitlines())) == (1, 2)
    assert told.stdout.startswith(b"{")
    assert list((folder / "sealed").iterdir())
    status = quetsach_here("watch", "status", "--config", folder / "watch.toml")
    assert b"2 sightings" in status.stdout
    check = quetsach_here("watch", "check", "--config", folder / "watch.toml")
    assert b"20/20" in check.stdout


def test_the_command_line_goes_before_it(folder: Path) -> None:
    (folder / "none.txt").write_text("other.example\n")
    words = ("watch", "run", "--config", folder / "watch.toml", "-i", folder / "none.txt")
    assert quetsach_here(*words).returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        "odd = 1\n",
        'zone = ["a"]\n',
        'once = "yes"\n',
        "zone = {}\n",
        "zone =",
        'leases = "a"\n',
        "a = " + "9" * 5000,
    ],
)
def test_what_is_not_understood_is_refused(folder: Path, text: str) -> None:
    (folder / "watch.toml").write_text(text)
    told = quetsach_here("watch", "run", "--config", folder / "watch.toml", "x", "-i", "y")
    assert (told.returncode, b"E601" in told.stderr) == (2, True), told.stderr
