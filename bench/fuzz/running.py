"""One target's turn: damaged copies are read until its share of inputs or of the processor is used.

Copies that run through new lines of the source are kept and damaged further. Each flaw is kept
once, by the place where it was raised, as small as it gets.
"""

import math
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from bench.fuzz.bounds import InputInWork, TooSlow, bounded, in_time
from bench.fuzz.lines_hit import SOURCE, LinesHit
from bench.fuzz.minimising import minimised
from bench.fuzz.target import FuzzTarget

TRACED_EVERY = 16
LINES_AT_ONCE = 200
_SAMPLE_LINES = 60
_MOST_KEPT = 3_000


@dataclass(frozen=True)
class Share:
    """How long a turn lasts: until one of these is used up.

    Units: `until` is on the clock of `time.monotonic`.
    """

    inputs: int
    cpu_seconds: float
    until: float = math.inf


@dataclass
class TurnFigures:
    """What a turn did.

    Shapes: `lines_hit` of the `lines` in functions of the target's modules; `kept` inputs hit new
    ones. `flaws` name each kind of flaw that was shown, with the file that shows it.
    Units: seconds of the processor.
    """

    inputs: int = 0
    cpu_seconds: float = 0.0
    lines_hit: int = 0
    lines: int = 0
    kept: int = 0
    slowest: float = 0.0
    flaws: dict[str, str] = field(default_factory=dict)


@dataclass
class FuzzTurn:
    """A target's turn under way; `folder` takes what it keeps and the inputs that show flaws."""

    target: FuzzTarget
    seed: int
    folder: Path
    in_work: InputInWork
    figures: TurnFigures = field(default_factory=TurnFigures)
    trace: LinesHit = field(default_factory=LinesHit)
    pool: list[bytes] = field(default_factory=list)

    def run(self, share: Share) -> TurnFigures:
        """Read the samples, then damaged copies of them."""
        warnings.simplefilter("ignore")
        started = time.process_time()
        samples = [*self.target.samples()]
        self.pool = [*samples, *self._kept_before()]
        if self.target.by_line:
            self.pool = [line for line in _lines_in(self.pool) if line.strip()]
        others = tuple(self.pool)
        with bounded():
            for content in (*samples, *self.pool[len(samples) :]):
                if time.monotonic() < share.until:
                    self._read(content, 0, is_traced=True)
            number = 0
            while self._has_time(started, share):
                number += 1
                chance = Random((self.seed << 32) + number)
                is_traced = number % TRACED_EVERY == 0 or number < TRACED_EVERY
                # Where new lines are looked for, it is known which damaged line brought them.
                most = 1 if is_traced else LINES_AT_ONCE
                content, parts = self._damaged(samples, others, chance, most)
                if self._read(content, number, is_traced=is_traced):
                    self._keep(parts)
                self.figures.inputs += len(parts)
        self.figures.cpu_seconds = round(time.process_time() - started, 1)
        self.figures.lines_hit, self.figures.lines = self.trace.of(self.target.modules)
        return self.figures

    def _has_time(self, started: float, share: Share) -> bool:
        used = time.process_time() - started
        is_over = used > share.cpu_seconds or time.monotonic() > share.until
        return self.figures.inputs < share.inputs and not is_over

    def _damaged(
        self, samples: Sequence[bytes], others: Sequence[bytes], chance: Random, most: int
    ) -> tuple[bytes, list[bytes]]:
        """Return what is given to the reader, and the inputs it is made of."""
        mutate = self.target.mutate
        if not self.target.by_line:
            content = mutate(self._chosen(chance), others, chance)
            return content, [content]
        whole = chance.choice(samples)
        if not chance.randrange(20):
            content = mutate(whole, samples, chance)
            return content, [content]
        parts = [mutate(self._chosen(chance), others, chance) for _ in range(most)]
        head = b"\n".join(whole.split(b"\n")[:_SAMPLE_LINES])
        return b"\n".join((head, *parts)), parts

    def _chosen(self, chance: Random) -> bytes:
        """Return a sample or a kept input; half the time one of the latest."""
        latest = self.pool[-32:] if chance.randrange(2) else self.pool
        return chance.choice(latest)

    def _read(self, content: bytes, number: int, *, is_traced: bool) -> int:
        """Read `content`; return how many lines it was the first to hit."""
        self.in_work.put(number, content)
        before, started = self.trace.count, time.process_time()
        try:
            if is_traced:
                in_time(lambda given: self.trace.traced(self.target.read, given), content)
            else:
                in_time(self.target.read, content)
        except (Exception, TooSlow) as error:  # noqa: BLE001 - that is what is looked for
            if isinstance(error, TooSlow) or self.target.flaw_of(error):
                self._put_flaw(content, number, error)
        self.figures.slowest = max(self.figures.slowest, time.process_time() - started)
        return self.trace.count - before

    def _put_flaw(self, content: bytes, number: int, error: BaseException) -> None:
        name = place_of(error)
        if name in self.figures.flaws:
            return
        tries = () if isinstance(error, TooSlow | MemoryError) else (content,)
        small = next(
            (minimised(given, lambda less: self._shows(less, name)) for given in tries), content
        )
        path = self.folder / "flaws" / self.target.name / sha256(name.encode()).hexdigest()[:12]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".input").write_bytes(small)
        told = "".join(traceback.format_exception(error, limit=-12))
        path.with_suffix(".txt").write_text(
            f"{self.target.name} --seed {self.seed}, input {number}\n{name}\n\n{told}",
            encoding="utf-8",
        )
        self.figures.flaws[name] = str(path)
        said = f"FLAW {self.target.name} --seed {self.seed}: {name}: {str(error)[:100]!r}"
        print(f"{said} ({path}.input)", flush=True)

    def _shows(self, content: bytes, name: str) -> bool:
        try:
            in_time(self.target.read, content)
        except (Exception, TooSlow) as error:  # noqa: BLE001 - that is what is looked for
            return place_of(error) == name
        return False

    def _keep(self, parts: Sequence[bytes]) -> None:
        if self.figures.kept >= _MOST_KEPT or len(parts) > 1:
            return
        for content in parts:
            self.pool.append(content)
            self.figures.kept += 1
            path = self._kept_folder / sha256(content).hexdigest()[:24]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    @property
    def _kept_folder(self) -> Path:
        return self.folder / "kept" / self.target.name

    def _kept_before(self) -> Iterator[bytes]:
        if self._kept_folder.is_dir():
            for path in sorted(self._kept_folder.iterdir())[:_MOST_KEPT]:
                yield path.read_bytes()


def _lines_in(samples: Sequence[bytes]) -> Iterator[bytes]:
    for content in samples:
        yield from content.split(b"\n")


def place_of(error: BaseException) -> str:
    """Return the kind of `error` and the last place of our source that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(SOURCE)] or frames[-1:]
    # Where it runs out of time, depth or memory is by chance: where it came from is not.
    is_by_chance = isinstance(error, TooSlow | RecursionError | MemoryError)
    last = ours[:3][-1] if is_by_chance else ours[-1]
    path = last.filename.removeprefix(SOURCE)
    return f"{type(error).__name__} in {path}:{last.lineno} {last.name}"
