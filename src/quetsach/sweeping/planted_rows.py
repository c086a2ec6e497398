"""What was planted, found in the evidence and taken out of it: no case, no figure.

The scan looks for planted names beside the list. What it meets is taken out before anybody is
named: such a line counts as examined without a match. What is left of it is a page of its own,
`planted.json`: which planted contacts the logs show, and what a zero in them is worth.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from ipaddress import IPv4Network
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from pyroaring import BitMap

from quetsach.addresses import Network
from quetsach.blocklists.planted import (
    PLANTED_NETWORK,
    PLANTED_SUFFIX,
    PlantedContact,
    PlantedKey,
    is_working_day,
    planted_between,
    planted_names_in,
)
from quetsach.blocklists.planted_scripts import NOTE_FILE
from quetsach.blocklists.zero_power import ZeroPower
from quetsach.clocks import MICROSECONDS
from quetsach.findings.coverage import CONNECTION, DNS, WEB, SourceCoverage, kinds_of_source
from quetsach.findings.steps import format_time
from quetsach.indicators.indicator_set import indicator_table
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorSet, MatchRule
from quetsach.scanning.grades import SightingGrade
from quetsach.sweeping.gather import GatheredEvidence

PLANTED_PAGE = "planted.json"
FORMAT = "quetsach-planted/1"

_MOST_SUBNETS = 500
_MOST_DAYS = 20_000
"""How many planted contacts `planted.json` lists; all are counted."""

_CLOCKS_DIFFER = timedelta(days=1)

_PAGE_ALONE = ("contacts", "subnets", "format")

# The first of the two moments at which the scripts ask, and the last moment of the second.
_FIRST, _LAST = time(8, 30), time(10, 45)

_HOLDERS = (
    *("dns.question.name", "url.domain", "url.full", "tls.client.server_name"),
    *("destination.domain", "event.original"),
)
_READ = (
    *("@timestamp", "event.dataset", "log.file.path", "quetsach.grade", "quetsach.indicator.key"),
    *("destination.ip", "log.offset"),
    *_HOLDERS,
)


@dataclass(frozen=True)
class PlantedSearch:
    """By what planted contacts are known: the key of the office, else only by their suffix.

    Shapes: `contacts` stand in place of the key where the secret itself is kept from this process.
    """

    key: PlantedKey | None = None
    contacts: tuple[PlantedContact, ...] = ()

    @property
    def is_by_key(self) -> bool:
        """Whether it is known what was planted, and not only under which suffix."""
        return self.key is not None or bool(self.contacts)


@dataclass(frozen=True)
class PlantedRow:
    """One record that shows a planted name or address.

    Units: us since 1970, UTC; None where the line has no time.
    """

    names: tuple[str, ...]
    address: str
    when_us: int | None
    path: str
    is_sensor: bool
    is_note: bool


def with_planted(indicators: IndicatorSet, search: PlantedSearch) -> IndicatorSet:
    """Return the set with what is planted, which the list itself does not hold, beside it."""
    table = indicator_table(indicators)
    more = [_indicator(PLANTED_SUFFIX, IndicatorKind.NAME, MatchRule.BELOW)]
    if search.is_by_key:
        more.append(_indicator(PLANTED_NETWORK, IndicatorKind.NETWORK, MatchRule.CIDR))
    more = [one for one in more if table.get(one.kind, one.key) is None]
    return replace(indicators, indicators=table.changed(more)) if more else indicators


def _indicator(key: str, kind: IndicatorKind, rule: MatchRule) -> Indicator:
    return Indicator(key, key, kind, rule)


def take_out_planted(gathered: GatheredEvidence, indicators: IndicatorSet) -> list[PlantedRow]:
    """Return what of the sightings is planted, and leave only the others in their files.

    A planted key that stands in the list itself, `indicators`, is left where it is.
    """
    table = indicator_table(indicators)
    keys = {
        key
        for kind, key in (
            (IndicatorKind.NAME, PLANTED_SUFFIX),
            (IndicatorKind.NETWORK, PLANTED_NETWORK),
        )
        if table.get(kind, key) is None
    }
    rows: list[PlantedRow] = []
    for number, path in gathered.spools:
        with path.open("rb") as file, pa.ipc.open_stream(file) as stream:
            batches = list(stream)
        if any(_holds(batch, keys) for batch in batches):
            rows += _parted(batches, keys, path, gathered.sources[number])
    return rows


def _holds(batch: pa.RecordBatch, keys: set[str]) -> bool:
    return not keys.isdisjoint(batch.column("quetsach.indicator.key").unique().to_pylist())


def _parted(
    batches: Sequence[pa.RecordBatch], keys: set[str], path: Path, source: SourceCoverage
) -> Iterator[PlantedRow]:
    """Yield the planted rows of a file of sightings, and write it anew without them."""
    table = pa.Table.from_batches(batches)
    is_planted = [key in keys for key in table.column("quetsach.indicator.key").to_pylist()]
    planted = table.filter(pa.array(is_planted)).select(_READ)
    others = table.filter(pa.array([not flag for flag in is_planted]))
    kept = path.with_suffix(".kept")
    with pa.OSFile(str(kept), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(others)
    kept.replace(path)
    whens = planted.column("@timestamp").cast(pa.int64()).to_pylist()
    records = planted.drop_columns(["@timestamp"]).to_pylist()
    mentions = sum(record["quetsach.grade"] == SightingGrade.MENTIONED for record in records)
    source.sighting_rows -= len(records) - mentions
    source.mention_rows -= mentions
    lines = {record["log.offset"] for record in records}
    lines.difference_update(others.column("log.offset").to_pylist())
    source.counts.sighting_lines -= len(lines)
    source.counts.no_match += len(lines)
    for when_us, record in zip(whens, records, strict=True):
        yield _row(when_us, record)


def _row(when_us: int | None, record: Mapping[str, Any]) -> PlantedRow:
    texts = "\n".join(text for name in _HOLDERS if isinstance(text := record[name], str))
    path = record["log.file.path"] or ""
    of_pc = (record["event.dataset"] or "").startswith("host")
    return PlantedRow(
        names=tuple(planted_names_in(texts)),
        address=record["destination.ip"] or "",
        when_us=when_us,
        path=path,
        # A text that only mentions the name, and what a PC says of itself, prove no sensor.
        is_sensor=not of_pc and record["quetsach.grade"] != SightingGrade.MENTIONED,
        is_note=path.endswith(NOTE_FILE),
    )


@dataclass
class _PlaceDay:
    """One planted contact, and what is known of it."""

    contact: PlantedContact
    is_due: bool = False
    noted: bool = False
    seen_us: int | None = None
    paths: dict[str, None] = field(default_factory=dict)


def planted_json(
    search: PlantedSearch,
    rows: Iterable[PlantedRow],
    sources: Sequence[SourceCoverage],
    zone: ZoneInfo,
    inside: Sequence[Network] = (),
) -> dict[str, Any]:
    """Return the content of `planted.json`: each planted contact that was due, seen or not."""
    rows = list(rows)
    names = {name for row in rows for name in row.names if row.is_sensor}
    places = _place_days(search, _days_covered(sources, zone))
    _set_seen(places, rows, zone)
    off = _days_off(places)
    counted = [one for one in places if one.paths or (one.is_due and one.contact not in off)]
    power = ZeroPower(sum(bool(one.paths) for one in counted), len(counted))
    return {
        "format": FORMAT,
        "by": "key" if search.is_by_key else "suffix",
        **power.to_json(),
        "names": len(names),
        "unknown_names": len(names.difference(one.contact.name for one in places)),
        "off": len(off),
        "places": _by_place(counted),
        "sources": _by_source(counted),
        "contacts": [_contact_json(one, zone) for one in counted[:_MOST_DAYS]],
        "subnets": _subnets(sources, inside),
    }


def planted_summary(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `planted.json` stands in the summary."""
    return {
        name: part for name, part in page.items() if name not in ("contacts", "subnets", "format")
    }


