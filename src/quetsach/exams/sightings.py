"""What a blind sweep says of each occasion: the sightings of its mark, or of its source port."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq

from quetsach.attribution.model import Certainty
from quetsach.attribution.questions import SightingRole
from quetsach.exams.judging import ExamStatement, NamedMachine, named_by_text
from quetsach.exams.receipts import ConnectionReceipt
from quetsach.exams.truth import ExamTruth
from quetsach.findings.folder import SIGHTINGS, Findings
from quetsach.inventory.cells import mac_of

CLOCKS_APART_S = 26 * 3600
"""How far the clocks of a log and of a machine may be apart for a source port to tell: a wrong zone
is what an exam is to find, and the server of an exam is met by nobody else."""

_COLUMNS = (
    "quetsach.sighting.id",
    "@timestamp",
    "source.port",
    "quetsach.indicator.key",
    "quetsach.device",
    "quetsach.device.address",
    "quetsach.device.grade",
    "quetsach.device.way",
    "quetsach.device.role",
    "quetsach.device.steps",
)
_MOST_STATEMENTS = 20
"""How many different things said of one occasion are kept; more would be of no use to anybody."""


@dataclass
class StatementsByMark:
    """What was said of each occasion, by mark, and the marks that stand in the evidence at all."""

    statements: dict[str, list[ExamStatement]] = field(default_factory=lambda: defaultdict(list))
    seen: set[str] = field(default_factory=set)


def said_in(
    findings: Findings,
    truth: ExamTruth,
    receipts: Mapping[str, ConnectionReceipt],
    server_key: str,
) -> StatementsByMark:
    """Return what the findings of a blind sweep say of the occasions.

    A sighting belongs to an occasion by its mark; one of the server itself by the source port that
    was drawn for the occasion and that the machine says it used.
    """
    marks = {truth.mark_name(occasion.mark): occasion.mark for occasion in truth.occasions}
    ports = {
        occasion.port: occasion.mark
        for occasion in truth.occasions
        if occasion.mark in receipts and receipts[occasion.mark].port == occasion.port
    }
    devices = {str(row["device"]): row for row in findings.devices["devices"]}
    answers = StatementsByMark()
    for row in _rows(findings):
        key = row["quetsach.indicator.key"]
        mark = marks.get(key)
        if mark is None and key == server_key:
            mark = _by_port(row, ports, receipts)
        if mark is None:
            continue
        answers.seen.add(mark)
        if row["quetsach.device.role"] == SightingRole.CLIENT and row["quetsach.device"]:
            _add(answers.statements[mark], _statement(row, devices, truth))
    return answers


def _rows(findings: Findings) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(findings.folder / SIGHTINGS) as file:
        for batch in file.iter_batches(batch_size=8_192, columns=list(_COLUMNS)):
            yield from batch.to_pylist()


def _by_port(
    row: Mapping[str, Any], ports: Mapping[int, str], receipts: Mapping[str, ConnectionReceipt]
) -> str | None:
    mark = ports.get(row["source.port"])
    when = row["@timestamp"]
    if mark is None or not isinstance(when, datetime):
        return None
    apart_s = abs(when.timestamp() - receipts[mark].at)
    return mark if apart_s <= CLOCKS_APART_S else None


def _statement(
    row: Mapping[str, Any], devices: Mapping[str, Mapping[str, Any]], truth: ExamTruth
) -> ExamStatement:
    name = row["quetsach.device"]
    device = devices.get(name, {})
    rivals: Sequence[Any] = device.get("rivals", ())
    address = row["quetsach.device.address"] or ""
    machine = device.get("machine") or {}
    by_text = named_by_text(name, truth, address)
    return ExamStatement(
        named=NamedMachine(
            device=name,
            address=address,
            mac=mac_of(device.get("mac") or "") or by_text.mac,
            host_name=device.get("host_name") or by_text.host_name,
            key=machine.get("key") or by_text.key,
        ),
        grade=Certainty(row["quetsach.device.grade"]),
        way=row["quetsach.device.way"] or "",
        # Rivals are kept for the device as a whole; they only count where it is ambiguous.
        rivals=tuple(named_by_text(str(rival), truth) for rival in rivals),
        sighting=row["quetsach.sighting.id"],
        steps=row["quetsach.device.steps"] or "",
    )


def _add(statements: list[ExamStatement], statement: ExamStatement) -> None:
    """Add a statement unless the same was said before."""
    same = (statement.named, statement.grade, statement.way)
    if len(statements) < _MOST_STATEMENTS and same not in [
        (earlier.named, earlier.grade, earlier.way) for earlier in statements
    ]:
        statements.append(statement)
