"""The look ahead in a flood: lines of keys that are rare are told before it is their turn.

Where a text grows faster than its hits can be read, all of it is read in turn, later: nothing is
lost, and a loud machine would hide a quiet one meanwhile. So what is not read yet is looked through
by the sieve alone, and of each key few lines a second are read and told at once. They are read
again in their turn, when they are kept, and not told again.
"""

import time
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

import pyarrow as pa

from quetsach.scanning.job import WorkerTools
from quetsach.sieve.contract import Sieve
from quetsach.sieve.line_keys import LineKeys, line_keys
from quetsach.watch.growing_digest import GrowingDigest
from quetsach.watch.instant_names import InstantNames
from quetsach.watch.keeping import named_batch, signed
from quetsach.watch.planted import is_below
from quetsach.watch.state import WatchState
from quetsach.watch.streams import LiveStream

MOST_OF_A_KEY = 64
"""So many lines of a key are read ahead in a second, of all texts together."""

LOOK_S = 0.2
LEAST_LINES, MOST_LINES = 16, 256
"""A look reads as many lines as it can in LOOK_S, within these bounds, rare keys first."""

EACH_S = 0.5
LEAST_LAG = 1 << 20
"""A text that has less to be read is soon read in its turn."""

_BLOCK = 4 << 20
_MOST_AHEAD = 48 << 20


@dataclass
class Scout:
    """Looks ahead in the texts of a watch; `names` says who is behind a sighting."""

    state: WatchState
    names: InstantNames
    planted: frozenset[str] = frozenset()
    _ahead: dict[int, GrowingDigest] = field(default_factory=dict)
    _counts: Counter[int] = field(default_factory=Counter)
    _second: int = 0
    _looked_s: float = 0.0
    _line_s: float = 0.002
    _keys_of: tuple[Sieve, LineKeys] | None = None

    def is_due(self, now_s: float) -> bool:
        """Return whether it is time for a look; it is noted as taken then."""
        if now_s - self._looked_s < EACH_S:
            return False
        self._looked_s = now_s
        if int(now_s) != self._second:
            self._second = int(now_s)
            self._counts.clear()
        return True

    def forget(self) -> None:
        """Begin anew, as after a new list or what could not be kept."""
        self._ahead.clear()
        self._keys_of = None

    def keep(self, numbers: Set[int]) -> None:
        """Forget all texts but those of these numbers."""
        for number in self._ahead.keys() - numbers:
            del self._ahead[number]

    def look(self, live: LiveStream, tools: WorkerTools) -> list[pa.RecordBatch]:
        """Return the sightings with their devices in lines that are not read yet and are rare.

        Errors: OSError, ReplacedError for the text.
        """
        number = live.stream.number
        digest = self._ahead.get(number)
        if live.lag() < LEAST_LAG:
            self._ahead.pop(number, None)
            return []
        if digest is None or digest.place < live.stream.cursor:
            digest = self._ahead[number] = live.digest_here()
        read: list[pa.RecordBatch] = []
        room = min(max(int(LOOK_S / self._line_s), LEAST_LINES), MOST_LINES)
        for place, block in live.text.blocks(digest.place, _BLOCK, _MOST_AHEAD):
            lines = self._rare(block, tools)[: max(room, 0)]
            room -= len(lines)
            begun_s = time.monotonic()
            for start, end in sorted(lines):
                _add(digest, place, block, start)
                read += live.early(place + start, block[start:end], digest, tools)
            if lines:
                self._line_s = (time.monotonic() - begun_s) / len(lines)
            _add(digest, place, block, len(block))
        return [row for batch in read for row in self._named(batch, number)]

    def _rare(self, block: bytes, tools: WorkerTools) -> list[tuple[int, int]]:
        """Return the lines, with their ends, that hold a key of which few came in this second."""
        sieve = tools.sieve
        if self._keys_of is None or self._keys_of[0] is not sieve:
            self._keys_of = sieve, line_keys(sieve)
        candidates = sieve.scan(block, None, None).candidates
        rare: list[tuple[int, tuple[int, int]]] = []
        for (start, end), keys in zip(candidates, self._keys_of[1](block, candidates), strict=True):
            count = min((self._counts[key] for key in keys), default=0)
            self._counts.update(keys)
            if count < MOST_OF_A_KEY:
                rare.append((count, (start, min(end + 1, len(block)))))
        return [line for _count, line in sorted(rare)]

    def _named(self, batch: pa.RecordBatch, stream: int) -> Iterator[pa.RecordBatch]:
        numbers = [signed(one) for one in batch.column("quetsach.sighting.id").to_pylist()]
        keys = batch.column("quetsach.indicator.key").to_pylist()
        is_new = [
            not is_below(key, self.planted) and not self._is_known(number)
            for key, number in zip(keys, numbers, strict=True)
        ]
        if any(is_new):
            yield named_batch(batch.filter(pa.array(is_new)), stream, self.names)

    def _is_known(self, number: int) -> bool:
        known = "SELECT 1 FROM sighting WHERE number = ? UNION SELECT 1 FROM early WHERE number = ?"
        return bool(self.state.run(known, number, number))


def _add(digest: GrowingDigest, place: int, block: bytes, end: int) -> None:
    """Digest a block up to `end` of it."""
    if digest.place < place + end:
        digest.add(block[digest.place - place : end])
