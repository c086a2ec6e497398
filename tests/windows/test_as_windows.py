"""The engine and the command line run without what Windows has not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.sweeping.evidence import HEADER, conn, write

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("as_windows.py")


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    told = environment(PYTHONPATH=f"{ROOT / 'src'}")
    return subprocess.run(
        [sys.executable, PROGRAM, *words], cwd=folder, env=told, capture_output=True, text=True
    )


def test_every_module_is_imported(tmp_path: Path) -> None:
    run = _run(tmp_path, "--import")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("windows")
    write(folder / "conn.log", (HEADER + conn(1, "10.0.0.5", "203.0.113.77")).replace("\n", "\r\n"))
    write(folder / "list.txt", "203.0.113.77\r\n")
    run = _run(folder, "sweep", "conn.log", "-i", "list.txt", "-o", "findings")
    assert run.returncode == 1, run.stderr
    assert "10.0.0.5" in run.stdout
    return folder


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, ("export", "findings", "--to", "csv", "-o", "out.csv")),
        (0, ("report", "findings", "--form", "phu-luc-2022", "--unit", "A", "-o", "papers")),
        (0, ("indicators", "release", "list.txt", "--store", "releases")),
        (1, ("watch", "run", "conn.log", "-i", "list.txt", "--state", "state", "--once")),
        (2, ("letter", "read", "list.txt", "--text")),  # it is no letter
    ],
)
def test_a_command_ends_as_elsewhere(code: int, words: tuple[str, ...], office: Path) -> None:
    run = _run(office, *words)
    assert "Traceback" not in run.stderr
    assert "E603" not in run.stderr
    assert run.returncode == code, (run.stdout, run.stderr)
