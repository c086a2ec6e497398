"""Landlock by itself: what a process named stays open to it, all else is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.confined import landlock

CODE = """
import pathlib, sys
from quetsach.confined import landlock, seccomp
seccomp.no_new_privileges()
landlock.restrict([pathlib.Path(one) for one in sys.argv[2:]], [])
print(open(sys.argv[1]).read())
"""


@pytest.mark.skipif(landlock.version() == 0, reason="this kernel offers no Landlock")
@pytest.mark.parametrize(("named", "told"), [("a", "inside"), ("b", ""), ("none", "")])
def test_only_a_named_file_is_read_and_one_that_is_not_there_is_passed_over(
    tmp_path: Path, named: str, told: str
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("inside")
    words = [sys.executable, "-c", CODE, tmp_path / "a", tmp_path / named]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.stdout.strip() == told
    assert ("PermissionError" in done.stderr) == (not told)
