"""The real command, run as its users run it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a run: English unless `more` says otherwise."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    return {**kept, "PYTHONPATH": str(SOURCE), "LANG": "en_US.UTF-8", **more}


def command(*arguments: str | Path) -> list[str]:
    """Return the words that run quetsach."""
    return [sys.executable, "-m", "quetsach", *map(str, arguments)]


def quetsach(
    *arguments: str | Path,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Return how a run of quetsach ended, and what it wrote."""
    return subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment() if env is None else env,
        timeout=600,
        check=False,
        preexec_fn=before,
    )


def names_in(folder: Path) -> list[str]:
    """Return what lies in `folder`, hidden files included."""
    return sorted(path.name for path in folder.iterdir())
