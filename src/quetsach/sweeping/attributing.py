"""The second pass: each sighting gets its number and its device, is folded, and is written."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.attribution.devices import Attributor
from quetsach.attribution.model import Certainty
from quetsach.attribution.own_record import is_own_record
from quetsach.attribution.questions import TO_LOOK_AT, Attribution, SightingEnds, SightingRole
from quetsach.findings.aggregate import Aggregator, ClaimedOfIndicator, SightingRow
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.steps import steps_text
from quetsach.findings.to_look_at import MentionedLine
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.scanning.grades import SightingGrade
from quetsach.schema import SIGHTING
from quetsach.sweeping.source_times import TimeDoubts

GROUP_ROWS = 65_536
"""Rows in one row group of sightings.parquet."""


def sighting_number(evidence: str, offset: int, key: str) -> str:
    """Return the number of a sighting: 16 hex digits from its evidence, offset and indicator."""
    return hashlib.sha256(f"{evidence}\x1f{offset}\x1f{key}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class SightingNamer:
    """What names a sighting: its device by `attributor_of` its file, its indicator by `label`.

    Units: per number of a file, `offsets_us` is added to its times to set its clock right, and
    `slack_us` is how far it may still be off; `doubts` says why its times are guessed, so that no
    device is certain by them.
    """

    attributor_of: Callable[[int], Attributor]
    label: Callable[[str], str]
    offsets_us: Mapping[int, int] = field(default_factory=dict)
    slack_us: Mapping[int, int] = field(default_factory=dict)
    doubts: TimeDoubts = field(default_factory=TimeDoubts)


def name_sightings(
    spools: Sequence[tuple[int, Path]],
    sources: Sequence[SourceCoverage],
    naming: SightingNamer,
    target: Path,
) -> Aggregator:
    """Write all sightings, with their devices, to `target` and return their fold."""
    fold = Aggregator()
    with pq.ParquetWriter(target, SIGHTING, compression="zstd") as writer:
        for batches in _groups(_batches(spools)):
            named = []
            for number, batch in batches:
                columns, rows = _named(batch, sources[number].sha256, number, naming)
                fold.add(rows)
                named.append(columns)
            writer.write_table(pa.Table.from_batches(named, SIGHTING), GROUP_ROWS)
    return fold


def _batches(spools: Sequence[tuple[int, Path]]) -> Iterator[tuple[int, pa.RecordBatch]]:
    for number, path in spools:
        with path.open("rb") as file, pa.ipc.open_stream(file) as stream:
            for batch in stream:
                yield number, batch


def _groups(
    batches: Iterator[tuple[int, pa.RecordBatch]],
) -> Iterator[list[tuple[int, pa.RecordBatch]]]:
    group: list[tuple[int, pa.RecordBatch]] = []
    rows = 0
    for number, batch in batches:
        group.append((number, batch))
        rows += batch.num_rows
        if rows >= GROUP_ROWS:
            yield group
            group, rows = [], 0
    if group:
        yield group


_READ = (
    *("@timestamp", "event.dataset", "source.ip", "source.port", "source.mac", "destination.ip"),
    *(
        "destination.nat.ip",
        "destination.port",
        "network.transport",
        "network.forwarded_ip",
        "log.offset",
    ),
    *("host.name", "host.mac", "quetsach.host.end", "process.executable", "process.name"),
    "event.timezone",
    *("network.direction", "threat.indicator.name", "threat.indicator.type"),
    *("quetsach.indicator.key", "quetsach.indicator.list", "quetsach.indicator.row"),
    *("quetsach.indicator.allow", "quetsach.match.field", "quetsach.grade"),
    *("threat.indicator.marking.tlp", "threat.indicator.confidence", "threat.software.name"),
    *("quetsach.indicator.status", "quetsach.indicator.window"),
    "quetsach.indicator.confidence_then",
)


def _named(
    batch: pa.RecordBatch, digest: str, file: int, naming: SightingNamer
) -> tuple[pa.RecordBatch, list[SightingRow]]:
    table = pa.Table.from_batches([batch]).select(list(_READ))
    when = table.column("@timestamp").cast(pa.int64())
    records = table.set_column(0, "@timestamp", when).to_pylist()
    rows = [
        _placed(_row(record, digest, file, naming), batch, place)
        for place, record in enumerate(records)
    ]
    leases = [row.attribution.interval for row in rows]
    filled: dict[str, list[Any]] = {
        "quetsach.sighting.id": [row.number for row in rows],
        "event.hash": [digest] * len(rows),
        "quetsach.device": [row.attribution.device or None for row in rows],
        "quetsach.device.address": [row.attribution.address or None for row in rows],
        "quetsach.device.grade": [str(row.attribution.grade) for row in rows],
        "quetsach.device.role": [str(row.attribution.role) for row in rows],
        "quetsach.device.way": [row.attribution.way or None for row in rows],
        "quetsach.device.steps": [steps_text(row.attribution.steps) for row in rows],
        "quetsach.device.lack": [str(row.attribution.lack) or None for row in rows],
        "quetsach.lease.start": [lease and lease.start_us for lease in leases],
        "quetsach.lease.path": [lease and lease.place.path for lease in leases],
        "quetsach.lease.offset": [lease and lease.place.offset for lease in leases],
    }
    columns = [
        pa.array(filled[field.name], field.type) if field.name in filled else batch.column(place)
        for place, field in enumerate(SIGHTING)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SIGHTING), rows


def _placed(row: SightingRow, batch: pa.RecordBatch, place: int) -> SightingRow:
    """Return a line to look at with its text and place; other rows as they are."""
    if row.attribution.lack not in TO_LOOK_AT:
        return row
    path, offset, text = (
        batch.column(batch.schema.get_field_index(name))[place].as_py()
        for name in ("log.file.path", "log.offset", "event.original")
    )
    return replace(row, place=MentionedLine(path or "", offset or 0, text or "", row.dataset))


def _doubted(attribution: Attribution, reason: str) -> Attribution:
    """Return an attribution that rests on a guessed time: no step of it is certain."""
    if attribution.grade is not Certainty.CERTAIN:
        return attribution
    steps = tuple(
        replace(step, grade=Certainty.LIKELY, note=step.note or reason)
        if step.grade is Certainty.CERTAIN
        else step
        for step in attribution.steps
    )
    return replace(attribution, grade=Certainty.LIKELY, steps=steps)


def _program(record: dict[str, Any]) -> str:
    """Return the program that spoke, where the record is of the machine that is meant."""
    end = "destination" if record["network.direction"] == "inbound" else "source"
    if record["quetsach.host.end"] not in (None, end):
        return ""
    return record["process.executable"] or record["process.name"] or ""


def _row(record: dict[str, Any], digest: str, file: int, naming: SightingNamer) -> SightingRow:
    key = record["quetsach.indicator.key"]
    # Clocks are set right for the question only; what the line says stays as it is.
    when = record["@timestamp"]
    if when is not None:
        when += naming.offsets_us.get(file, 0)
    sighting = SightingEnds(
        source=record["source.ip"],
        destination=record["destination.ip"],
        direction=record["network.direction"],
        field=record["quetsach.match.field"],
        when_us=when,
        source_port=record["source.port"],
        destination_port=record["destination.port"],
        transport=record["network.transport"],
        forwarded=record["network.forwarded_ip"],
        mac=record["source.mac"],
        slack_us=naming.slack_us.get(file, 0),
        host=record["host.name"] or "",
        host_mac=record["host.mac"],
        host_end=record["quetsach.host.end"] or "",
        form_known=record["event.dataset"] != UNKNOWN,
        destination_nat=record["destination.nat.ip"],
    )
    attribution: Attribution = naming.attributor_of(file).attribute(sighting)
    reason = naming.doubts.of_line(file, record["event.timezone"])
    if reason and not is_own_record(sighting, attribution):
        attribution = _doubted(attribution, reason)
    if record["quetsach.indicator.window"] and attribution.role is SightingRole.CLIENT:
        attribution = replace(attribution, role=SightingRole.OUTDATED)
    return SightingRow(
        number=sighting_number(digest, record["log.offset"], key),
        attribution=attribution,
        key=key,
        shown=record["threat.indicator.name"],
        type=record["threat.indicator.type"],
        label=naming.label(key),
        list_name=record["quetsach.indicator.list"],
        list_row=record["quetsach.indicator.row"],
        allow=tuple(record["quetsach.indicator.allow"] or ()),
        grade=SightingGrade(record["quetsach.grade"]),
        dataset=record["event.dataset"] or "",
        port=record["destination.port"],
        when_us=record["@timestamp"],
        program=_program(record),
        claimed=ClaimedOfIndicator(
            tlp=(record["threat.indicator.marking.tlp"] or "").lower() or None,
            confidence=record["threat.indicator.confidence"],
            family=record["threat.software.name"] or "",
            status=record["quetsach.indicator.status"] or "",
        ),
        window=record["quetsach.indicator.window"],
        confidence_then=record["quetsach.indicator.confidence_then"],
    )
