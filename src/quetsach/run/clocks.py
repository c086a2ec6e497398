"""How far the clocks of the sources are apart, by the events that several of them saw."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from quetsach.attribute.clock_offsets import ClockOffset, Observation, estimate
from quetsach.findings.coverage import SourceCoverage

SMALL_US = 2_000_000
"""Clocks within two seconds are the same: logs stamp the start or the end of one connection."""

_CONNECTION = (
    "source.ip",
    "source.port",
    "destination.ip",
    "destination.port",
    "network.transport",
)


@dataclass(frozen=True)
class Clocks:
    """What was estimated, and what follows for the times of each file, by its number.

    Units: `offsets_us` are added to the times of a file; `slack_us` is what stays in doubt.
    """

    found: tuple[ClockOffset, ...] = ()
    offsets_us: dict[int, int] = field(default_factory=dict)
    slack_us: dict[int, int] = field(default_factory=dict)


def compare_clocks(
    spools: Sequence[tuple[int, Path]], leases: pa.Table, computers: Collection[int] = ()
) -> Clocks:
    """Return how the clocks of the sources differ, by their sightings and by DHCP records.

    Shapes: `computers` are the numbers of files that single machines tell of themselves.
    """
    found = tuple(estimate([*_connections(spools), *_handouts(leases)], computers))
    clocks = Clocks(found)
    for one in found:
        if abs(one.offset_us) <= SMALL_US:
            continue
        if one.is_steady:
            clocks.offsets_us[one.source] = one.offset_us
            clocks.slack_us[one.source] = one.slack_us
        else:
            # The clocks drift or jump: which machine held an address may be in doubt.
            clocks.slack_us[one.source] = abs(one.offset_us) + one.slack_us
    return clocks


def clocks_json(clocks: Clocks, sources: Sequence[SourceCoverage]) -> list[dict[str, Any]]:
    """Return how each source's clock stands to its reference; a positive offset is ahead of it.

    Units: seconds. `used` says that the times were set right by it before machines were named.
    """
    return [
        {
            "path": sources[one.source].path,
            "reference": sources[one.reference].path,
            "offset_s": -one.offset_us / 1_000_000,
            "spread_s": one.spread_us / 1_000_000,
            "pairs": one.pairs,
            "used": one.source in clocks.offsets_us,
        }
        for one in clocks.found
    ]


def is_notable(clock: Mapping[str, Any]) -> bool:
    """Return whether a row of clocks_json is worth a person's look."""
    return bool(abs(clock["offset_s"]) * 1_000_000 > SMALL_US)


def _connections(spools: Sequence[tuple[int, Path]]) -> Iterator[Observation]:
    for number, path in spools:
        with path.open("rb") as file, pa.ipc.open_stream(file) as stream:
            for batch in stream:
                table = pa.Table.from_batches([batch])
                when = table.column("@timestamp").cast(pa.int64()).to_pylist()
                ends = zip(*(table.column(name).to_pylist() for name in _CONNECTION), strict=True)
                for moment, end in zip(when, ends, strict=True):
                    if moment is not None and None not in end[:4]:
                        yield Observation(number, _key("connection", end), moment)


def _handouts(leases: pa.Table) -> Iterator[Observation]:
    if leases.num_rows == 0 or len(leases.column("file").unique()) < 2:
        return
    for batch in leases.select(["file", "address", "mac", "act", "when_us"]).to_batches():
        for file, address, mac, act, when in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            if mac is not None and act == "given":
                yield Observation(file, _key("lease", (address, mac)), when)


def _key(kind: str, parts: tuple[Any, ...]) -> str:
    return "\x1f".join((kind, *map(str, parts)))
