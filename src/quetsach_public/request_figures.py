"""How many requests a plane answered and how long they took, over all its processes.

Each process has a small file with its counters, which it locks while it lives and writes each
second; the process that takes its place goes on with them. A number never falls then, but by what
a process that was killed had counted in its last second. No request and no caller is noted.
"""

import contextlib
import fcntl
import os
import struct
import threading
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.util import Finalize
from pathlib import Path

BOUNDS_MS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000)
"""Upper ends of the classes of time, as Prometheus's histograms have them."""

CLASSES = ("2xx", "3xx", "4xx", "5xx", "503")
"""Classes of answers; 503, "not now", is counted apart from our faults."""

MOST_PROCESSES = 64
WRITTEN_EVERY_S = 1.0
_ENDING = ".counters"
_TIMES = len(BOUNDS_MS) + 1
_FORM = struct.Struct(f"<{len(CLASSES) * (_TIMES + 1)}Q")


@dataclass
class AnswerTimes:
    """The answers of one class. Shapes: `counts` by BOUNDS_MS, the last one beyond them all."""

    counts: list[int] = field(default_factory=lambda: [0] * _TIMES)
    microseconds: int = 0


class RequestFigures:
    """The counters of one process; in memory alone until it is said where they are kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times = [AnswerTimes() for _class in CLASSES]
        self._is_new = False
        self._file = -1

    def keep_in(self, folder: Path, plane: str) -> None:
        """Go on with what an ended process of `plane` left in `folder`, which all of them share.

        Where nothing can be kept there, the counters stay in memory.
        """
        self._file = _own_file(folder, plane)
        if self._file >= 0:
            for times, earlier in zip(
                self._times, _unpacked(os.pread(self._file, 4096, 0)), strict=True
            ):
                times.counts = [a + b for a, b in zip(times.counts, earlier.counts, strict=True)]
                times.microseconds += earlier.microseconds

    def count(self, status: int, seconds: float) -> None:
        """Count an answer. Cost: microseconds."""
        kind = CLASSES.index("503") if status == 503 else min(max(status // 100, 2), 5) - 2
        place = bisect_left(BOUNDS_MS, seconds * 1000)
        with self._lock:
            times = self._times[kind]
            times.counts[place] += 1
            times.microseconds += int(seconds * 1e6)
            self._is_new = True

    def write(self) -> None:
        """Write what was counted; a disk that refuses is asked again the next time."""
        with self._lock:
            is_new, self._is_new = self._is_new, False
            packed = _FORM.pack(
                *(number for times in self._times for number in (*times.counts, times.microseconds))
            )
        if is_new and self._file >= 0:
            try:
                os.pwrite(self._file, packed, 0)
            except OSError:
                self._is_new = True

    def run(self) -> None:
        """Write each second from now on, and once more at the end."""
        # granian's processes are children of multiprocessing, which run no `atexit`.
        Finalize(None, self.write, exitpriority=1)
        threading.Thread(target=self._run, name="request figures", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(WRITTEN_EVERY_S)
            self.write()


def read_figures(folder: Path) -> Mapping[str, Mapping[str, AnswerTimes]]:
    """Return the sums of all processes by plane and class of answer; without any, nothing.

    Cost: reads a small file for each process that ever ran at a time.
    """
    sums: dict[str, dict[str, AnswerTimes]] = {}
    for path in sorted(folder.glob(f"*{_ENDING}")):
        with contextlib.suppress(OSError):
            plane = path.name.removesuffix(_ENDING).rpartition("-")[0]
            of_plane = sums.setdefault(plane, {name: AnswerTimes() for name in CLASSES})
            for name, times in zip(CLASSES, _unpacked(path.read_bytes()), strict=True):
                of_plane[name].microseconds += times.microseconds
                of_plane[name].counts = [
                    a + b for a, b in zip(of_plane[name].counts, times.counts, strict=True)
                ]
    return sums


def _unpacked(content: bytes) -> Sequence[AnswerTimes]:
    """Return the counters of each class; of another version's file, zeros."""
    if len(content) != _FORM.size:
        return [AnswerTimes() for _class in CLASSES]
    numbers = _FORM.unpack(content)
    rows = [numbers[at : at + _TIMES + 1] for at in range(0, len(numbers), _TIMES + 1)]
    return [AnswerTimes(list(row[:-1]), row[-1]) for row in rows]


def _own_file(folder: Path, plane: str) -> int:
    """Return the descriptor of the first file that no living process has, -1 where none can be."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(MOST_PROCESSES):
            file = os.open(folder / f"{plane}-{number}{_ENDING}", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
            else:
                return file
    return -1
