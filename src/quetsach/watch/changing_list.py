"""The list in use, read anew when its files change: compiled aside, swapped between two chunks."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.model import IndicatorSet
from quetsach.scanning.job import WorkerTools, prepare
from quetsach.texts import _
from quetsach.watch.planted import PLANTED, listed_count, planted_in
from quetsach.watch.succession import ListIdentity, check_successors, identities_of

LOOK_S = 5.0
"""How often the files of the list are looked at."""

_LEAST = 0.5
"""A list that lost more than half is not taken: nearly always a file was cut or replaced."""


class ChangingList:
    """The list that is looked for; `look` gives other tools when it was replaced by a sound one."""

    def __init__(
        self,
        paths: Sequence[Path],
        read: Callable[[], IndicatorSet],
        tools: WorkerTools,
    ) -> None:
        """Take what is in use; `read` reads the same lists again. Errors of it: QuetsachError."""
        self._paths, self._read = paths, read
        self.tools = tools
        self._stamp = _stamp(paths)
        self._identities = identities_of(paths)
        self._looked_s = 0.0
        self._pool: ThreadPoolExecutor | None = None
        self._reading: Future[_Compiled] | None = None

    @property
    def count(self) -> int:
        """How many indicators are looked for; what is planted is none."""
        return self._count_of(self.tools.job.indicators)

    def _count_of(self, indicators: IndicatorSet) -> int:
        planted = [planted_in(path.parent) for path in self._paths if path.name == PLANTED]
        return listed_count(indicators, frozenset().union(*planted))

    def told(self, now_us: int) -> dict[str, str]:
        """Return what the state keeps of the list in use: how long, which, since when."""
        readings = self.tools.job.indicators.readings
        digest = readings[0].sha256 if readings else self.tools.job.indicators.digest
        return {
            "indicators": str(self.count),
            "list_digest": digest,
            "list_read_us": str(now_us),
            "list_problem": "",
        }

    def close(self) -> None:
        """Forget what is being read."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def look(self, now_s: float, *, is_asked: bool = False) -> WorkerTools | Problem | None:
        """Return the tools for a changed list, or why the one in use stays; None for no news."""
        if self._reading is None:
            if not is_asked and now_s - self._looked_s < LOOK_S:
                return None
            self._looked_s = now_s
            stamp = _stamp(self._paths)
            if stamp == self._stamp and not is_asked:
                return None
            self._stamp = stamp
            self._pool = self._pool or ThreadPoolExecutor(1)
            self._reading = self._pool.submit(self._compiled)
            return None
        if not self._reading.done():
            return None
        reading, self._reading = self._reading, None
        try:
            compiled = reading.result()
        except QuetsachError as error:
            return error.problem
        except OSError as error:
            return Problem("E506", self._shown(), {"reason": error.strerror or str(error)})
        tools, self._identities = compiled.tools, compiled.identities
        if tools.job.indicators.digest == self.tools.job.indicators.digest:
            return None
        self.tools = tools
        return tools

    def _compiled(self) -> "_Compiled":
        identities = identities_of(self._paths)
        check_successors(self._identities, identities)
        indicators = self._read()
        after = self._count_of(indicators)
        if after < self.count * _LEAST or not after:
            raise QuetsachError("E506", self._shown(), reason=f"{self.count} → {after}")
        if identities_of(self._paths) != identities:
            # What was checked is not what was read; it is looked at once more.
            self._stamp = ()
            raise QuetsachError("E506", self._shown(), reason=_("it changed while it was read"))
        return _Compiled(prepare(replace(self.tools.job, indicators=indicators)), identities)

    def _shown(self) -> str:
        return ", ".join(map(str, self._paths))


@dataclass(frozen=True)
class _Compiled:
    """A list that was read aside, and the releases that it was read from."""

    tools: WorkerTools
    identities: dict[Path, ListIdentity]


def _stamp(paths: Sequence[Path]) -> tuple[tuple[str, int, int, int], ...]:
    """Return what tells that a file of the lists changed."""
    return tuple(_stamps(paths))


def _stamps(paths: Sequence[Path]) -> Iterator[tuple[str, int, int, int]]:
    for path in paths:
        try:
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in files:
                status = file.stat()
                yield str(file), status.st_ino, status.st_size, status.st_mtime_ns
        except OSError:
            yield str(path), 0, 0, 0
