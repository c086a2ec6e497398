"""The sightings and the leases of a split as Arrow rows, written in batches to save memory."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from quetsach.addresses import parse_address
from quetsach.formats.persons import masked_row
from quetsach.scanning.grades import SightingGrade
from quetsach.scanning.line_outcomes import RecordSighting
from quetsach.scanning.matching import EventMatch
from quetsach.schema import LEASE, SIGHTING, Event

SIGHTING_BATCH_ROWS = 4096
ORIGINAL_BYTES = 4096
"""How much of a raw line a sighting keeps, in bytes."""


class SightingRows:
    """Rows of SIGHTING for one file; device columns, digest and number are filled in later."""

    def __init__(
        self, shown: str, batch_rows: int = SIGHTING_BATCH_ROWS, *, mask_persons: bool = False
    ) -> None:
        self._shown, self._batch_rows = shown, batch_rows
        self._mask_persons = mask_persons
        self._open: list[dict[str, Any]] = []
        self._sink = io.BytesIO()
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None
        self.count = self.mentions = 0

    def add(self, sightings: Sequence[RecordSighting]) -> None:
        """Take `sightings` in; those that are mere mentions are counted apart."""
        mentions = sum(one.hit.grade is SightingGrade.MENTIONED for one in sightings)
        self.mentions += mentions
        self.count += len(sightings) - mentions
        self._open += [self._row(one) for one in sightings]
        if len(self._open) >= self._batch_rows:
            self._flush()

    def to_ipc(self) -> bytes:
        """Return all rows as an Arrow IPC stream; b"" when there are none."""
        self._flush()
        if self._writer is None:
            return b""
        self._writer.close()
        return self._sink.getvalue()

    def _row(self, sighting: RecordSighting) -> dict[str, Any]:
        original = sighting.line[:ORIGINAL_BYTES].decode("utf-8", "backslashreplace")
        written = {**sighting.event, "event.original": original}
        return {
            **(masked_row(written, sighting.line) if self._mask_persons else written),
            "log.file.path": self._shown,
            "log.offset": sighting.offset,
            **_hit_columns(sighting.hit),
        }

    def _flush(self) -> None:
        if not self._open:
            return
        if self._writer is None:
            options = pa.ipc.IpcWriteOptions(compression="zstd")
            self._writer = pa.ipc.new_stream(self._sink, SIGHTING, options=options)
        self._writer.write_batch(pa.RecordBatch.from_pylist(self._open, SIGHTING))
        self._open = []


def _hit_columns(hit: EventMatch) -> dict[str, Any]:
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
        "quetsach.indicator.allow": list(indicator.allow_classes) or None,
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
            options = pa.ipc.IpcWriteOptions(compression="zstd")
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
