"""The look ahead in a flood: what was not told of a machine is told before it is its turn.

Where a text grows faster than its hits can be read, all of it is read in turn, later: nothing is
lost, and a loud machine would hide a quiet one meanwhile. So what is not read yet is looked through
by the sieve alone, and of each key and client, see lanes.py, a line is read and told at once, those
of rare keys first. They are read again in their turn, when they are kept, and not told again.
"""

import heapq
import time
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from quetsach.evidence.storage import ShrunkError
from quetsach.scanning.job import WorkerTools, tools_for
from quetsach.sieve.contract import Sieve
from quetsach.sieve.line_keys import LineKeys, line_keys
from quetsach.watch.growing_digest import GrowingDigest
from quetsach.watch.instant_names import InstantNames
from quetsach.watch.keeping import named_batch, signed
from quetsach.watch.lanes import Lanes, client_in
from quetsach.watch.planted import is_below
from quetsach.watch.state import WatchState
from quetsach.watch.streams import LiveStream, ReplacedError

LOOK_S = 0.2
LEAST_LINES, MOST_LINES = 16, 256
"""A look reads as many lines as it can in LOOK_S, within these bounds, rare keys first."""

EACH_S = 0.5
LEAST_LAG = 1 << 20
"""A text that has less to be read is soon read in its turn."""

_BLOCK = 4 << 20
_MOST_AHEAD = 48 << 20


class LineAhead(NamedTuple):
    """A line that may be read ahead: the lowest rank first, then in the order of the text."""

    rank: int
    place: int
    end: int
    lanes: tuple[int, ...]


@dataclass
class Scout:
    """Looks ahead in the texts of a watch; `names` says who is behind a sighting."""

    state: WatchState
    names: InstantNames
    planted: frozenset[str] = frozenset()
    lanes: Lanes = field(default_factory=Lanes)
    _ahead: dict[int, GrowingDigest] = field(default_factory=dict)
    _looked_s: float = 0.0
    _line_s: float = 0.002
    _keys_of: tuple[Sieve, LineKeys] | None = None

    def is_due(self, now_s: float) -> bool:
        """Return whether it is time for a look; it is noted as taken then."""
        if now_s - self._looked_s < EACH_S:
            return False
        self._looked_s = now_s
        self.lanes.begin(now_s)
        return True

    def forget(self) -> None:
        """Begin anew, as after a new list or what could not be kept."""
        self._ahead.clear()
        self.lanes.forget()
        self._keys_of = None

    def keep(self, numbers: Set[int]) -> None:
        """Forget all texts but those of these numbers."""
        for number in self._ahead.keys() - numbers:
            del self._ahead[number]

    def look(self, live: LiveStream, tools: WorkerTools, texts: int = 1) -> list[pa.RecordBatch]:
        """Return the sightings with their devices in lines that are not read yet, a lane each.

        `texts` are looked through in the same time. Errors: OSError, ReplacedError for the text.
        """
        number = live.stream.number
        digest = self._ahead.get(number)
        if live.lag() < LEAST_LAG:
            self._ahead.pop(number, None)
            return []
        if digest is None or digest.place < live.stream.cursor:
            digest = self._ahead[number] = live.digest_here()
        room = min(max(int(LOOK_S / self._line_s), LEAST_LINES), MOST_LINES) // texts + 1
        end, lines = self._untold(live, digest.place, tools)
        chosen = sorted(heapq.nsmallest(room, lines), key=lambda line: line.place)
        self.lanes.put_off += len(lines) - len(chosen)
        begun_s = time.monotonic()
        try:
            batches = [row for line in chosen for row in self._read(live, line, digest, tools)]
            _add(digest, live, end)
        except ShrunkError as error:
            raise ReplacedError from error
        rows = list(self._named(batches, number))
        if chosen:
            self._line_s = (time.monotonic() - begun_s) / len(chosen)
        return rows

    def _untold(
        self, live: LiveStream, place: int, tools: WorkerTools
    ) -> tuple[int, list[LineAhead]]:
        """Return how far the text from `place` on has whole lines, and those of untold lanes."""
        clock, form, declared = live.signs()
        sieve = tools_for(declared, tools).sieve
        if self._keys_of is None or self._keys_of[0] is not sieve:
            self._keys_of = sieve, line_keys(sieve)
        ahead: list[LineAhead] = []
        for at, block in live.text.blocks(place, _BLOCK, _MOST_AHEAD):
            candidates = sieve.scan(block, None, None).candidates
            keys_of = self._keys_of[1](block, candidates)
            for (start, end), keys in zip(candidates, keys_of, strict=True):
                untold = self.lanes.of_line(keys, client_in(block[start:end], form, clock))
                if untold is not None:
                    line_end = min(end + 1, len(block))
                    ahead.append(LineAhead(untold.rank, at + start, at + line_end, untold.lanes))
            place = at + len(block)
        return place, ahead

    def _read(
        self, live: LiveStream, line: LineAhead, digest: GrowingDigest, tools: WorkerTools
    ) -> Sequence[pa.RecordBatch]:
        _add(digest, live, line.place)
        text = b"".join(live.text.pieces(line.place, line.end))
        batches = live.early(line.place, text, digest, tools)
        self.lanes.read(line.lanes, is_told=any(batch.num_rows for batch in batches))
        return batches

    def _named(self, batches: Sequence[pa.RecordBatch], stream: int) -> Iterator[pa.RecordBatch]:
        if not batches:
            return
        for batch in pa.Table.from_batches(batches).combine_chunks().to_batches():
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


def _add(digest: GrowingDigest, live: LiveStream, end: int) -> None:
    """Digest the text up to `end`."""
    if digest.place < end:
        for piece in live.text.pieces(digest.place, end):
            digest.add(piece)
