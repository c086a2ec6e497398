"""What a round found, kept: new sightings with their devices, leases, roles, problems, figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import printable_path
from quetsach.scanning.log_signs import FormCounts
from quetsach.scanning.rows import PACKED_ROWS
from quetsach.scanning.scan import SplitResult
from quetsach.schema import SIGHTING
from quetsach.sweeping.naming import DEVICE_COLUMNS, device_columns
from quetsach.watch.instant_names import ASKS, RELAYS, YEAR_KIND, ZONE_KIND, InstantNames
from quetsach.watch.parts import keep_part, part_of_step
from quetsach.watch.sources import SourceFigures
from quetsach.watch.state import Stream, WatchState, readable
from quetsach.watch.streams import TextStep

MOST_PAIRS = 200_000
"""So many pairs of client and server are kept to know resolvers and proxies by."""

_HEAD_CODES = frozenset({"E102", "E108"})
"""Told of a file's first lines; of the few lines of a chunk they may be said too soon."""

_FEW = 10

_UNREAD_CODES = ("E104", "E113", "E125", "E138")
"""Why a file is not followed, or says nothing: told anew while it is so."""

_AT_ONCE = 500


@dataclass
class RoundFigures:
    """What a round looked at and found. `shared` sightings are known by another file."""

    lines: int = 0
    bytes: int = 0
    sightings: int = 0
    shared: int = 0
    rejects: int = 0


@dataclass
class RoundRows:
    """The new sightings of a round, still without devices, its figures, and what was not read.

    Shapes: `rows` are a stream's number and rows of SIGHTING with their numbers; `losses` are, by
    the folder of a spool, what was lost of it and is told with the next part that is read.
    """

    rows: list[tuple[int, pa.RecordBatch]] = field(default_factory=list)
    figures: RoundFigures = field(default_factory=RoundFigures)
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, SourceFigures] = field(default_factory=dict)
    losses: dict[str, Problem] = field(default_factory=dict)

    def read_of(self, path: str, lines: int, size: int, event_us: int | None) -> None:
        """Count what was read of a text, by its path."""
        self.sources.setdefault(path, SourceFigures()).add(lines, size, event_us)


def keep_step(state: WatchState, step: TextStep, kept: RoundRows, now_us: int) -> bool:
    """Keep a step; its new sightings go to `kept`. Return whether leases or roles changed."""
    stream, result = step.stream, step.chunk.result
    if step.is_anew or step.from_place is not None:
        forget_from(state, stream.number, 0 if step.is_anew else step.from_place or 0)
    state.save(stream)
    problems = _sound(result)
    lost = kept.losses.pop(str(Path(stream.path).parent), None)
    of_part = problems if lost is None else [*problems, lost]
    keep_part(state, stream, part_of_step(step, of_part), result.offset)
    kept.figures.lines += result.counts.lines
    kept.figures.bytes += result.raw_bytes
    kept.figures.rejects += result.counts.rejects
    kept.read_of(stream.path, result.counts.lines, result.raw_bytes, result.facts.last_us)
    new_rows(state, stream.number, step.chunk.rows, kept, now_us)
    forget_moved(state, stream.number)
    forget_unread(state, stream.path)
    kept.problems += [*problems, *_unknown_form(stream)]
    return keep_facts(state, stream.number, result, is_year_guessed=step.is_year_guessed)


def forget_from(state: WatchState, stream: int, place: int) -> None:
    """Take back what was read of a stream from `place` on; a sighting met again stays shown."""
    state.run("DELETE FROM row_batch WHERE stream = ? AND first >= ?", stream, place)
    state.run("DELETE FROM part WHERE stream = ? AND first >= ?", stream, place)
    state.run("UPDATE sighting SET place = -1 WHERE stream = ? AND place >= ?", stream, place)


def forget_moved(state: WatchState, stream: int) -> None:
    """Forget the sightings of a stream that were taken back and not met again."""
    state.run("DELETE FROM sighting WHERE stream = ? AND place = -1", stream)


def _unknown_form(stream: Stream) -> Iterator[Problem]:
    forms = FormCounts(**stream.counts.get("forms", {}))
    if forms.is_unread_log and (forms.named or stream.lines >= _FEW):
        yield Problem("E125", printable_path(stream.path), {"named": forms.named})


def _sound(result: SplitResult) -> list[Problem]:
    few = result.counts.lines < _FEW
    return [one for one in result.problems if not (few and one.code in _HEAD_CODES)]


def new_rows(
    state: WatchState, stream: int, batches: Iterable[pa.RecordBatch], kept: RoundRows, now_us: int
) -> None:
    """Keep the numbers of the sightings in `batches`; those that are new go to `kept.rows`."""
    for batch in batches:
        numbers = [signed(text) for text in batch.column("quetsach.sighting.id").to_pylist()]
        places = batch.column("log.offset").to_pylist()
        met_before = _known(state, numbers)
        state.each(
            "UPDATE sighting SET place = ? WHERE number = ? AND place = -1 AND stream = ?",
            (
                (place, number, stream)
                for number, place in zip(numbers, places, strict=True)
                if met_before.get(number) == (stream, -1)
            ),
        )
        is_new = [number not in met_before for number in numbers]
        state.each(
            "INSERT INTO sighting VALUES(?, ?, ?, ?, 0, 0)",
            (
                (number, stream, place, now_us)
                for number, place in zip(numbers, places, strict=True)
                if number not in met_before
            ),
        )
        again = [met_before.get(number) == (stream, -1) for number in numbers]
        count = sum(is_new)
        kept.figures.sightings += count
        kept.figures.shared += len(numbers) - count - sum(again)
        chosen = [new or old for new, old in zip(is_new, again, strict=True)]
        if all(chosen):
            kept.rows.append((stream, batch))
        elif any(chosen):
            kept.rows.append((stream, batch.filter(pa.array(chosen))))


