"""What takes long says how far it is, and what fails shows why."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from tools.progress import ProgressLine, steps_in

PROGRAM = Path(__file__).parents[2] / "tools/progress.py"


def run(pattern: str, of: str, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROGRAM), pattern, of, sys.executable, "-c", script],
        capture_output=True,
        text=True,
    )


def test_a_program_that_works_says_nothing_of_its_own() -> None:
    ended = run("^Collecting ", "2", "print('Collecting a'); print('Collecting b')")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_program_that_fails_is_shown_with_its_exit_code() -> None:
    ended = run("x", "1", "import sys; print('no such package'); sys.exit(7)")
    assert ended.returncode == 7
    assert ended.stderr == "no such package\n"


def test_the_packages_of_a_lock_are_its_steps(tmp_path: Path) -> None:
    lock = tmp_path / "run.txt"
    lock.write_text("a==1 \\\n    --hash=sha256:0\n    # via b\nb.c==2 ; x\n")
    assert steps_in(str(lock)) == 2
    assert steps_in("81") == 81


def test_steps_and_seconds_are_told_now_and_then() -> None:
    out = io.StringIO()
    line = ProgressLine(out, 3, 100.0)
    line.done = 2
    for now in (100.5, 101.9, 105.0, 106.0, 109.9, 110.0):
        line.tell(now)
    line.close()
    assert out.getvalue() == "   2/3 · 5 s\n   2/3 · 10 s\n"
    line.done = 5
    line.tell(120.0)
    assert out.getvalue().endswith("   3/3 · 20 s\n")


def test_two_side_by_side_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL", "Rust")
    out = io.StringIO()
    line = ProgressLine(out, 3, 100.0)
    line.tell(105.0)
    assert out.getvalue() == "   Rust 0/3 · 5 s\n"
