"""Active addresses per source and day with their devices, and the kinds of evidence of a source."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.folder import ALIVE
from quetsach.findings.steps import local_day

SCHEMA = pa.schema(
    [
        pa.field("source", pa.int32(), nullable=False),
        pa.field("day", pa.string(), nullable=False),
        pa.field("address", pa.string(), nullable=False),
        pa.field("device", pa.string()),
        pa.field("hours", pa.int32(), nullable=False),
    ]
)
"""The columns of `alive.parquet`; `source` is a place in the sources of `coverage.json`."""

GROUP_ROWS = 65_536

Name = Callable[[str, int], str | None]
"""Answers which device had an address in the hour that begins at a time (us), None for nobody."""


@dataclass(frozen=True, order=True)
class AliveAddress:
    """An address that spoke on a local day, in how many of its hours, and the device it was."""

    source: int
    day: str
    address: str
    device: str | None
    hours: int


def alive_rows(
    sources: Sequence[SourceCoverage],
    name: Name,
    zone: ZoneInfo,
    offsets_us: Mapping[int, int] | None = None,
) -> Iterator[AliveAddress]:
    """Yield who was alive in each source, in order; a file given twice counts once.

    `offsets_us` (by the number of a source) set its clock right before a device is named; the days
    stay those that it wrote.

    An address that changed hands within a day has a row for each device.
    Cost: one call of `name` for each source, hour and address; memory for one source.
    """
    for number, source in enumerate(sources):
        if source.duplicate_of is not None:
            continue
        offset_us = (offsets_us or {}).get(number, 0)
        hours_by_key: dict[tuple[str, int, str], int] = {}
        for hour, addresses in source.alive.items():
            if hour is None:
                continue
            day = local_day(hour, zone)
            for address in addresses:
                device = name(str(IPv4Address(address)), hour + offset_us) or ""
                key = (day, address, device)
                hours_by_key[key] = hours_by_key.get(key, 0) + 1
        for (day, address, device), hours in sorted(hours_by_key.items()):
            yield AliveAddress(number, day, str(IPv4Address(address)), device or None, hours)


def write_alive(path: Path, rows: Iterable[AliveAddress]) -> None:
    """Write `rows` as `alive.parquet`; the same rows give the same bytes."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        left = iter(rows)
        while group := list(islice(left, GROUP_ROWS)):
            writer.write_table(pa.Table.from_pylist([vars(one) for one in group], SCHEMA))


def read_alive(folder: Path) -> Iterator[AliveAddress] | None:
    """Return the rows of the findings in `folder`, None where an earlier version wrote none.

    Errors: E305 while reading, when the file is damaged or of another form.
    """
    path = folder / ALIVE
    return _rows(path) if path.is_file() else None


def _rows(path: Path) -> Iterator[AliveAddress]:
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow != SCHEMA:
                raise QuetsachError("E305", str(path), reason="schema")
            for batch in file.iter_batches():
                yield from (AliveAddress(**row) for row in batch.to_pylist())
    except (pa.ArrowException, OSError) as error:
        raise QuetsachError("E305", str(path), reason=type(error).__name__) from error


DNS = "dns"
CONNECTION = "connection"
WEB = "web"
FILE = "file"
MAIL = "mail"
HOST = "host"
TEXT = "text"
NO_KIND = ""
"""For what shows no contact at all, such as DHCP leases."""

_OF_PRODUCER = {
    **dict.fromkeys(("bind", "unbound", "dnsmasq", "pihole", "powerdns", "windows-dns"), DNS),
    **dict.fromkeys(
        ("conntrack", "asa", "mikrotik", "routeros", "natlog", "netfilter", "paloalto"), CONNECTION
    ),
    **dict.fromkeys(("squid", "web", "apache", "nginx", "iis"), WEB),
    **dict.fromkeys(("dhcp", "dhcpd", "kea", "arp", "ip", "isc", "windows-dhcp"), NO_KIND),
    "host": HOST,
    "text": TEXT,
}

_OF_RECORD = {
    **dict.fromkeys(("dns", "query", "queries"), DNS),
    **dict.fromkeys(("conn", "flow", "netflow", "traffic", "alert", "nat"), CONNECTION),
    **dict.fromkeys(
        ("http", "ssl", "tls", "quic", "x509", "utm", "webfilter", "url", "access", "threat"), WEB
    ),
    **dict.fromkeys(("files", "fileinfo", "pe"), FILE),
    "smtp": MAIL,
    **dict.fromkeys(("dhcp", "lease", "leases"), NO_KIND),
}

_OF_SOURCE = {
    "suricata.eve": frozenset({DNS, CONNECTION, WEB, FILE, MAIL}),
    "fortigate.log": frozenset({DNS, CONNECTION, WEB}),
    "paloalto.log": frozenset({CONNECTION, WEB}),
    "mikrotik.log": frozenset({CONNECTION, DNS}),
    "routeros.log": frozenset({CONNECTION, DNS}),
    # Its rules choose the packets, often the blocked ones alone: silence in it proves nothing.
    "netfilter": frozenset(),
}


def kind_of(dataset: str) -> str:
    """Return the kind of evidence that a record of `dataset` is, "" where it shows no contact.

    A dataset nobody has sorted is a kind of its own: only its like proves silence in it.
    """
    producer, _dot, record = dataset.partition(".")
    if _OF_PRODUCER.get(producer) in (HOST, TEXT, NO_KIND):
        return _OF_PRODUCER[producer]
    if record in _OF_RECORD:
        return _OF_RECORD[record]
    return _OF_PRODUCER.get(producer, dataset)


def kinds_of_source(dataset: str) -> frozenset[str]:
    """Return the kinds of evidence that a source of this dataset shows; none for leases."""
    if dataset in _OF_SOURCE:
        return _OF_SOURCE[dataset]
    kind = kind_of(dataset)
    return frozenset({kind} if kind else ())