def _known(state: WatchState, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
    places: dict[int, tuple[int, int]] = {}
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE]
        marks = ",".join("?" * len(some))
        statement = f"SELECT number, stream, place FROM sighting WHERE number IN ({marks})"  # noqa: S608
        places |= {number: (stream, place) for number, stream, place in state.run(statement, *some)}
    return places


def signed(text: str) -> int:
    """Return the number of a sighting as SQLite keeps it: 64 bits with a sign."""
    return int.from_bytes(bytes.fromhex(text), "big", signed=True)


def keep_facts(
    state: WatchState, stream: int, result: SplitResult, *, is_year_guessed: bool
) -> bool:
    """Keep leases and pairs of a result; return whether there were any that are new."""
    leases, facts = result.leases, result.facts
    if leases:
        assert isinstance(leases, bytes), "staged rows are a cluster's"
        keep_rows_of(state, "lease", stream, result.offset, leases)
    pairs = [
        *((ASKS, *pair) for pair in facts.asks),
        *((RELAYS, *pair) for pair in facts.relays),
        *([(ZONE_KIND, str(stream), "")] if facts.zone_applied else []),
        *([(YEAR_KIND, str(stream), "")] if is_year_guessed else []),
    ]
    return bool(leases) | keep_pairs(state, pairs)


def keep_pairs(state: WatchState, pairs: Sequence[tuple[str, str, str]]) -> bool:
    """Keep pairs of (kind, client, server); return whether one of them is new."""
    if not pairs:
        return False
    count = "SELECT COUNT(*) FROM pair"
    before = state.run(count)[0][0]
    room = max(MOST_PAIRS - before, 0)
    state.each("INSERT OR IGNORE INTO pair VALUES(?, ?, ?)", pairs[:room])
    return bool(state.run(count)[0][0] > before)


def keep_rows_of(state: WatchState, kind: str, stream: int, first: int, rows: bytes) -> None:
    """Keep rows, an Arrow IPC stream of SIGHTING or LEASE, of a stream from `first` on."""
    state.run(
        "INSERT INTO row_batch(kind, stream, first, rows) VALUES(?, ?, ?, ?)",
        *(kind, stream, first, rows),
    )


def keep_problems(state: WatchState, problems: Iterable[Problem], now_us: int) -> None:
    """Count each problem by its code and place."""
    state.each(
        "INSERT INTO problem VALUES(?, ?, ?, ?, 1) "
        "ON CONFLICT(code, path) DO UPDATE SET count = count + 1, facts = excluded.facts",
        ((one.code, one.where, msgspec.json.encode(_plain_facts(one)), now_us) for one in problems),
    )


def forget_unread(state: WatchState, path: str) -> None:
    """Forget that a file could not be followed: it was read now."""
    marks = ",".join("?" * len(_UNREAD_CODES))
    state.run(
        f"DELETE FROM problem WHERE path = ? AND code IN ({marks})",  # noqa: S608
        *(printable_path(path), *_UNREAD_CODES),
    )


def _plain_facts(problem: Problem) -> dict[str, Any]:
    return {
        name: fact if isinstance(fact, int) else str(fact) for name, fact in problem.facts.items()
    }


def name_rows(state: WatchState, kept: RoundRows, names: InstantNames) -> list[pa.RecordBatch]:
    """Return the new sightings of a round with their devices, and keep them."""
    named = []
    for stream, batch in kept.rows:
        rows = named_batch(batch, stream, names)
        first = rows.column("log.offset")[0].as_py()
        keep_rows_of(state, "sighting", stream, first, _written(rows))
        named.append(rows)
    return named


def named_batch(batch: pa.RecordBatch, stream: int, names: InstantNames) -> pa.RecordBatch:
    """Return sightings of a stream with their devices."""
    columns = zip(*(device_columns(one) for one in names.of(batch, stream)), strict=True)
    filled = {
        name: pa.array(column, SIGHTING.field(name).type)
        for name, column in zip(DEVICE_COLUMNS, columns, strict=True)
    }
    return pa.RecordBatch.from_arrays(
        [
            filled[of.name] if of.name in filled else batch.column(place)
            for place, of in enumerate(SIGHTING)
        ],
        schema=SIGHTING,
    )


def _written(rows: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    packer = "zstd" if rows.num_rows >= PACKED_ROWS else None
    options = pa.ipc.IpcWriteOptions(compression=packer)
    with pa.ipc.new_stream(sink, SIGHTING, options=options) as writer:
        writer.write_batch(rows)
    return bytes(sink.getvalue().to_pybytes())


def sightings_in(state: WatchState, where: str = "1", *facts: Any) -> list[pa.RecordBatch]:
    """Return the rows of SIGHTING that are kept, in order; `where` is a condition on row_batch."""
    batches: list[pa.RecordBatch] = []
    statement = f"SELECT rows FROM row_batch WHERE kind = 'sighting' AND {where} ORDER BY number"  # noqa: S608
    for (rows,) in state.run(statement, *facts):
        with readable(state.folder), pa.ipc.open_stream(rows) as stream:
            batches += list(stream)
    return batches
