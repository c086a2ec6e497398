"""Commands of the portal in processes of their own."""

import os
import subprocess
import sys


def manage(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the portal in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "quetsach_portal.manage", *words],
        env={**os.environ, **environment, "LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
