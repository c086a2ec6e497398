"""The sightings of a split as Arrow rows, gathered in batches so that a full log fits in memory."""

import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from quetsach.match.hits import Hit
from quetsach.pipeline.verdict import Sighting
from quetsach.schema import SIGHTING

BATCH_ROWS = 4096
ORIGINAL_BYTES = 4096
"""How much of a raw line a sighting keeps, in bytes."""


class SightingRows:
    """Rows of SIGHTING for one file; device columns, digest and number are filled in later."""

    def __init__(self, shown: str, batch_rows: int = BATCH_ROWS) -> None:
        self._shown, self._batch_rows = shown, batch_rows
        self._open: list[dict[str, Any]] = []
        self._sink = io.BytesIO()
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None
        self.count = 0

    def add(self, sightings: Sequence[Sighting]) -> None:
        """Take `sightings` in."""
        self.count += len(sightings)
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

    def _row(self, one: Sighting) -> dict[str, Any]:
        return {
            **one.event,
            "event.original": one.line[:ORIGINAL_BYTES].decode("utf-8", "backslashreplace"),
            "log.file.path": self._shown,
            "log.offset": one.offset,
            **_hit_columns(one.hit),
        }

    def _flush(self) -> None:
        if not self._open:
            return
        if self._writer is None:
            options = pa.ipc.IpcWriteOptions(compression="zstd")
            self._writer = pa.ipc.new_stream(self._sink, SIGHTING, options=options)
        self._writer.write_batch(pa.RecordBatch.from_pylist(self._open, SIGHTING))
        self._open = []


def _hit_columns(hit: Hit) -> dict[str, Any]:
    indicator = hit.indicator
    origin = indicator.origins[0] if indicator.origins else None
    return {
        "network.direction": hit.direction,
        "threat.indicator.name": indicator.shown,
        "threat.indicator.type": indicator.kind,
        "quetsach.indicator.key": indicator.key,
        "quetsach.indicator.list": origin.list_name if origin else None,
        "quetsach.indicator.row": origin.row if origin else None,
        "quetsach.indicator.allow": list(indicator.allow_classes) or None,
        "quetsach.match.field": hit.field,
        "quetsach.match.rule": hit.rule,
        "quetsach.match.labels_below": hit.labels_below,
        "quetsach.grade": hit.grade,
    }
