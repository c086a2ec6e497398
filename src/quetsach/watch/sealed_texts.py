"""The texts that a sealed folder tells of: their new parts, and what a sweep of them would count.

Of a log that grew a folder tells the sightings since the last one, and of its lines what a sweep of
the whole log would tell for the days that the new part touches. So whoever adds folders up, such as
the ledger, counts each line and each sighting once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from quetsach.evidence.beginnings import KnownText
from quetsach.evidence.find import printable_path
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.steps import local_day
from quetsach.watch.keeping import signed
from quetsach.watch.parts import PartFacts, add_part, empty_source, merged, read_part
from quetsach.watch.state import Stream, StreamState, WatchState, readable

_OVER = (StreamState.DONE, StreamState.PACKED, StreamState.WHOLE)
_EVERYWHERE = 1 << 62


@dataclass
class SealedText:
    """A text that a folder tells of, up to `place`.

    Shapes: `member` is its name in a file that is read as a whole, "" in one that grows; `fresh`
    are the numbers of its parts that are told now, `begin` where those begin with the chain up to
    there, None for the beginning of the text; `part` is what they hold, `source` all of the text.
    """

    stream: Stream
    member: str
    place: int
    chain: bytes
    part: PartFacts
    source: SourceCoverage
    fresh: list[int] = field(default_factory=list)
    begin: tuple[int, bytes] | None = None


@dataclass(frozen=True)
class _KeptPart:
    number: int
    first: int
    ends: int
    chain: bytes
    facts: PartFacts
    outbox: int


def open_texts(state: WatchState, zone: ZoneInfo) -> Iterator[SealedText]:
    """Yield each text with parts that no folder tells, but for a last line without end."""
    rows = state.run("SELECT DISTINCT stream, member FROM part WHERE outbox = 0")
    for stream, member in _streams_of(state, rows):
        waits = bool(stream.open_line) and stream.state not in _OVER
        end = stream.open_line["cursor"] if waits and not member else _EVERYWHERE
        parts = _parts(state, stream, member)
        fresh = [one for one in parts if not one.outbox and one.first < end]
        if fresh:
            told = [one for one in parts if one.outbox]
            yield _text(stream, member, told, fresh, zone, _sealed_end(state, stream, member))


def told_texts(state: WatchState, outbox: Sequence[int], zone: ZoneInfo) -> Iterator[SealedText]:
    """Yield each text of which some folders tell, as the last of them told it."""
    marks = ",".join("?" * len(outbox))
    statement = f"SELECT DISTINCT stream, member FROM part WHERE outbox IN ({marks})"  # noqa: S608
    for stream, member in _streams_of(state, state.run(statement, *outbox)):
        parts = [one for one in _parts(state, stream, member) if 0 < one.outbox <= max(outbox)]
        fresh = [one for one in parts if one.outbox in outbox]
        before = [one for one in parts if one.outbox not in outbox]
        yield _text(stream, member, before, fresh, zone)


def silent_text(state: WatchState, number: int, zone: ZoneInfo) -> SealedText | None:
    """Return a text of which nothing is new as folders told it, None where none did."""
    rows = state.run("SELECT member FROM part WHERE stream = ? AND outbox > 0 LIMIT 1", number)
    for stream, member in _streams_of(state, [(number, *one) for one in rows]):
        parts = [one for one in _parts(state, stream, member) if one.outbox]
        text = _text(stream, member, parts[:-1], parts[-1:], zone)
        source = text.source
        source.sighting_rows = source.mention_rows = 0
        source.reject_reasons = {}
        source.hours.clear()
        source.alive.clear()
        source.part_from = text.place
        return text
    return None


def _sealed_end(state: WatchState, stream: Stream, member: str) -> tuple[int, bytes] | None:
    """Return the end of what folders tell of a text that grows, also where it was read anew since.

    The bytes up to there are the same, whatever form they turned out to be of.
    """
    if member:
        return None
    rows = state.run("SELECT ends, chain FROM sealed_end WHERE stream = ?", stream.number)
    return (rows[0][0], rows[0][1]) if rows else None


def keep_sealed_end(state: WatchState, text: SealedText) -> None:
    """Keep that folders tell a text up to here."""
    if not text.member:
        facts = (text.stream.number, text.place, text.chain)
        state.run("INSERT OR REPLACE INTO sealed_end VALUES(?, ?, ?)", *facts)


def _streams_of(state: WatchState, rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Stream, str]]:
    for number, member in rows:
        for stream in state.streams("number = ?", number):
            yield stream, member


def _parts(state: WatchState, stream: Stream, member: str) -> list[_KeptPart]:
    rows = state.run(
        "SELECT number, first, ends, chain, facts, outbox FROM part "
        "WHERE stream = ? AND member = ? ORDER BY first, number",
        *(stream.number, member),
    )
    with readable(state.folder):
        return [
            _KeptPart(number, first, ends, chain, read_part(facts), outbox)
            for number, first, ends, chain, facts, outbox in rows
        ]


def _text(
    stream: Stream,
    member: str,
    earlier: Sequence[_KeptPart],
    fresh: Sequence[_KeptPart],
    zone: ZoneInfo,
    sealed_end: tuple[int, bytes] | None = None,
) -> SealedText:
    last = max(fresh, key=lambda one: one.ends)
    part = merged(one.facts for one in fresh)
    before = [one for one in earlier if one.ends <= min(one.first for one in fresh)]
    begin = max(((one.ends, one.chain) for one in before), default=None)
    if sealed_end is not None and sealed_end[0] <= last.ends:
        begin = sealed_end
    source = empty_source(part.text)
    for facts in (one.facts for one in (*earlier, *fresh)):
        add_part(source, facts)
    source.path = member or printable_path(stream.path)
    source.sighting_rows, source.mention_rows = part.sighting_rows, part.mention_rows
    source.reject_reasons = dict(part.reject_reasons)
    source.text_bytes, source.links = last.ends, (last.chain,)
    source.part_from = 0
    if begin is not None and not member:
        known = KnownText(source.head, begin[0], begin[1].hex())
        source.begins_with, source.compared_with = frozenset({known}), (known,)
        source.part_from = begin[0]
    _keep_touched(source, part, zone)
    numbers = [one.number for one in fresh]
    return SealedText(stream, member, last.ends, last.chain, part, source, numbers, begin)


def _keep_touched(source: SourceCoverage, part: PartFacts, zone: ZoneInfo) -> None:
    """Leave out the days of which nothing is new."""
    days = {local_day(hour, zone) for hour in part.hours if hour is not None}
    source.hours = {
        hour: lines
        for hour, lines in source.hours.items()
        if hour is None or local_day(hour, zone) in days
    }
    source.alive = {
        hour: spoke
        for hour, spoke in source.alive.items()
        if hour is None or local_day(hour, zone) in days
    }


def open_rows(state: WatchState, text: SealedText) -> Iterator[pa.RecordBatch]:
    """Yield the rows of the sightings in a text's stream that no folder tells."""
    end = _EVERYWHERE if text.member else text.place
    return _rows(state, text, "outbox = 0 AND place < ?", (end,))


