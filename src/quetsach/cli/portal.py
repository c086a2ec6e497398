"""Start the portal, a program of its own: the engine knows no Django, so it is not imported."""

import subprocess
import sys
from collections.abc import Sequence


def run_portal(words: Sequence[str]) -> int:
    """Run the portal's command with `words` and return its exit code."""
    command = [sys.executable, "-m", "quetsach_portal.manage", *words]
    with subprocess.Popen(command) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                # Wait until it has put its things in order, also where only we were told to stop.
                running.terminate()
