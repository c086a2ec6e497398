"""Connections that more than one file tells of: by these the clocks of two sources are compared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.clock_offsets import Observation
from quetsach.schema import SIGHTING
from quetsach.sweeping.spools import NumberedBatch, batches, first_few, in_groups

if TYPE_CHECKING:
    from quetsach.arrays import Codes

ENDS = (
    "source.ip",
    "source.port",
    "destination.ip",
    "destination.port",
    "network.transport",
)
"""What every source writes alike of one connection."""

LOWEST_FREE_PORT = 1024
"""With both ports below it (NTP, IKE, DNS between servers, types of ICMP) they are no mark of one
connection: the next one has the same ports."""

_READ = ("@timestamp", "network.direction", "log.offset", *ENDS)
_COLUMNS = sorted(SIGHTING.get_field_index(name) for name in _READ)

_GROUP_ROWS = 65_536


@dataclass(frozen=True)
class SeenEvent:
    """An observation and its place; `what` are the parts of its name."""

    observation: Observation
    offset: int
    what: tuple[Any, ...]

    def at(self, declared_us: Mapping[int, int]) -> Observation:
        """Return the observation with its time set right by what was declared of its file."""
        one = self.observation
        shift_us = declared_us.get(one.source, 0)
        return replace(one, when_us=one.when_us + shift_us) if shift_us else one


def event_key(kind: str, parts: Iterable[Any]) -> str:
    """Return the key of an event, the same from each source that saw it."""
    return "\x1f".join((kind, *map(str, parts)))


class CommonConnections:
    """The connections in `spools` of which more than one file may tell.

    Cost: a number of eight bytes for each sighting while the files are compared; Python objects
    only for connections that two files have in common, and very few others.
    """

    def __init__(self, spools: Sequence[tuple[int, Path]]) -> None:
        self._spools = spools
        self.counts: dict[int, int] = {}
        """How many sightings each file has, where more than one has any."""
        self._are_few = True
        self._common: Codes | None = None
        if len({number for number, _ in spools}) < 2:
            self._spools = ()
            return
        numbered = self._counted(batches(spools, _COLUMNS))
        first, self._are_few = first_few(numbered)
        if not self._are_few:
            self._common = _in_several(chain(first, numbered))

    def _counted(self, numbered: Iterable[NumberedBatch]) -> Iterator[NumberedBatch]:
        for one in numbered:
            self.counts[one.file] = self.counts.get(one.file, 0) + one.batch.num_rows
            yield one

    def __iter__(self) -> Iterator[SeenEvent]:
        """Yield each of them as each file saw it, in the order of the evidence."""
        if self._common is not None and not len(self._common):
            return
        for kept in batches(self._spools, _COLUMNS):
            rows = kept.batch if self._common is None else _those(kept.batch, self._common)
            yield from _events(kept.file, rows)


def _events(number: int, rows: pa.RecordBatch) -> Iterator[SeenEvent]:
    when = rows.column("@timestamp").cast(pa.int64()).to_pylist()
    rest = (rows.column(name).to_pylist() for name in ("log.offset", "network.direction"))
    ends = zip(*(rows.column(name).to_pylist() for name in ENDS), strict=True)
    for moment, offset, direction, end in zip(when, *rest, ends, strict=True):
        if moment is not None and None not in end[:4] and max(end[1], end[3]) >= LOWEST_FREE_PORT:
            observation = Observation(number, event_key("connection", end), moment)
            # The other end is an indicator, which may not be for everybody's eyes.
            own = end[2:4] if direction == "inbound" else end[:2]
            yield SeenEvent(observation, offset, own if direction else ())


def _in_several(numbered: Iterator[NumberedBatch]) -> "Codes":
    """Return the marks of the connections that more than one file has, in order."""
    # A sweep of few sightings has no need of NumPy.
    from quetsach.arrays import np

    marks, files = [], []
    for group in in_groups(numbered, _GROUP_ROWS):
        table = pa.Table.from_batches([one.batch for one in group]).combine_chunks()
        (rows,) = table.to_batches()
        marks.append(_marks(rows))
        counts = [one.batch.num_rows for one in group]
        files.append(np.repeat(np.array([one.file for one in group], np.int32), counts))
    whole = np.concatenate(marks)
    order = np.argsort(whole)
    ordered, of_file = whole[order], np.concatenate(files)[order]
    del whole, marks, files, order
    # Of equal marks in a row, two neighbours are of different files where not all are of one.
    differs = (ordered[1:] == ordered[:-1]) & (of_file[1:] != of_file[:-1])
    common: Codes = np.unique(ordered[1:][differs])
    return common


def _those(rows: pa.RecordBatch, common: "Codes") -> pa.RecordBatch:
    from quetsach.arrays import np
    from quetsach.sweeping.lasting_codes import arrow_of

    marks = _marks(rows)
    near = np.searchsorted(common, marks)
    near[near == len(common)] = 0
    return rows.take(arrow_of(np.flatnonzero(common[near] == marks)))


def _marks(rows: pa.RecordBatch) -> "Codes":
    """Return a number for each row: the same for one connection, seldom the same for two."""
    from quetsach.arrays import np

    marks = np.zeros(rows.num_rows, np.uint64)
    for name in ENDS:
        marks ^= _values(rows.column(name))
        marks *= np.uint64(0x9E37_79B9_7F4A_7C15)
        marks ^= marks >> np.uint64(29)
    return marks.view(np.int64)


def _values(column: pa.Array) -> Any:
    from quetsach.arrays import np
    from quetsach.sweeping.lasting_codes import numbers_of

    if pa.types.is_integer(column.type):
        return numbers_of(pc.fill_null(column, -1)).view(np.uint64)
    if column.null_count == len(column):
        return np.uint64(0)
    texts = column.dictionary_encode()
    # Python's own hash: it differs from process to process, and nothing here leaves this one.
    hashes = np.array([*map(hash, texts.dictionary.to_pylist()), 0], np.int64)
    return hashes[numbers_of(pc.fill_null(texts.indices, len(texts.dictionary)))].view(np.uint64)
