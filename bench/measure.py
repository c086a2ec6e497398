"""Programs run and measured from start to end, by turns, so that a busy machine is busy for all."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One run of a program: time on the clock and of processors, and `peak_mb`, the most memory it
    held, in 1,000,000 bytes.
    """

    seconds: float
    peak_mb: float
    processor: float = 0.0


@dataclass(frozen=True)
class Contestant:
    """A program with a name; `before` clears away what an earlier run left.

    `good` are its exit codes that mean success; where `output` is set, stdout is written there.
    """

    name: str
    command: Sequence[str]
    before: Callable[[], None] = lambda: None
    good: tuple[int, ...] = (0,)
    output: Path | None = None


class FailedError(Exception):
    """A program that is measured did not do its work."""


def run(contestant: Contestant) -> Run:
    """Run the program once; its children count too.

    Errors: FailedError with what it said when it fails.
    """
    contestant.before()
    with open(contestant.output or os.devnull, "wb") as out:  # noqa: PTH123 - devnull or a path
        started = time.perf_counter()
        process = subprocess.Popen(contestant.command, stdout=out, stderr=subprocess.PIPE)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode not in contestant.good:
        what = said.decode("utf-8", "replace")[-2000:]
        raise FailedError(f"{contestant.name} ended with {process.returncode}: {what}")
    return Run(seconds, usage.ru_maxrss * 1024 / 1e6, usage.ru_utime + usage.ru_stime)


def by_turns(contestants: Sequence[Contestant], rounds: int) -> dict[str, list[Run]]:
    """Run each contestant `rounds` times; every second round goes the other way round."""
    runs: dict[str, list[Run]] = {one.name: [] for one in contestants}
    for number in range(rounds):
        for one in contestants if number % 2 == 0 else reversed(contestants):
            runs[one.name].append(run(one))
    return runs


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the least, the middle and the greatest of `values`."""
    return min(values), statistics.median(values), max(values)


def ratios(slower: Sequence[Run], faster: Sequence[Run]) -> list[float]:
    """Return, round by round, how many times as long the one took as the other."""
    return [one.seconds / other.seconds for one, other in zip(slower, faster, strict=True)]
