"""The sweep that is measured, as a person would start it."""

import shutil
import sys
from pathlib import Path

from bench.measure import Contestant

PYTHON = sys.executable
ROUNDS = 3
FOUND = (0, 1)
"""Exit codes of a sweep that read everything, and of a search."""


def sweep(log: Path, listed: Path, out: Path, name: str = "quetsach") -> Contestant:
    """Return the sweep of `log`, a file or a folder; what was found before is cleared away."""
    command = [PYTHON, "-m", "quetsach", "sweep", str(log), "-i", str(listed)]
    return Contestant(
        name,
        [*command, "-o", str(out), "--quiet"],
        before=lambda: shutil.rmtree(out, ignore_errors=True),
        good=FOUND,
    )
