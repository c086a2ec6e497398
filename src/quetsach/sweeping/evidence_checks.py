"""Checks of the gathered evidence: clock offsets, DHCP servers, wrong years, empty lease files."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from quetsach.attribution.clock_offsets import ClockOffset, CommonEvent, Observation, estimate
from quetsach.attribution.model import LeaseAct, RecordPlace
from quetsach.attribution.record_notes import NoteKind, RecordNote
from quetsach.clocks import MICROSECONDS, iso_from_us
from quetsach.errors.exceptions import Problem
from quetsach.evidence.archives import BETWEEN
from quetsach.evidence.find import find_evidence
from quetsach.findings.coverage import SourceCoverage
from quetsach.scanning.plan import PlannedFile
from quetsach.schema import LEASE
from quetsach.sweeping.common_connections import CommonConnections, SeenEvent, event_key
from quetsach.sweeping.gather import GatheredEvidence, rows_of
from quetsach.sweeping.own_network import OwnNetwork

SMALL_US = 2_000_000
"""Clocks within two seconds are the same: logs stamp the start or the end of one connection."""


@dataclass(frozen=True)
class ExamplePlace:
    """Where a common event is in a file: the byte offset, and what it was, in short."""

    offset: int
    what: str


@dataclass(frozen=True)
class ClockEstimates:
    """What was estimated or declared, and what follows for the times of each file, by its number.

    Shapes: `found` is what is left after what was declared; `places` are those of its examples.
    Units: `offsets_us` are added to the times of a file; `slack_us` is what stays in doubt;
    `declared_us` is the part of the offsets that was declared.
    """

    found: tuple[ClockOffset, ...] = ()
    declared_us: Mapping[int, int] = field(default_factory=dict)
    places: Mapping[tuple[int, Hashable], ExamplePlace] = field(default_factory=dict)
    offsets_us: dict[int, int] = field(default_factory=dict)
    slack_us: dict[int, int] = field(default_factory=dict)


def compare_clocks(
    spools: Sequence[tuple[int, Path]],
    leases: pa.Table,
    computers: Collection[int] = (),
    *,
    trusted: Collection[int] = (),
    declared_us: Mapping[int, int] | None = None,
    formats: Sequence[str] = (),
) -> ClockEstimates:
    """Return how the clocks of the sources differ, by their sightings and by DHCP records.

    Shapes: `formats[file]` is the format of each file; `computers` are the numbers of files that
    single machines tell of themselves; `trusted` those whose zone and year are known. A clock that
    was declared is taken at its word, and one of a known zone leads others.
    Units: `declared_us` is added to the times of a file, before they are compared.
    """
    declared = {} if declared_us is None else declared_us
    trust = {**dict.fromkeys(trusted, 1), **dict.fromkeys(declared, 2)}
    common = CommonConnections(spools)
    handouts = _handouts(leases, formats)
    observations = (one.at(declared) for one in chain(common, handouts))
    found = tuple(estimate(observations, computers, trust, common.counts))
    places = _places(chain(common, handouts), found)
    clocks = ClockEstimates(found, declared, places, {**declared})
    for clock_offset in found:
        if abs(clock_offset.offset_us) <= SMALL_US:
            continue
        if clock_offset.source in declared:
            # A person and the events contradict each other: the person is right, but not surely.
            clocks.slack_us[clock_offset.source] = (
                abs(clock_offset.offset_us) + clock_offset.slack_us
            )
            continue
        if clock_offset.is_steady:
            clocks.offsets_us[clock_offset.source] = clock_offset.offset_us
            clocks.slack_us[clock_offset.source] = clock_offset.slack_us
        else:
            # The clocks drift or jump: which machine held an address may be in doubt.
            clocks.slack_us[clock_offset.source] = (
                abs(clock_offset.offset_us) + clock_offset.slack_us
            )
    return clocks


def clocks_json(
    clocks: ClockEstimates, sources: Sequence[SourceCoverage], zone: tzinfo
) -> list[dict[str, Any]]:
    """Return how each source's clock differs from its reference; a positive offset is ahead of it.

    Shapes: `reference` is None where the offset was only declared. `used` says that the times were
    set right by it before machines were named; of a declared clock, `declared_s` is used, and
    `measured_s` what the events say. `examples` are common events, with their places.
    Units: seconds.
    """
    rows = []
    for clock in clocks.found:
        declared_us = clocks.declared_us.get(clock.source)
        measured_s = -(clock.offset_us + (declared_us or 0)) / 1_000_000
        rows.append(
            {
                "path": sources[clock.source].path,
                "reference": sources[clock.reference].path,
                "offset_s": measured_s if declared_us is None else -declared_us / 1_000_000,
                "measured_s": measured_s,
                "declared_s": None if declared_us is None else -declared_us / 1_000_000,
                "spread_s": clock.spread_us / 1_000_000,
                "pairs": clock.pairs,
                "used": clock.source in clocks.offsets_us,
                "examples": [
                    _example_json(clock.source, event, clocks, sources, zone)
                    for event in clock.examples
                ],
            }
        )
    compared = {clock.source for clock in clocks.found}
    for source, declared_us in sorted(clocks.declared_us.items()):
        if source not in compared and declared_us:
            rows.append(_only_declared(sources[source].path, -declared_us / 1_000_000))
    return rows


def _only_declared(path: str, ahead_s: float) -> dict[str, Any]:
    return {
        "path": path,
        "reference": None,
        "offset_s": ahead_s,
        "measured_s": None,
        "declared_s": ahead_s,
        "spread_s": 0.0,
        "pairs": 0,
        "used": True,
        "examples": [],
    }


def _example_json(
    source: int,
    event: CommonEvent,
    clocks: ClockEstimates,
    sources: Sequence[SourceCoverage],
    zone: tzinfo,
) -> dict[str, Any]:
    """Return one common event: what it was, and its time and place in both logs, as written."""

    def seen(number: int, when_us: int) -> dict[str, Any]:
        place = clocks.places.get((number, event.key))
        return {
            "path": sources[number].path,
            "offset": None if place is None else place.offset,
            "time": iso_from_us(when_us - clocks.declared_us.get(number, 0), zone),
        }

    place = clocks.places.get((source, event.key))
    return {
        "what": "" if place is None else place.what,
        "here": seen(source, event.when_us),
        "there": seen(event.other, event.other_us),
    }


def is_notable(clock: Mapping[str, Any]) -> bool:
    """Return whether a row of clocks_json is worth a person's look."""
    measured_s = clock.get("measured_s")
    apart_s = clock["offset_s"] if measured_s is None else measured_s - (clock["declared_s"] or 0)
    return bool(abs(apart_s) * 1_000_000 > SMALL_US or clock["declared_s"])


