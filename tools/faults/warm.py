"""A Python program that is loaded once and forked for each run, as to load it takes most of a run.

`python -m tools.faults.warm MODULE`, with the shim before it, waits for runs on its standard input,
a line of JSON each. A run is a process of its own from MODULE's `main` on; what its first run
loads, the later ones have. What is asked of the kernel before `main` is Python's own loading, which
is no site anyway; requests for memory while it loads are not tried.
"""

import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tools.faults.shim import (
    LONGEST_S,
    RunEnd,
    ShimmedRun,
    adopt_orphans,
    compiled_shim,
    end_of_orphans,
    plan_of,
    run_notes,
    shimmed_run,
)
from tools.faults.sites import Fault


class WarmProgram:
    """The loaded program, as the runner of its runs sees it. Errors: NoCompilerError."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        settings = {**environment, "LD_PRELOAD": str(compiled_shim())}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.faults.warm"],
            env=settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        words: Sequence[str],
        world: Path,
        *,
        environment: Mapping[str, str],
        fault: Fault | None = None,
    ) -> ShimmedRun:
        """Run the program with `words`, as run_shimmed does."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with run_notes() as notes, tempfile.TemporaryDirectory() as folder:
            asked = {
                "words": list(words),
                "world": str(world.resolve()),
                "environment": dict(environment),
                "plan": plan_of(fault),
                "notes": notes.name,
                "streams": folder,
            }
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            end = RunEnd(**json.loads(self._process.stdout.readline()))
            streams = [(Path(folder) / name).read_bytes() for name in ("stdout", "stderr")]
            return shimmed_run(end, streams[0], streams[1], notes.fileno())

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def serve(main: Callable[[list[str]], None]) -> None:
    """Fork for each line of the standard input; return in the child alone, when `main` has."""
    adopt_orphans()
    known: set[str] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        loaded = Path(asked["streams"]) / "modules"
        number = os.fork()
        if number == 0:
            _be_the_run(asked)
            try:
                main(asked["words"])
            finally:
                if not asked["plan"]:
                    loaded.write_text("\n".join(sys.modules))
        end = _waited(number)
        names = loaded.read_text().split("\n") if loaded.exists() else ()
        _load(names, known)
        print(json.dumps(vars(end)), flush=True)


def _be_the_run(asked: Mapping[str, Any]) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["world"])
    streams = Path(asked["streams"])
    for place, (name, flags) in enumerate(
        (
            ("/dev/null", os.O_RDONLY),
            (str(streams / "stdout"), os.O_WRONLY | os.O_CREAT),
            (str(streams / "stderr"), os.O_WRONLY | os.O_CREAT),
        )
    ):
        number = os.open(name, flags)
        os.dup2(number, place)
        os.close(number)
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    tempfile.tempdir = None
    begin = ctypes.CDLL(None).faults_begin
    begin(*(asked[name].encode() for name in ("notes", "world", "plan")))


def _waited(number: int) -> RunEnd:
    until, is_stuck = time.monotonic() + LONGEST_S, False
    while True:
        ended, status = os.waitpid(number, os.WNOHANG)
        if ended:
            return RunEnd(os.waitstatus_to_exitcode(status), end_of_orphans(), is_stuck)
        if not is_stuck and time.monotonic() > until:
            is_stuck = True
            os.killpg(number, signal.SIGKILL)
        time.sleep(0.002)


def _load(names: Sequence[str], known: set[str]) -> None:
    """Load what a run has loaded, so that the next need not."""
    for name in names:
        if name and name not in known and name not in sys.modules:
            # What only a run can load is loaded by each.
            with suppress(Exception):
                __import__(name)
        known.add(name)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    from quetsach.cli.main import main as quetsach_main

    serve(quetsach_main)
