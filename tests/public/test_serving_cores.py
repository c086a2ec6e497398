"""Which core a process keeps to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach_public.serving import _take

KEEPING = """
import os, sys, pathlib
from quetsach_public.serving import pin_to_core
pin_to_core(pathlib.Path(sys.argv[1]))
print(*sorted(os.sched_getaffinity(0)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no other system lets a process choose")
def test_a_process_keeps_to_a_core_that_no_other_has(tmp_path: Path) -> None:
    allowed = sorted(os.sched_getaffinity(0))
    run = tmp_path / "run"
    assert _kept(run) == allowed[:1]
    assert _kept(run) == allowed[:1], "the one before has ended"
    assert _take(run / f"core-{allowed[0]}")
    assert _kept(run) == (allowed[1:2] or allowed)
    for core in allowed[1:]:
        _take(run / f"core-{core}")
    assert _kept(run) == allowed, "each has one already"
    (tmp_path / "file").touch()
    assert _kept(tmp_path / "file" / "run") == allowed


def _kept(run: Path) -> list[int]:
    done = subprocess.run(
        [sys.executable, "-c", KEEPING, str(run)], capture_output=True, text=True, check=True
    )
    return [int(one) for one in done.stdout.split()]
