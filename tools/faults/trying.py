"""One program tried: observed without fault, then run again with each fault in a fresh copy."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tools.faults.judging import Disturbed, FaultOutcome, Undisturbed, judge
from tools.faults.shim import ShimmedRun, run_shimmed
from tools.faults.sites import Fault
from tools.faults.trees import Tree, tree_of

WORLD = "world"
"""The folder of each run below the one that is given."""


class RunsWords(Protocol):
    """Runs a program in its world, as run_shimmed does."""

    def __call__(
        self,
        words: Sequence[str],
        world: Path,
        *,
        environment: Mapping[str, str],
        fault: Fault | None = None,
    ) -> ShimmedRun:
        """Return how it ended."""
        ...


@dataclass(frozen=True)
class TriedProgram:
    """A program and the world it runs in.

    Shapes: `words` is what is typed, from the world's folder; `template` the folder that each run
    gets a copy of; `run` runs words; `varying` are regular expressions of files that differ from
    run to run; `grows` is as for a TriedCommand; `readers` are commands that read what is kept,
    and must succeed after a fault as they did before or after.
    """

    words: tuple[str, ...]
    template: Path
    run: RunsWords = run_shimmed
    varying: tuple[str, ...] = ()
    grows: bool = False
    readers: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class TriedFault:
    """A fault, how the run ended, and the promises that it broke."""

    fault: Fault
    outcome: FaultOutcome
    broken: tuple[str, ...]


def undisturbed(program: TriedProgram, folder: Path) -> Undisturbed:
    """Run the program twice without fault in a new world in `folder`."""
    world = _new_world(program, folder)
    before = tree_of(world, program.varying)
    run = _run(program, world)
    after = tree_of(world, program.varying)
    second = _run(program, world)
    after_second = tree_of(world, program.varying)
    return Undisturbed(before, run, after, second, after_second, program.grows)


def try_faults(
    program: TriedProgram, faults: Iterable[Fault], right: Undisturbed, folder: Path
) -> Iterator[TriedFault]:
    """Run the program with each fault, and yield what became of it."""
    for fault in faults:
        world = _new_world(program, folder)
        run = _run(program, world, fault)
        after = tree_of(world, program.varying)
        unreadable = tuple(_unreadable(program, world))
        disturbed = Disturbed(run, after, *_next(program, world, after, right), unreadable)
        outcome, broken = judge(fault, right, disturbed)
        yield TriedFault(fault, outcome, tuple(broken))


def _next(
    program: TriedProgram, world: Path, after: Tree, right: Undisturbed
) -> tuple[ShimmedRun, Tree]:
    """Return the next run and what lies there then; a known one where nothing differs from it."""
    if after == right.before:
        return right.run, right.after
    if after == right.after and not program.varying:
        return right.second, right.after_second
    second = _run(program, world)
    return second, tree_of(world, program.varying)


def python_words(*words: str) -> tuple[str, ...]:
    """Return the words that run a module or a script with this Python."""
    return (sys.executable, *words)


def environment_of(world: Path) -> dict[str, str]:
    """Return the environment of a run: everything that it keeps lies in its world."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(world / "home"),
        "TMPDIR": str(world / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


def _new_world(program: TriedProgram, folder: Path) -> Path:
    world = folder / WORLD
    shutil.rmtree(world, ignore_errors=True)
    shutil.copytree(program.template, world, symlinks=True)
    for name in ("home", "tmp"):
        (world / name).mkdir(exist_ok=True)
    return world


def _run(program: TriedProgram, world: Path, fault: Fault | None = None) -> ShimmedRun:
    return program.run(program.words, world, environment=environment_of(world), fault=fault)


def _unreadable(program: TriedProgram, world: Path) -> Iterator[str]:
    for words in program.readers:
        run = program.run(words, world, environment=environment_of(world))
        # Whether a watch runs is an answer, too.
        if run.code not in (0, 1, 3) and not (run.stdout and not run.stderr):
            yield f"{' '.join(words[-3:])}: {run.stderr.strip()[-200:]}"