def _places(
    observed: Iterable[SeenEvent], clock_offsets: Sequence[ClockOffset]
) -> dict[tuple[int, Hashable], ExamplePlace]:
    """Return where the examples of `clock_offsets` are, by number of the file and key."""
    looked_for: set[tuple[int, Hashable]] = set()
    for clock in clock_offsets:
        for event in clock.examples:
            looked_for |= {(clock.source, event.key), (event.other, event.key)}
    places: dict[tuple[int, Hashable], ExamplePlace] = {}
    for seen in observed if looked_for else ():
        at = seen.observation.source, seen.observation.key
        if at in looked_for:
            places.setdefault(at, ExamplePlace(seen.offset, " ".join(map(str, seen.what))))
    return places


def _handouts(leases: pa.Table, formats: Sequence[str]) -> list[SeenEvent]:
    """Return the leases given that files of several formats tell of.

    The server gives a machine its address anew each day, and begins a new file each day: files of
    one format are no witnesses of each other's clock.
    """
    if leases.num_rows == 0 or len(leases.column("file").unique()) < 2:
        return []
    files: dict[Hashable, dict[str, int | None]] = {}
    for event in _given(leases):
        file = event.observation.source
        by_format = files.setdefault(event.observation.key, {})
        log_format = formats[file] if formats else str(file)
        by_format[log_format] = file if by_format.get(log_format, file) == file else None
    witnessed = {
        key
        for key, by_format in files.items()
        if len(by_format) > 1 and None not in by_format.values()
    }
    return [one for one in _given(leases) if one.observation.key in witnessed]


def _given(leases: pa.Table) -> Iterator[SeenEvent]:
    names = ["file", "address", "mac", "act", "when_us", "offset"]
    for batch in leases.select(names).to_batches():
        for file, address, mac, act, when, offset in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            if mac is not None and act == "given":
                observation = Observation(file, event_key("lease", (address, mac)), when)
                yield SeenEvent(observation, offset, (address, mac))


_SOFTWARE: Mapping[str, str] = {
    "isc-leases": "ISC dhcpd",
    "kea-leases": "Kea",
    "dnsmasq-leases": "dnsmasq",
    "windows-dhcp": "Windows",
}
"""Formats that only one kind of server writes; syslog and captures tell of any."""


