"""The sightings and the leases of a split as Arrow rows, written in batches to save memory."""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.addresses import parse_address
from quetsach.evidence.digests import record_mark
from quetsach.formats.persons import masked_row
from quetsach.indicators.model import Indicator
from quetsach.scanning.grades import SightingGrade
from quetsach.scanning.line_outcomes import RecordSighting
from quetsach.scanning.matching import EventMatch
from quetsach.schema import LEASE, SIGHTING, Event

if TYPE_CHECKING:
    from quetsach.formats.shared.event_columns import EventColumns
    from quetsach.scanning.column_matching import ColumnMatches

SIGHTING_BATCH_ROWS = 4096
PACKED_ROWS = 256
"""Fewer rows, if they are all, are written as they are: to begin packing each column takes 3 ms."""

ORIGINAL_BYTES = 4096
"""How much of a raw line a sighting keeps, in bytes."""


class SightingRows:
    """Rows of SIGHTING for one file; device columns, digest and number are filled in later."""

    def __init__(
        self,
        shown: str,
        batch_rows: int = SIGHTING_BATCH_ROWS,
        *,
        mask_persons: bool = False,
        hold_doubtful: bool = False,
    ) -> None:
        self._shown, self._batch_rows = shown, batch_rows
        self._mask_persons = mask_persons
        self._allow = _HeldClasses() if hold_doubtful else _stated_classes
        self._open: list[RecordSighting] = []
        self._marks: Mapping[int, str] = {}
        self._open_marks: list[str] = []
        self._sink = io.BytesIO()
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None
        self._few: pa.RecordBatch | None = None
        self.count = self.mentions = 0
        self._hits: list[EventMatch] = []
        self._hit_table = _no_hits()

    def mark(self, marks: Mapping[int, str]) -> None:
        """Take the marks, by offset, of the lines that come next; see digests.py."""
        self._marks = marks

    def add(self, sightings: Sequence[RecordSighting]) -> None:
        """Take `sightings` in; those that are mere mentions are counted apart."""
        self._take(sightings)
        if len(self._open) >= self._batch_rows:
            self._flush()

    def _take(self, sightings: Sequence[RecordSighting]) -> None:
        mentions = sum(one.hit.grade is SightingGrade.MENTIONED for one in sightings)
        self.mentions += mentions
        self.count += len(sightings) - mentions
        self._open += sightings
        self._open_marks += [
            self._marks.get(one.offset) or record_mark(one.offset) for one in sightings
        ]

    def add_columns(
        self, columns: "EventColumns", met: "ColumnMatches", others: Sequence[RecordSighting]
    ) -> None:
        """Take in what the events of `columns` met, and `others` of the lines among them."""
        self._flush()
        self._take(others)
        if not len(met.rows):
            return
        hits = self._known_hits(met.hits).take(met.numbers)
        is_mention = pc.equal(hits["quetsach.grade"], SightingGrade.MENTIONED.value)
        mentions = pc.sum(is_mention).as_py()
        self.mentions += mentions
        self.count += len(met.rows) - mentions
        batch = self._batch_of(columns, met, hits)
        if self._open:
            table = pa.Table.from_batches([batch, self._batch()])
            self._open, self._open_marks = [], []
            # Each line is in one of the two; the sightings of one line keep their order.
            batch = table.sort_by("log.offset").combine_chunks().to_batches()[0]
        self._write(batch)

    def to_ipc(self) -> bytes:
        """Return all rows as an Arrow IPC stream; b"" when there are none."""
        self._flush()
        if self._few is not None:
            self._write_as(None, self._few)
        if self._writer is None:
            return b""
        self._writer.close()
        return self._sink.getvalue()

    def _flush(self) -> None:
        if self._open:
            self._write(self._batch())
            self._open, self._open_marks = [], []

    def _write(self, batch: pa.RecordBatch) -> None:
        few, self._few = self._few, None
        if few is None and self._writer is None and batch.num_rows < PACKED_ROWS:
            self._few = batch
            return
        for each in (batch,) if few is None else (few, batch):
            self._write_as("lz4", each)

    def _write_as(self, packer: str | None, batch: pa.RecordBatch) -> None:
        if self._writer is None:
            options = pa.ipc.IpcWriteOptions(compression=packer)
            self._writer = pa.ipc.new_stream(self._sink, SIGHTING, options=options)
        self._writer.write_batch(batch)

    def _known_hits(self, hits: list[EventMatch]) -> pa.Table:
        """Return the columns of `hits`, to which some were added since the last call."""
        if self._hits is not hits:
            self._hits, self._hit_table = hits, _no_hits()
        known = self._hit_table.num_rows
        if known < len(hits):
            new = _hit_table(hits[known:], self._allow)
            self._hit_table = pa.concat_tables([self._hit_table, new]).combine_chunks()
        return self._hit_table

    def _batch_of(
        self, columns: "EventColumns", met: "ColumnMatches", hits: pa.Table
    ) -> pa.RecordBatch:
        """Return the sightings of events in columns, whose lines are short."""
        count = len(met.rows)
        arrays = {name: hits[name].combine_chunks() for name in hits.column_names}
        offsets = [offset for offset, _ in columns.lines]
        marks = list(map(self._marks.get, offsets))
        if None in marks:
            pairs = zip(marks, offsets, strict=True)
            marks = [mark or record_mark(offset) for mark, offset in pairs]
        of_lines = {
            "quetsach.sighting.id": pa.array(marks, pa.string()),
            "log.offset": pa.array(offsets, pa.int64()),
            "event.original": _as_texts([line for _, line in columns.lines]),
            **columns.fields,
        }
        arrays["log.file.path"] = pa.repeat(self._shown, count)
        arrays |= {name: column.take(met.rows) for name, column in of_lines.items()}
        chosen = [
            arrays[of.name].cast(of.type) if of.name in arrays else pa.nulls(count, of.type)
            for of in SIGHTING
        ]
        return pa.RecordBatch.from_arrays(chosen, schema=SIGHTING)

    def _batch(self) -> pa.RecordBatch:
        """Return the open rows column by column; a field that no row has costs nothing."""
        rows, count = self._open, len(self._open)
        written: list[Mapping[str, Any]] = [one.event for one in rows]
        originals = [one.line[:ORIGINAL_BYTES].decode("utf-8", "backslashreplace") for one in rows]
        if self._mask_persons:
            written = [
                masked_row({**event, "event.original": original}, one.line)
                for event, original, one in zip(written, originals, rows, strict=True)
            ]
            originals = [row["event.original"] for row in written]
        hits = _hit_columns([one.hit for one in rows], self._allow)
        # What a number is made of, once the whole text is known.
        hits["quetsach.sighting.id"] = pa.array(self._open_marks, pa.string())
        hits["log.file.path"] = pa.repeat(self._shown, count)
        hits["log.offset"] = pa.array([one.offset for one in rows], pa.int64())
        hits["event.original"] = pa.array(originals, pa.string())
        present = set().union(*written)
        columns = []
        for field in SIGHTING:
            name = field.name
            if name in hits:
                columns.append(hits[name].cast(field.type))
            elif name in present:
                columns.append(pa.array([row.get(name) for row in written], field.type))
            else:
                columns.append(pa.nulls(count, field.type))
        return pa.RecordBatch.from_arrays(columns, schema=SIGHTING)