def _days_covered(sources: Sequence[SourceCoverage], zone: ZoneInfo) -> list[date]:
    """Return the days on which a log of contacts was there at both moments of asking."""
    covered: set[date] = set()
    for source in sources:
        kinds = kinds_of_source(source.dataset)
        if source.duplicate_of or source.is_set_aside or not kinds & {DNS, CONNECTION, WEB}:
            continue
        if source.first_us is None or source.last_us is None:
            continue
        days = {_local(hour, zone).date() for hour in source.hours if hour is not None}
        first, last = _local(source.first_us, zone), _local(source.last_us, zone)
        covered.update(
            day
            for day in days
            if first <= datetime.combine(day, _FIRST, zone)
            and last >= datetime.combine(day, _LAST, zone)
        )
    return sorted(covered)


def _local(when_us: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(when_us / MICROSECONDS, zone)


def _place_days(search: PlantedSearch, days: Sequence[date]) -> list[_PlaceDay]:
    """Return each planted contact of the time that the logs cover, and of a day beside it."""
    if not days:
        return []
    key, due, aside = search.key, set(days), timedelta(days=1)
    first, last = days[0] - aside, days[-1] + aside
    contacts = [one for one in search.contacts if first <= one.day <= last]
    if key is not None:
        since = first if key.since is None else max(first, key.since)
        contacts += planted_between(key, since, last)
    return [
        _PlaceDay(contact, contact.day in due and is_working_day(contact.day))
        for contact in contacts
    ]


def _set_seen(places: Sequence[_PlaceDay], rows: Iterable[PlantedRow], zone: ZoneInfo) -> None:
    """Mark what the rows show: by its name about that day, else by its address on that very day."""
    by_name = {one.contact.name: one for one in places}
    by_address: dict[tuple[date, str], list[_PlaceDay]] = {}
    for place_day in places:
        contact = place_day.contact
        by_address.setdefault((contact.day, contact.address), []).append(place_day)
    for row in rows:
        met = [by_name[name] for name in row.names if name in by_name]
        if row.when_us is not None:
            # Asked on another day it says nothing of what the log showed on its own.
            day = _local(row.when_us, zone).date()
            met = [one for one in met if abs(one.contact.day - day) <= _CLOCKS_DIFFER]
        if not row.names and row.when_us is not None:
            met = by_address.get((_local(row.when_us, zone).date(), row.address), [])
            # Of two places with the same address that day nobody can say which it was.
            met = met if len(met) == 1 else []
        for place_day in met:
            place_day.noted |= row.is_note
            if row.is_sensor:
                place_day.paths[row.path] = None
                if row.when_us is not None:
                    place_day.seen_us = min(row.when_us, place_day.seen_us or row.when_us)


def _days_off(places: Sequence[_PlaceDay]) -> set[PlantedContact]:
    """Return what was not asked, as the PC's notes of days before and after do not have it."""
    noted: dict[str, list[date]] = {}
    for place_day in places:
        if place_day.noted:
            noted.setdefault(place_day.contact.place, []).append(place_day.contact.day)
    spans = {place: (min(days), max(days)) for place, days in noted.items()}
    return {
        one.contact
        for one in places
        if one.is_due
        and not (one.noted or one.paths)
        and _lies_in(one.contact.day, spans.get(one.contact.place))
    }


def _lies_in(day: date, span: tuple[date, date] | None) -> bool:
    return span is not None and span[0] < day < span[1]


def _by_place(counted: Sequence[_PlaceDay]) -> list[dict[str, Any]]:
    places = dict.fromkeys(one.contact.place for one in counted)
    return [
        {
            "place": place,
            "seen": sum(bool(one.paths) for one in counted if one.contact.place == place),
            "planted": sum(one.contact.place == place for one in counted),
        }
        for place in places
    ]


def _by_source(counted: Sequence[_PlaceDay]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for place_day in counted:
        for path in place_day.paths:
            counts[path] = counts.get(path, 0) + 1
    return [{"path": path, "seen": count} for path, count in sorted(counts.items())]


def _subnets(sources: Sequence[SourceCoverage], inside: Sequence[Network]) -> list[dict[str, Any]]:
    """Return the /24 of machines inside that spoke, those with most machines first."""
    alive = BitMap.union(*(spoke for one in sources for spoke in one.alive.values()), BitMap())
    machines = Counter(address >> 8 for address in alive)
    networks = (
        (IPv4Network(((number << 8), 24)), count) for number, count in machines.most_common()
    )
    own = [one for one in inside if isinstance(one, IPv4Network)]
    rows = (
        {"network": str(network), "machines": count}
        for network, count in networks
        if any(network.overlaps(one) for one in own)
    )
    return list(islice(rows, _MOST_SUBNETS))


def _contact_json(place_day: _PlaceDay, zone: ZoneInfo) -> dict[str, Any]:
    contact = place_day.contact
    return {
        "day": contact.day.isoformat(),
        "place": contact.place,
        "name": contact.name,
        "address": contact.address,
        "noted": place_day.noted,
        "seen": bool(place_day.paths),
        "seen_at": format_time(place_day.seen_us, zone),
        "paths": sorted(place_day.paths),
    }
