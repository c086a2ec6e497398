"""Sightings named one by one: for few of them, and the judge of the naming by columns."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from quetsach.attribution.questions import SightingEnds
from quetsach.findings.met_indicator import ClaimedOfIndicator, MentionedLine, SightedIndicator
from quetsach.findings.row_groups import SightingRow
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.scanning.grades import SightingGrade
from quetsach.sweeping.naming import SightingNamer, device_behind

INDICATOR = (
    *("quetsach.indicator.key", "threat.indicator.name", "threat.indicator.type"),
    *("quetsach.indicator.list", "quetsach.indicator.row", "quetsach.indicator.allow"),
    *("threat.indicator.marking.tlp", "threat.indicator.confidence", "threat.software.name"),
    "quetsach.indicator.status",
)
PROGRAM = ("network.direction", "quetsach.host.end", "process.executable", "process.name")

READ = (
    *("@timestamp", "event.dataset", "event.timezone", "event.original", "log.file.path"),
    *(
        "log.offset",
        "source.ip",
        "source.port",
        "source.mac",
        "destination.ip",
        "destination.nat.ip",
    ),
    *("destination.port", "network.transport", "network.forwarded_ip"),
    *("host.name", "host.mac"),
    *("quetsach.match.field", "quetsach.grade", "quetsach.indicator.window"),
    "quetsach.indicator.confidence_then",
    *INDICATOR,
    *PROGRAM,
)
"""The columns of SIGHTING that are read to name and to fold a sighting."""

JOINED_BY = "\x1f"
"""Stands between the parts where a list of texts is one text."""

CONNECTIONS = frozenset({"zeek.conn", "suricata.flow", "suricata.netflow", "fortigate.traffic"})


def named_rows(
    batch: pa.RecordBatch, numbers: Sequence[str], file: int, naming: SightingNamer
) -> list[SightingRow]:
    """Return the sightings of one file, each with its device; `numbers` are those of the rows."""
    table = pa.Table.from_batches([batch]).select(READ)
    when = table.column("@timestamp").cast(pa.int64())
    records = table.set_column(0, "@timestamp", when).to_pylist()
    return [
        _row(record, number, file, naming) for record, number in zip(records, numbers, strict=True)
    ]


def _row(record: dict[str, Any], number: str, file: int, naming: SightingNamer) -> SightingRow:
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
    window = record["quetsach.indicator.window"] or ""
    attribution = device_behind(
        naming.attributor_of(file),
        sighting,
        naming.doubts.of_line(file, record["event.timezone"]),
        is_outside_window=bool(window),
    )
    dataset = record["event.dataset"] or ""
    return SightingRow(
        number=int(number, 16),
        attribution=attribution,
        met=met_indicator(tuple(record[name] for name in INDICATOR), naming.label),
        grade=SightingGrade(record["quetsach.grade"]),
        is_connection=dataset in CONNECTIONS,
        port=record["destination.port"],
        when_us=record["@timestamp"],
        window=window,
        confidence_then=record["quetsach.indicator.confidence_then"],
        program=program_of(tuple(record[name] for name in PROGRAM)),
        place=MentionedLine(
            record["log.file.path"], record["log.offset"], record["event.original"] or "", dataset
        ),
    )


def met_indicator(values: tuple[Any, ...], label: Callable[[str], str]) -> SightedIndicator:
    """Return the indicator of a sighting with these values in the columns INDICATOR."""
    key, shown, kind, list_name, list_row, allow, tlp, confidence, family, status = values
    if isinstance(allow, str):
        allow = allow.split(JOINED_BY) if allow else ()
    return SightedIndicator(
        key=key,
        shown=shown,
        type=kind,
        label=label(key),
        list_name=list_name,
        list_row=list_row,
        allow=tuple(allow or ()),
        claimed=ClaimedOfIndicator(
            tlp=(tlp or "").lower() or None,
            confidence=confidence,
            family=family or "",
            status=status or "",
        ),
    )


def program_of(values: tuple[Any, ...]) -> str:
    """Return the program that spoke, where the record is of the machine that is meant.

    Shapes: `values` are those of the columns PROGRAM.
    """
    direction, host_end, executable, name = values
    end = "destination" if direction == "inbound" else "source"
    if host_end not in (None, end):
        return ""
    return executable or name or ""
