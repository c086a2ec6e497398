"""The second pass: what logs of address translation tell of the public addresses asked about."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from typing import Any, Literal

import pyarrow as pa

from quetsach.clocks import Zone
from quetsach.formats.contract import Line
from quetsach.formats.registry import by_name
from quetsach.scanning.plan import Split
from quetsach.scanning.split_reader import open_reader
from quetsach.schema import TRANSLATION, Event
from quetsach.sieve.contract import LineChoice, Sieve, SieveKeys
from quetsach.sieve.kernel import build_sieve

LINES_AT_ONCE = 4096
MOST_PORTS = 512
"""With more ports than this to look for, each line of a wanted address is parsed."""


@dataclass(frozen=True)
class PublicEndpoints:
    """The public addresses asked about, each with its ports; an empty set means every port."""

    ports: Mapping[str, frozenset[int]]

    def takes(self, address: str, port: int | None, last_port: int | None) -> bool:
        """Return whether a translation to `address` and `port` may answer one of the questions."""
        ports = self.ports.get(address)
        if ports is None:
            return False
        if not ports or port is None:
            return True
        if last_port is None:
            return port in ports
        return any(port <= one <= last_port for one in ports)


@dataclass(frozen=True)
class TranslationSearch:
    """What to look for, made ready: the sieve for the addresses, a pattern for the ports."""

    endpoints: PublicEndpoints
    sieve: Sieve
    ports: re.Pattern[bytes] | None
    zone: Zone


def translation_search(
    endpoints: PublicEndpoints, zone: Zone, sieve: Literal["auto", "rust", "python"] = "auto"
) -> TranslationSearch:
    """Return the search of logs for translations to `endpoints`."""
    parsed = [ip_address(one) for one in endpoints.ports]
    keys = SieveKeys(
        addresses=frozenset(int(one) for one in parsed if isinstance(one, IPv4Address)),
        addresses6=frozenset(int(one) for one in parsed if not isinstance(one, IPv4Address)),
    )
    ports = set().union(*endpoints.ports.values()) if endpoints.ports else set()
    exact = all(endpoints.ports.values()) and len(ports) <= MOST_PORTS
    pattern = b"|".join(str(one).encode() for one in sorted(ports))
    return TranslationSearch(
        endpoints=endpoints,
        sieve=build_sieve(keys, sieve),
        ports=re.compile(rb"(?<!\d)(?:" + pattern + rb")(?!\d)") if exact and pattern else None,
        zone=zone,
    )


def scan_translations(split: Split, search: TranslationSearch) -> Iterator[pa.RecordBatch]:
    """Yield what `split` records of the wanted addresses, as batches of TRANSLATION rows.

    Nothing raises on what the evidence holds; what breaks off was reported by the first pass.
    """
    form = by_name(split.format)
    zone = search.zone if split.declared is None else split.declared.zone_or(search.zone)
    # A port block is named by its ends, so that the port itself need not be in its line.
    pattern = None if split.layout.dataset.endswith(".block") else search.ports
    for part in open_reader(split, search.sieve, LineChoice()).parts():
        lines = [
            (offset, line)
            for offset, line in part.chosen
            if offset in part.candidates and (pattern is None or pattern.search(line))
        ]
        for place in range(0, len(lines), LINES_AT_ONCE):
            batch: list[Line] = lines[place : place + LINES_AT_ONCE]
            events = form.parse(batch, split.layout, zone).events
            rows = list(_rows(events, search.endpoints, split.file))
            if rows:
                yield pa.RecordBatch.from_pylist(rows, TRANSLATION)


def _rows(
    events: Iterable[tuple[int, Event]], endpoints: PublicEndpoints, file: int
) -> Iterator[dict[str, Any]]:
    for offset, event in events:
        inside, public = event.get("source.ip"), event.get("source.nat.ip")
        if inside is None or public is None:
            continue
        port, last = event.get("source.nat.port"), event.get("quetsach.nat.last_port")
        if not endpoints.takes(public, port, last):
            continue
        yield {
            "transport": event.get("network.transport"),
            "inside_ip": inside,
            "inside_port": event.get("source.port"),
            "public_ip": public,
            "public_port": port,
            "last_port": last,
            "remote_ip": event.get("destination.ip"),
            "remote_port": event.get("destination.port"),
            "start_us": event.get("event.start"),
            "end_us": event.get("event.end"),
            "when_us": event.get("@timestamp"),
            "action": event.get("event.action"),
            "rough": event.get("quetsach.time.rough", False),
            "file": file,
            "offset": offset,
        }
