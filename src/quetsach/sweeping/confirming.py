"""What a sensor or a resolver's list says of a contact that another log shows too: counted once.

An alert beside the log of names, a policy zone's line beside the question: two records of one
contact. So are a question in the log of dnsmasq and the lines below it, which say what became of it
and name no client. The second is taken out before anybody is named and listed in `confirmed.json`,
each with the number of the sighting that it confirms. It stays a sighting where no log shows the
contact, or none that proves as much.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.steps import format_time
from quetsach.scanning.grades import SightingGrade
from quetsach.schema import SIGHTING
from quetsach.sweeping.gather import GatheredEvidence
from quetsach.sweeping.numbering import numbers_in
from quetsach.sweeping.spools import batches

CONFIRMED_PAGE = "confirmed.json"
FORMAT = "quetsach-confirmed/1"

CONFIRMING = frozenset(
    {
        *("suricata.alert", "suricata.drop", "zeek.intel", "zeek.notice"),
        *("bind.rpz", "unbound.rpz", "unbound.local-zone", "dnsmasq.held"),
    }
)
"""Data sets whose records tell of contacts that other records tell as well."""

QUESTIONS = frozenset({"dnsmasq.query"})
"""Data sets in which a line without a client is of a question that the same file shows nearby."""

REACH_US = 2_000_000
"""How far apart the two records of one contact may be, in microseconds."""

MOST_LISTED = 20_000
"""How many are listed; all are counted."""

_RANKS = {str(grade): grade.rank for grade in SightingGrade}
_READ = (
    *("@timestamp", "event.dataset", "event.duration", "event.action", "rule.name"),
    *("source.ip", "source.port", "log.file.path", "log.offset"),
    *("quetsach.sighting.id", "quetsach.indicator.key", "quetsach.grade"),
)
_COLUMNS = sorted(SIGHTING.get_field_index(name) for name in _READ)
_CONFIRMING, _QUESTIONS = (pa.array(sorted(names)) for names in (CONFIRMING, QUESTIONS))
_DATASET = sorted(SIGHTING.get_field_index(name) for name in ("event.dataset", "source.ip"))


@dataclass(frozen=True)
class ConfirmingRow:
    """A record that was taken out: its own number, and that of the sighting it confirms."""

    number: str
    confirms: str
    dataset: str
    when_us: int
    path: str
    offset: int
    rule: str
    action: str


@dataclass(frozen=True)
class _Shown:
    """A contact that a log shows. Units: us since 1970, UTC, clocks set right."""

    start_us: int
    end_us: int
    port: int | None
    rank: int
    number: str

    def is_confirmed_at(self, when_us: int, port: int | None, rank: int) -> bool:
        """Return whether a record at this time is of this contact, and proves no more of it."""
        until_us = self.end_us if port is not None and port == self.port else self.start_us
        is_near = self.start_us - REACH_US <= when_us <= until_us + REACH_US
        return is_near and rank <= self.rank


_Contact = tuple[str | int, str]
"""The client's address, or the file's number where no line names it; the indicator's key."""


def take_out_confirming(
    gathered: GatheredEvidence, offsets_us: Mapping[int, int]
) -> list[ConfirmingRow]:
    """Return the sightings that confirm others, and leave only the others in their files.

    Units: `offsets_us` by number of a file is added to its times to set its clock right.
    Cost: one column of all sightings where no such record is among them.
    """
    alert_spools = [one for one in gathered.spools if _may_confirm(one)]
    contacts = {
        contact
        for spool in alert_spools
        for contact, _record in _records(spool, gathered.sources, confirming=True)
    }
    if not contacts:
        return []
    shown: dict[_Contact, list[_Shown]] = {}
    for spool in gathered.spools:
        offset_us = offsets_us.get(spool[0], 0)
        for contact, record in _records(spool, gathered.sources, contacts, confirming=False):
            shown.setdefault(contact, []).append(_shown(record, offset_us))
    rows: list[ConfirmingRow] = []
    for spool in alert_spools if shown else ():
        source = gathered.sources[spool[0]]
        confirming = list(_confirming(spool, gathered.sources, shown, offsets_us.get(spool[0], 0)))
        if confirming:
            _write_without(spool[1], {place for place, _row in confirming})
            source.sighting_rows -= len(confirming)
            rows += [row for _place, row in confirming]
    return rows


def _may_confirm(spool: tuple[int, Path]) -> bool:
    return any(
        pc.any(_confirms(pa.Table.from_batches([batch]))).as_py()
        for _file, batch, _numbers in batches([spool], _DATASET)
    )


def _confirms(table: pa.Table) -> pa.ChunkedArray:
    """Return of each sighting whether it is a record that may confirm another."""
    dataset, client = table.column("event.dataset"), table.column("source.ip")
    below_question = pc.and_(pc.is_in(dataset, _QUESTIONS), pc.is_null(client))
    return pc.or_(pc.is_in(dataset, _CONFIRMING), below_question)


