"""The processes of rehearsals, started by `quetsach serve` when somebody asks for one."""

import os
import subprocess
import time
from pathlib import Path

from quetsach_portal.web.scratch_homes import (
    ASKED,
    MOST_RUNNING,
    command,
    environment_of,
    folders,
)

_ASKED_WITHIN_S = 20.0
_END_WITHIN_S = 5.0


class RehearsalProcesses:
    """At most two processes, each of one rehearsal of the portal in `home`.

    The thread that makes them must live as long as they do: the system ends them with it.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self.running: dict[Path, subprocess.Popen[bytes]] = {}

    def look(self) -> None:
        """Start the rehearsals that were asked for lately; forget those that have ended."""
        for folder, process in list(self.running.items()):
            if process.poll() is not None:
                del self.running[folder]
        for folder in folders(self._home):
            has_room = len(self.running) < MOST_RUNNING and folder not in self.running
            if has_room and _is_asked_for(folder):
                self.running[folder] = _started(folder)

    def end(self) -> None:
        """End all of them."""
        for process in self.running.values():
            process.terminate()
        until = time.monotonic() + _END_WITHIN_S
        for process in self.running.values():
            try:
                process.wait(timeout=max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()


def _is_asked_for(folder: Path) -> bool:
    try:
        return time.time() - (folder / ASKED).stat().st_mtime < _ASKED_WITHIN_S
    except FileNotFoundError:
        return False


def _started(folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command("rehearsal", "serve", "--parent", str(os.getpid())),
        env=environment_of(folder),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
