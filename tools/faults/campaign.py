"""Many commands under many faults: the office is made once, each command has worlds of its own."""

import json
import os
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.indicators.fetch.servers import Asked, Said, serving
from tests.indicators.fetch.test_taxii import indicators
from tools.faults.commands import COMMANDS
from tools.faults.shim import compiled_shim
from tools.faults.sites import Fault, faults_at
from tools.faults.trying import (
    WORLD,
    TriedFault,
    TriedProgram,
    environment_of,
    try_faults,
    undisturbed,
)
from tools.faults.warm import WarmProgram
from tools.faults.worlds import in_english, office

FaultChoice: TypeAlias = Callable[[str, Sequence[Fault]], Sequence[Fault]]
"""Takes the faults that are tried of all that the command of this name has."""

_TAXII = "application/taxii+json;version=2.1"


@dataclass(frozen=True)
class FaultRow:
    """What became of one command: its sites, the faults it has, and those that were tried."""

    name: str
    sites: int
    faults: int
    tried: tuple[TriedFault, ...]

    def counts(self) -> Counter[str]:
        """Return how many runs ended in which way."""
        return Counter(each.outcome.value for each in self.tried)


def run_campaign(
    names: Sequence[str],
    choose: FaultChoice,
    *,
    jobs: int,
    seconds: float | None = None,
) -> Iterator[FaultRow]:
    """Try the commands `names`, each with the faults that `choose` takes of all it has.

    Units: after `seconds`, from when their world stands, no new one is begun.
    Errors: NoCompilerError; AssertionError where a command fails without any fault.
    """
    compiled_shim()
    failures: list[str] = []
    # In memory, where that is a disk: what is tried is not the disk.
    shared = Path("/dev/shm")
    parent = shared if os.access(shared, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="quetsach-faults-", dir=parent))
    try:
        office(folder / "office")
        until_s = None if seconds is None else time.monotonic() + seconds
        with ProcessPoolExecutor(jobs) as pool:
            rows = [pool.submit(_row, name, choose, folder, until_s) for name in names]
            for row in as_completed(rows):
                try:
                    done = row.result()
                except AssertionError as error:
                    failures.append(str(error))
                    continue
                if done is not None:
                    yield done
        if failures:
            raise AssertionError("\n".join(failures))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def every_fault(_name: str, faults: Sequence[Fault]) -> Sequence[Fault]:
    """Return all faults."""
    return faults


@dataclass(frozen=True)
class SampledFaults:
    """Takes a few faults of each command, the same for the same seed."""

    seed: str
    most: int

    def __call__(self, name: str, faults: Sequence[Fault]) -> Sequence[Fault]:
        """Return the faults that are taken of those of the command `name`: each kind has a turn."""
        chance = random.Random(f"{self.seed} {name}")
        mixed = chance.sample(faults, len(faults))
        turns: Counter[tuple[str, str]] = Counter()
        ranked = []
        for fault in mixed:
            turns[fault.call, fault.kind] += 1
            ranked.append((turns[fault.call, fault.kind], fault))
        ranked.sort(key=lambda ranked_fault: ranked_fault[0])
        return [fault for _turn, fault in ranked[: self.most]]


@dataclass(frozen=True)
class NamedFaults:
    """Takes the faults whose text contains one of these words."""

    words: tuple[str, ...]

    def __call__(self, _name: str, faults: Sequence[Fault]) -> Sequence[Fault]:
        """Return the faults that are meant."""
        return [fault for fault in faults if any(word in str(fault) for word in self.words)]


def _row(name: str, choose: FaultChoice, folder: Path, until_s: float | None) -> FaultRow | None:
    if _is_over(until_s):
        return None
    command = COMMANDS[name]
    scratch = Path(tempfile.mkdtemp(prefix="try-", dir=folder))
    template = scratch / "template"
    (template / "out").mkdir(parents=True)
    for part in command.needs:
        _copy(folder / "office/in" / part, template / "in" / part)
    _place(template, scratch / WORLD)
    with _address() as address:
        words = [_word(word, folder / "office/in", address) for word in command.words]
        warm = WarmProgram(environment_of(folder))
        program = TriedProgram(
            in_english(*words),
            template,
            warm.run,
            command.varying,
            command.grows,
            tuple(in_english(*reader) for reader in command.readers),
        )
        right = undisturbed(program, scratch)
        # Whether a watch runs is an answer, too.
        is_answer = right.run.code in (0, 1, 3) or (right.run.stdout and not right.run.stderr)
        if not is_answer or right.run.left_running:
            raise AssertionError(f"{name}: {right.run.code} {right.run.stderr}")
        faults = tuple(faults_at(right.run.sites))
        chosen = (fault for fault in choose(name, faults) if not _is_over(until_s))
        tried = tuple(try_faults(program, chosen, right, scratch))
        warm.close()
    shutil.rmtree(scratch, ignore_errors=True)
    return FaultRow(name, len(right.run.sites), len(faults), tried)


def _is_over(until_s: float | None) -> bool:
    return until_s is not None and time.monotonic() > until_s


def _word(word: str, parts: Path, address: str) -> str:
    """Return a word of a command; in braces is a file whose text is meant, or the server."""
    if not (word.startswith("{") and word.endswith("}")):
        return word
    return address if word == "{address}" else (parts / word[1:-1]).read_text().strip()


def _place(template: Path, world: Path) -> None:
    """Put the path of the world into the one file that names it whole."""
    sensors = template / "in/sensors.toml"
    if sensors.exists():
        sensors.write_text(sensors.read_text().replace("@world@", str(world)))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


@contextmanager
def _address() -> Iterator[str]:
    """Give the address of a collection on this machine."""

    def answer(_asked: Asked) -> Said:
        body = json.dumps({"objects": indicators(3)}).encode()
        return Said(body, headers={"Content-Type": _TAXII})

    with serving(answer) as server:
        yield f"{server.address}/api1/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/objects/"


def jobs_here() -> int:
    """Return how many commands are tried at a time."""
    return max(1, os.cpu_count() or 1)
