"""Exports for tables and log stores: JSON lines, CSV, Parquet, Timesketch, CEF."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.errors.catalogue import N_
from quetsach.exports.contract import (
    SEVERITY,
    Export,
    ExportFacts,
    Sighting,
    iso_us,
    json_lines,
    plain_record,
)
from quetsach.exports.elastic import ELASTIC_EXPORT
from quetsach.exports.elastic import ecs_document as ecs_document
from quetsach.schema import SIGHTING
from quetsach.spreadsheet_cells import harmless_cell

ROWS_AT_ONCE = 1000
TABLES_A_GROUP = 50
"""A Parquet file keeps a note of every group and column in memory until its end: few groups."""


def _ndjson(sightings: Iterable[Sighting], _head: ExportFacts) -> Iterator[bytes]:
    return json_lines(plain_record(sighting) for sighting in sightings)


def _csv(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head.columns)
    for sighting in sightings:
        record = plain_record(sighting)
        writer.writerow([_cell(record.get(name)) for name in head.columns])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def _cell(content: Any) -> str:
    """Return a cell; what a spreadsheet might take for a formula begins with an apostrophe."""
    if content is None:
        return ""
    text = " ".join(map(str, content)) if isinstance(content, list) else str(content)
    return harmless_cell(text)


class _Pieces:
    """A file that gives away what was written to it."""

    closed = False

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._written.append(bytes(content))
        return len(content)

    def taken(self) -> bytes:
        content = b"".join(self._written)
        self._written.clear()
        return content

    def flush(self) -> None: ...

    def close(self) -> None: ...


def _parquet(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    pieces = _Pieces()
    schema = pa.schema([SIGHTING.field(name) for name in head.columns])
    with pq.ParquetWriter(pa.PythonFile(pieces, mode="w"), schema) as writer:
        tables: list[pa.Table] = []
        for rows in _groups(sightings):
            tables.append(pa.Table.from_pylist(rows, schema=schema))
            if len(tables) == TABLES_A_GROUP:
                writer.write_table(pa.concat_tables(tables))
                tables.clear()
                yield pieces.taken()
        if tables:
            writer.write_table(pa.concat_tables(tables))
            yield pieces.taken()
    yield pieces.taken()


def _groups(sightings: Iterable[Sighting]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for sighting in sightings:
        rows.append(dict(sighting))
        if len(rows) == ROWS_AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _timesketch(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    return json_lines(_sketched(sighting, head) for sighting in sightings)


def _sketched(sighting: Sighting, head: ExportFacts) -> dict[str, Any]:
    # `timestamp` is a number there, and made of `datetime`.
    record = {
        name.replace(".", "_"): value
        for name, value in plain_record(sighting).items()
        if name != "@timestamp"
    }
    seen_by = sighting.get("quetsach.device") or sighting.get("source.ip") or "a machine"
    indicator = sighting["threat.indicator.name"]
    return {
        "message": f"{seen_by} met {indicator} ({sighting['quetsach.grade']})",
        "datetime": iso_us(sighting["@timestamp"]),
        "timestamp_desc": "Contact with an indicator",
        "data_type": f"quetsach:{sighting.get('event.dataset', 'log')}",
        "tag": sorted({"quetsach", head.source}),
        **record,
    }


# CEF. Source: ArcSight, Common Event Format, implementation standard 25.

_CEF_KEYS: Mapping[str, str] = {
    "source.ip": "src",
    "source.port": "spt",
    "source.mac": "smac",
    "destination.ip": "dst",
    "destination.port": "dpt",
    "destination.domain": "dhost",
    "network.transport": "proto",
    "network.application": "app",
    "url.full": "request",
    "source.bytes": "out",
    "destination.bytes": "in",
    "quetsach.device": "shost",
    "event.outcome": "outcome",
    "event.dataset": "cat",
    "threat.software.name": "deviceCustomString2",
}


def _cef(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    for sighting in sightings:
        yield (_cef_line(sighting, head) + "\n").encode()


def _cef_line(sighting: Sighting, head: ExportFacts) -> str:
    grade = sighting["quetsach.grade"]
    parts = (
        "CEF:0",
        *map(_header, ("quetsach", "quetsach", head.version, grade)),
        "Contact with an indicator",
        str(SEVERITY[grade]),
    )
    values = {key: sighting[name] for name, key in _CEF_KEYS.items() if name in sighting}
    if "deviceCustomString2" in values:
        values["cs2"] = values.pop("deviceCustomString2")
        values["cs2Label"] = "malware"
    if "@timestamp" in sighting:
        values["rt"] = sighting["@timestamp"] // 1000
    values |= {
        "externalId": sighting["quetsach.sighting.id"],
        "dvchost": head.source,
        "cs1": sighting["threat.indicator.name"],
        "cs1Label": "indicator",
    }
    extension = " ".join(f"{key}={_extension(str(value))}" for key, value in values.items())
    return f"{'|'.join(parts)}|{extension}"


def _header(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())


def _extension(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("=", "\\=").replace("\r", "\\r")
    text = text.replace("\n", "\\n")
    return "".join(sign if sign.isprintable() else " " for sign in text)


TABLE_EXPORTS = (
    Export(
        "ndjson",
        N_("JSON lines, one a sighting, in the fields of docs/schema.md"),
        N_("jq, DuckDB, ClickHouse and most log stores read it as it is."),
        ".ndjson",
        _ndjson,
    ),
    Export(
        "csv",
        N_("CSV, one row a sighting, in the fields of docs/schema.md"),
        N_("For spreadsheets; what could be a formula begins with an apostrophe."),
        ".csv",
        _csv,
    ),
    Export(
        "parquet",
        N_("Parquet, in the fields of docs/schema.md"),
        N_("For DuckDB, pandas, Polars and Spark."),
        ".parquet",
        _parquet,
    ),
    ELASTIC_EXPORT,
    Export(
        "timesketch",
        N_("Timesketch timeline, JSON lines"),
        N_("Upload it in Timesketch; a sighting without time is left out and counted."),
        ".jsonl",
        _timesketch,
        needs_time=True,
    ),
    Export(
        "cef",
        N_("Common Event Format, one line a sighting"),
        N_("For ArcSight, QRadar, Sentinel and others that take CEF, by syslog or from a file."),
        ".cef",
        _cef,
    ),
)