def _records(
    spool: tuple[int, Path],
    sources: Sequence[SourceCoverage],
    contacts: set[_Contact] | None = None,
    *,
    confirming: bool,
) -> Iterator[tuple[_Contact, dict[str, Any]]]:
    """Yield the sightings that have a time and a contact, of those asked for: records that may
    confirm, or all others.

    Shapes: each record has its place among the rows of the file as "place"; a question is yielded
    by its client and by its file.
    """
    listed = sorted({key for _client, key in contacts or ()})
    keys = None if contacts is None else pa.array(listed, pa.string())
    first = 0
    for file, batch, _numbers in batches([spool], _COLUMNS):
        source = sources[file]
        table = pa.Table.from_batches([batch])
        if source.part_from is None:
            numbers = numbers_in(batch, source.links).hex()
            ids = [numbers[place : place + 16] for place in range(0, len(numbers), 16)]
            place = table.schema.get_field_index("quetsach.sighting.id")
            table = table.set_column(place, "quetsach.sighting.id", pa.array(ids, pa.string()))
        table = table.append_column("place", pa.array(range(first, first + len(table))))
        first += len(table)
        is_wanted = _confirms(table)
        table = table.filter(is_wanted if confirming else pc.invert(is_wanted))
        if keys is not None:
            table = table.filter(pc.is_in(table.column("quetsach.indicator.key"), keys))
        place = table.schema.get_field_index("@timestamp")
        when = table.column(place).cast(pa.int64())
        for record in table.set_column(place, "@timestamp", when).to_pylist():
            key, when_us = record["quetsach.indicator.key"], record["@timestamp"]
            is_mention = record["quetsach.grade"] == SightingGrade.MENTIONED
            if key is None or when_us is None or is_mention:
                continue
            is_question = record["event.dataset"] in QUESTIONS
            for client in (record["source.ip"], file if is_question else None):
                # A line below a question has no client, and a question is not below another.
                if client is not None and (contacts is None or (client, key) in contacts):
                    yield (client, key), record


def _shown(record: Mapping[str, Any], offset_us: int) -> _Shown:
    start_us = record["@timestamp"] + offset_us
    return _Shown(
        start_us=start_us,
        end_us=start_us + (record["event.duration"] or 0) // 1000,
        port=record["source.port"],
        rank=_RANKS[record["quetsach.grade"]],
        number=record["quetsach.sighting.id"],
    )


def _confirming(
    spool: tuple[int, Path],
    sources: Sequence[SourceCoverage],
    shown: Mapping[_Contact, Sequence[_Shown]],
    offset_us: int,
) -> Iterator[tuple[int, ConfirmingRow]]:
    """Yield the places of the sightings of a file that confirm others, and what they say."""
    for contact, record in _records(spool, sources, {*shown}, confirming=True):
        when_us, port = record["@timestamp"] + offset_us, record["source.port"]
        rank = _RANKS[record["quetsach.grade"]]
        near = [one for one in shown[contact] if one.is_confirmed_at(when_us, port, rank)]
        if near:
            nearest = min(near, key=lambda one: (abs(one.start_us - when_us), one.number))
            yield record["place"], _row(record, nearest.number)


def _row(record: Mapping[str, Any], confirms: str) -> ConfirmingRow:
    return ConfirmingRow(
        number=record["quetsach.sighting.id"],
        confirms=confirms,
        dataset=record["event.dataset"],
        when_us=record["@timestamp"],
        path=record["log.file.path"] or "",
        offset=record["log.offset"] or 0,
        rule=record["rule.name"] or "",
        action=record["event.action"] or "",
    )


def _write_without(path: Path, places: set[int]) -> None:
    """Write a file of sightings anew without the rows at these places."""
    kept, first = path.with_suffix(".kept"), 0
    with (
        path.open("rb") as file,
        pa.ipc.open_stream(file) as stream,
        pa.OSFile(str(kept), "wb") as sink,
        pa.ipc.new_stream(sink, stream.schema) as writer,
    ):
        for batch in stream:
            rows = range(first, first + batch.num_rows)
            writer.write_batch(batch.filter(pa.array([row not in places for row in rows])))
            first += batch.num_rows
    kept.replace(path)


def confirmed_json(rows: Sequence[ConfirmingRow], zone: ZoneInfo) -> dict[str, Any]:
    """Return the content of `confirmed.json`."""
    return {
        "format": FORMAT,
        "count": len(rows),
        "records": [
            {
                "quetsach.sighting.id": row.number,
                "quetsach.confirms": row.confirms,
                "event.dataset": row.dataset,
                "event.action": row.action,
                "rule.name": row.rule,
                "@timestamp": format_time(row.when_us, zone),
                "log.file.path": row.path,
                "log.offset": row.offset,
            }
            for row in rows[:MOST_LISTED]
        ],
    }