def _as_texts(lines: list[bytes]) -> pa.Array:
    """Return `lines` as they are shown; bytes that are no text are written as codes."""
    try:
        return pa.array(lines, pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([line.decode("utf-8", "backslashreplace") for line in lines], pa.string())


AllowClassesOf = Callable[[Indicator], Sequence[str]]


def _stated_classes(indicator: Indicator) -> Sequence[str]:
    return indicator.allow_classes


class _HeldClasses:
    """The classes of allow-lists of an indicator, and those for which it is doubtful."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Sequence[str]] = {}

    def __call__(self, indicator: Indicator) -> Sequence[str]:
        place = (indicator.key, indicator.kind)
        classes = self._known.get(place)
        if classes is None:
            # Most sweeps meet nothing, and need none of it.
            from quetsach.indicators.allow.doubtful import doubtful_classes

            classes = sorted({*indicator.allow_classes, *doubtful_classes(indicator)})
            self._known[place] = classes
        return classes


def _hit_columns(hits: Sequence[EventMatch], allow: AllowClassesOf) -> dict[str, pa.Array]:
    """Return the columns that `hits` fill; those of hits that are one object are made once."""
    different = {id(hit): hit for hit in hits}
    places = {number: place for place, number in enumerate(different)}
    taken = pa.array([places[id(hit)] for hit in hits], pa.int32())
    rows = [_of_hit(hit, allow) for hit in different.values()]
    return {
        name: pa.array([row[name] for row in rows], SIGHTING.field(name).type).take(taken)
        for name in rows[0]
    }


@cache
def _no_hits() -> pa.Table:
    """Return the table that each split begins with, and most end with."""
    return _hit_table([], _stated_classes)


def _hit_table(hits: Sequence[EventMatch], allow: AllowClassesOf) -> pa.Table:
    schema = pa.schema([SIGHTING.field(name) for name in _HIT_FIELDS])
    return pa.Table.from_pylist([_of_hit(hit, allow) for hit in hits], schema)


_HIT_FIELDS = (
    *("network.direction", "threat.indicator.name", "threat.indicator.type"),
    *("threat.indicator.marking.tlp", "threat.indicator.confidence"),
    *("threat.indicator.last_seen", "threat.software.name", "quetsach.indicator.key"),
    *("quetsach.indicator.list", "quetsach.indicator.row", "quetsach.indicator.status"),
    *("quetsach.indicator.confidence_then", "quetsach.indicator.window"),
    *("quetsach.indicator.allow", "quetsach.match.field", "quetsach.match.rule"),
    *("quetsach.match.labels_below", "quetsach.grade"),
)


def _of_hit(hit: EventMatch, allow: AllowClassesOf) -> dict[str, Any]:
    indicator, claim = hit.indicator, hit.indicator.claim
    origin = indicator.origins[0] if indicator.origins else None
    return {
        "network.direction": hit.direction,
        "threat.indicator.name": indicator.shown,
        "threat.indicator.type": indicator.kind,
        "threat.indicator.marking.tlp": claim.tlp.upper() if claim.tlp else None,
        "threat.indicator.confidence": claim.confidence,
        "threat.indicator.last_seen": claim.last_seen_us,
        "threat.software.name": claim.family or None,
        "quetsach.indicator.key": indicator.key,
        "quetsach.indicator.list": origin.list_name if origin else None,
        "quetsach.indicator.row": origin.row if origin else None,
        "quetsach.indicator.status": claim.status,
        "quetsach.indicator.confidence_then": hit.confidence,
        "quetsach.indicator.window": hit.window,
        "quetsach.indicator.allow": list(allow(indicator)) or None,
        "quetsach.match.field": hit.field,
        "quetsach.match.rule": hit.rule,
        "quetsach.match.labels_below": hit.labels_below,
        "quetsach.grade": hit.grade,
    }


LEASE_BATCH_ROWS = 65_536

_HARDWARE = re.compile(r"(?:[0-9A-F]{2}[:-]?){5}[0-9A-F]{2}", re.IGNORECASE)


class LeaseRows:
    """Rows of LEASE for one split, kept as an Arrow IPC stream."""

    def __init__(self, batch_rows: int = LEASE_BATCH_ROWS) -> None:
        self._batch_rows = batch_rows
        self._open: list[tuple[Any, ...]] = []
        self._sink = io.BytesIO()
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None
        self.count = 0

    def add(self, events: Iterable[tuple[int, Event]], file: int) -> None:
        """Take in the records of file number `file` that say who held an address at a time."""
        for offset, event in events:
            if "host.ip" in event:
                self._add(event, file, offset)

    def _add(self, event: Event, file: int, offset: int) -> None:
        when = event.get("@timestamp")
        mac, client = event.get("host.mac"), event.get("quetsach.lease.client_id")
        name = event.get("host.name")
        if not mac and name is not None and _passes_for_another(name):
            # It would be taken for the device that has this key; see device_key.
            name = None
        if when is None or not (mac or client or name):
            return
        self.count += 1
        row = (
            event["host.ip"],
            when,
            event.get("quetsach.lease.act", "given"),
            mac,
            client,
            name,
            event.get("quetsach.lease.seconds"),
            event.get("quetsach.lease.server", event.get("observer.name")),
            event.get("quetsach.time.rough", False),
            file,
            offset,
        )
        self._open.append(row)
        if len(self._open) >= self._batch_rows:
            self._flush()

    def to_ipc(self) -> bytes:
        """Return all rows as an Arrow IPC stream; b"" when there are none."""
        self._flush()
        if self._writer is None:
            return b""
        self._writer.close()
        return self._sink.getvalue()

    def _flush(self) -> None:
        if not self._open:
            return
        if self._writer is None:
            packer = "zstd" if len(self._open) >= PACKED_ROWS else None
            options = pa.ipc.IpcWriteOptions(compression=packer)
            self._writer = pa.ipc.new_stream(self._sink, LEASE, options=options)
        columns = [
            pa.array(column, field.type)
            for column, field in zip(zip(*self._open, strict=True), LEASE, strict=True)
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=LEASE))
        self._open = []


def _passes_for_another(name: str) -> bool:
    """Return whether a host name, which each machine chooses itself, looks like another's key."""
    return parse_address(name) is not None or _HARDWARE.search(name) is not None