def with_servers(leases: pa.Table, formats: Sequence[str]) -> pa.Table:
    """Return LEASE rows with the software as the server, where that distinguishes two servers.

    Shapes: `formats[file]` is the format of each file. Nothing is changed where any record names
    its server: a name and a software may be one and the same.
    """
    import pyarrow.compute as pc

    if not leases.num_rows or leases.column("server").null_count < leases.num_rows:
        return leases
    of_file = pa.array([_SOFTWARE.get(one) for one in formats], pa.string())
    told = of_file.take(leases.column("file").combine_chunks())
    seen = pc.equal(leases.column("act"), str(LeaseAct.SEEN)).combine_chunks()
    servers = pc.if_else(seen, pa.scalar(None, pa.string()), told)
    if len(pc.unique(servers.drop_null())) < 2:
        return leases
    place = leases.schema.get_field_index("server")
    return leases.set_column(place, "server", servers.dictionary_encode())


_YEAR_US = 300 * 86_400 * MICROSECONDS


def years_away(gathered: GatheredEvidence, record_notes: Iterable[RecordNote]) -> list[RecordNote]:
    """Return a note for each source of leases so far from every source without any.

    `record_notes` are those of the records themselves: a file among them gets no second note.
    """
    spools: dict[int, list[tuple[int, Path]]] = {}
    for number, path in gathered.lease_spools:
        spools.setdefault(number, []).append((number, path))
    paths = {
        place.path for one in record_notes if one.kind is NoteKind.YEAR_OFF for place in one.places
    }
    others = [
        one
        for number, one in enumerate(gathered.sources)
        if number not in spools and one.first_us is not None and one.duplicate_of is None
    ]
    return [
        RecordNote(NoteKind.YEAR_OFF, rows_of(of_one, LEASE).num_rows, (RecordPlace(one.path, 0),))
        for number, of_one in sorted(spools.items())
        for one in (gathered.sources[number],)
        if one.path not in paths
        and others
        and all(_apart_us(one, other) > _YEAR_US for other in others)
    ]


def _apart_us(source: SourceCoverage, other: SourceCoverage) -> int:
    """Return how much time lies between two sources, 0 where they meet or tell no time."""
    if source.first_us is None or source.last_us is None:
        return 0
    if other.first_us is None or other.last_us is None:
        return 0
    return max(source.first_us - other.last_us, other.first_us - source.last_us, 0)


def broken_promises(
    files: Sequence[PlannedFile], gathered: GatheredEvidence, knowledge: OwnNetwork
) -> tuple[Problem, ...]:
    """Return a problem for each argument of --leases (E120) and --nat (E121) that holds none.

    A folder, a glob or an archive keeps its promise when one of its files does. What could not be
    read at all was reported already.
    """
    own = knowledge.own
    if not own.leases and not own.nat:
        return ()
    # Of files with the same bytes only the first keeps its rows.
    chains = {gathered.sources[number].chain for number, _ in gathered.lease_spools}
    leasing = {number for number, source in enumerate(gathered.sources) if source.chain in chains}
    translating = {
        number
        for number, file in enumerate(files)
        if file.layout.translates or file.location.resolve() in knowledge.rule_files
    }
    by_path: dict[Path, set[int]] = {}
    for number, file in enumerate(files):
        for path in _paths(file):
            by_path.setdefault(path, set()).add(number)
    return (
        *_broken("E120", own.leases, by_path, leasing),
        *_broken("E121", own.nat, by_path, translating),
    )


def _broken(
    code: str, named: Sequence[str], by_path: dict[Path, set[int]], keeping: set[int]
) -> Iterator[Problem]:
    for argument in named:
        numbers = {
            number
            for file in find_evidence([argument])[0]
            for number in by_path.get(file.location.resolve(), ())
        }
        if numbers and not numbers & keeping:
            yield Problem(code, argument)


def _paths(file: PlannedFile) -> Iterator[Path]:
    """Yield where a file lies, and every archive that it may have come out of."""
    yield file.location.resolve()
    parts = file.shown.split(BETWEEN)
    for count in range(1, len(parts)):
        yield Path(BETWEEN.join(parts[:count])).resolve()


def unconfined_readers(files: Iterable[PlannedFile]) -> dict[str, list[str]]:
    """Return for coverage.json what held no reader of packed evidence back; {} for nothing.

    Shapes: `files` are the plan's; means of the kernel that are missing, by name.
    """
    if all(file.origin is None for file in files):
        return {}
    from quetsach.sandbox.shut_in import offered

    kernel = offered()
    missing = [] if kernel.files else ["Landlock"]
    missing += [] if kernel.calls else ["seccomp"]
    return {"unconfined_readers": missing} if missing else {}
