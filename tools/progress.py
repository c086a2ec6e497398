"""Run a program quietly and tell how far it is: `python tools/progress.py PATTERN OF COMMAND...`.

What it prints is kept and shown only where it fails. Each line that PATTERN finds is a step; OF is
how many steps there are, or the file whose lines that look like NAME==VERSION are counted. After
two seconds the steps and the seconds are told, on a terminal in one line, elsewhere now and then;
LABEL in the environment says of what, where two programs run side by side.
Any Python that is new enough runs it: nothing is installed yet.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import TextIO

_QUIET_S, _EVERY_S = 2.0, 5.0
_SHOWN_ON_FAILURE = 60


def steps_in(of: str) -> int:
    """Return how many steps there are: a number, or the packages that a lock names."""
    if of.isdecimal():
        return int(of)
    return len(re.findall(r"^[\w.-]+==", Path(of).read_text("utf-8"), re.MULTILINE))


class ProgressLine:
    """Tells on `out` how far the work is, never more often than it can be read."""

    def __init__(self, out: TextIO, total: int, began: float) -> None:
        self._out, self._total, self._began = out, total, began
        self._last, self._is_open = began, False
        self.done = 0

    def tell(self, now: float) -> None:
        """Tell the steps and seconds, if it is time to."""
        every = 0.5 if self._out.isatty() else _EVERY_S
        if now - self._began < _QUIET_S or now - self._last < every:
            return
        self._last = now
        steps = f"{min(self.done, self._total)}/{self._total} · " if self._total else ""
        label = os.environ.get("LABEL", "")
        text = f"   {label}{' ' if label else ''}{steps}{now - self._began:.0f} s"
        if self._out.isatty():
            self._out.write(f"\r{text} ")
            self._is_open = True
        else:
            self._out.write(text + "\n")
        self._out.flush()

    def close(self) -> None:
        """End the line on a terminal."""
        if self._is_open:
            self._out.write("\r\033[K")
            self._out.flush()


def run(pattern: str, of: str, command: list[str]) -> int:
    """Run the command; return its exit code. Where it fails, its last lines are shown."""
    step, last = re.compile(pattern), deque[str](maxlen=_SHOWN_ON_FAILURE)
    line = ProgressLine(sys.stdout, steps_in(of), time.monotonic())
    ended = threading.Event()

    def tick() -> None:
        while not ended.wait(0.5):
            line.tell(time.monotonic())

    ticking = threading.Thread(target=tick, daemon=True)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        ticking.start()
        for row in process.stdout:
            last.append(row)
            line.done += step.search(row) is not None
    ended.set()
    ticking.join()
    line.close()
    if process.returncode != 0:
        sys.stderr.writelines(last)
    return process.returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2], sys.argv[3:]))