def told_rows(
    state: WatchState, text: SealedText, outbox: Sequence[int]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of the sightings in a text's stream that some folders tell."""
    return _rows(state, text, f"outbox IN ({','.join('?' * len(outbox))})", outbox)


def _rows(
    state: WatchState, text: SealedText, where: str, facts: Sequence[int]
) -> Iterator[pa.RecordBatch]:
    number = text.stream.number
    statement = f"SELECT number, place FROM sighting WHERE stream = ? AND {where}"  # noqa: S608
    places = dict(state.run(statement, number, *facts))
    if not places:
        return
    of_stream = "FROM row_batch WHERE kind = 'sighting' AND stream = ?"
    first = 0
    if not text.member:
        asked = f"SELECT COALESCE(MAX(first), 0) {of_stream} AND first <= ?"
        first = state.run(asked, number, min(places.values()))[0][0]
    kept = state.run(
        f"SELECT rows {of_stream} AND first >= ? ORDER BY first, number",
        *(number, first),
    )
    for (rows,) in kept:
        with pa.ipc.open_stream(rows) as batches:
            for batch in batches:
                numbers = map(signed, batch.column("quetsach.sighting.id").to_pylist())
                chosen = [places.pop(one, None) is not None for one in numbers]
                if any(chosen):
                    yield batch.filter(pa.array(chosen))
