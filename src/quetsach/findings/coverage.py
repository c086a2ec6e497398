"""What was looked at: per source its kind, period and hours, and who was active on which day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from quetsach.evidence.beginnings import KnownText
from quetsach.findings.speakers import ActiveAddresses
from quetsach.findings.steps import format_hour, format_time, local_day
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.scanning.activity import RecordCounts
from quetsach.scanning.declared_sources import DeclaredSource
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.log_signs import FormCounts
from quetsach.scanning.plan import YearSource


class ZoneOrigin(StrEnum):
    """From where the zone of the times of a source is known; `assumed` is not known."""

    IN_LINE = "in-line"
    DEFINITION = "by-definition"
    DECLARED = "declared"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class ConfirmedClock:
    """The source of known times that tells so many of the same events, by its path."""

    path: str
    pairs: int


@dataclass
class SourceCoverage:
    """One evidence file as it was read.

    Shapes: `zone` is the one applied to times written without any, `zone_applied` whether a line of
    known form needed it; `zone_from` is None where no line has a time. `blake3` is the digest
    of its bytes as they lie there, in hex, `links` the chain of its text (decision 15); `sha256`
    is None where nobody asked for it; `head` is that of its first line. Of the texts that were
    read before, `compared_with` were compared with its beginning, and with `begins_with` it begins.
    `shared_with` is the file that also has, and counts, so many of its sightings as
    `shared_sightings` says: the two share a beginning. `part_from` is set where a watch has read
    the text bit by bit: from there on its sightings are told, which have their numbers, while its
    lines are counted from the beginning.
    Units: `text_bytes` is the length of its text in bytes, unpacked; `hours` and `alive` by hour in
    us since 1970 UTC, None where no hour was read.
    """

    path: str
    format: str
    dataset: str
    codec: str
    size: int = 0
    blake3: str = ""
    links: Sequence[bytes] = ()
    sha256: str | None = None
    read_bytes: int = 0
    text_bytes: int = 0
    head: str = ""
    compared_with: Sequence[KnownText] = ()
    begins_with: frozenset[KnownText] = frozenset()
    sighting_rows: int = 0
    mention_rows: int = 0
    records: dict[str, RecordCounts] = field(default_factory=dict)
    counts: LineCounts = field(default_factory=LineCounts)
    reject_reasons: dict[str, int] = field(default_factory=dict)
    hours: dict[int | None, int] = field(default_factory=dict)
    alive: dict[int | None, BitMap] = field(default_factory=dict)
    alive_cut: bool = False
    zone: str | None = None
    zone_applied: bool = False
    zone_from: ZoneOrigin | None = None
    confirmed_by: ConfirmedClock | None = None
    declared: DeclaredSource | None = None
    first_us: int | None = None
    last_us: int | None = None
    duplicate_of: str | None = None
    shared_with: str | None = None
    shared_sightings: int = 0
    part_from: int | None = None
    year_source: YearSource | None = None
    forms: FormCounts = field(default_factory=FormCounts)

    def leave_out(self, path: str, sightings: int, mentions: int) -> None:
        """Take so many sightings and mentions out: `path` has them as well, and counts them."""
        self.shared_with = path
        self.shared_sightings += sightings + mentions
        self.sighting_rows -= sightings
        self.mention_rows -= mentions

    @property
    def chain(self) -> str:
        """The end of the chain of its text in hex; "" where none was read."""
        return self.links[-1].hex() if self.links else ""

    @property
    def is_set_aside(self) -> bool:
        """Whether it is text that is no log: named once, and counted nowhere."""
        forms = self.forms
        is_text = forms.lines > 0 or self.format == UNKNOWN
        return is_text and forms.is_no_log and not self.counts.rejects

    def to_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the source as it is in `coverage.json`."""
        hours: dict[str, int] = {}
        for hour in sorted(one for one in self.hours if one is not None):
            label = format_hour(hour, zone)
            hours[label] = hours.get(label, 0) + self.hours[hour]
        return {
            "path": self.path,
            "format": self.format,
            "dataset": self.dataset,
            "codec": self.codec,
            "blake3": self.blake3,
            "chain": self.chain,
            "sha256": self.sha256,
            "bytes": self.size,
            "lines": self.counts.lines,
            "candidates": self.counts.candidates,
            "sightings": self.sighting_rows,
            "mentions": self.mention_rows,
            "rejects": self.counts.rejects,
            "first": format_time(self.first_us, zone),
            "last": format_time(self.last_us, zone),
            "hours": hours,
            "lines_without_hour": self.hours.get(None, 0),
            "alive": {day: len(found) for day, found in _alive_by_day(self.alive, zone).items()},
            "alive_cut": self.alive_cut,
            "zone": self.zone,
            "zone_from": None if self.zone_from is None else str(self.zone_from),
            "confirmed_by": None if self.confirmed_by is None else vars(self.confirmed_by),
            "declared": self._declared_json(),
            "year_source": self._year_json(zone),
            "duplicate_of": self.duplicate_of,
            **self._shared_json(),
            "set_aside": self.is_set_aside,
        }

    def _shared_json(self) -> dict[str, Any]:
        """Return which file counts the sightings of a common beginning, where there is one."""
        if self.shared_with is None:
            return {}
        return {"shared_with": self.shared_with, "shared_sightings": self.shared_sightings}

    @property
    def circumstances(self) -> tuple[str, ...]:
        """What decides, beside its text, what it says: of two that differ neither is a copy.

        The networks declared inside; the folder of what a machine tells of itself, which names it.
        """
        inside = () if self.declared is None else self.declared.inside
        tells_of_itself = (self.format or "").startswith("host-")
        return (*inside, str(PurePath(self.path).parent)) if tells_of_itself else inside

    def _declared_json(self) -> dict[str, Any] | None:
        """Return what was declared of the source, None where nothing was."""
        if self.declared is None:
            return None
        return {
            "name": self.declared.name or None,
            "zone": self.declared.zone or None,
            "clock_offset_s": self.declared.clock_offset_s,
            "year": self.declared.year,
            "taken": self.declared.taken or None,
            "inside": list(self.declared.inside),
            "place": self.declared.place or None,
        }

    def _year_json(self, zone: ZoneInfo) -> dict[str, Any] | None:
        """Return which years were taken for lines without one, and from where; None for none."""
        if self.year_source is None:
            return None
        days = [local_day(one, zone) for one in (self.first_us, self.last_us) if one is not None]
        years = sorted({int(day[:4]) for day in days})
        return {"kind": self.year_source.kind, "path": self.year_source.path, "years": years}


def coverage_json(sources: Sequence[SourceCoverage], zone: ZoneInfo) -> dict[str, Any]:
    """Return the content of `coverage.json`."""
    alive: dict[str, BitMap] = {}
    for source in sources:
        if source.duplicate_of is None:
            for day, addresses in _alive_by_day(source.alive, zone).items():
                alive.setdefault(day, BitMap()).update(addresses)
    return {
        "zone": zone.key,
        "sources": [source.to_json(zone) for source in sources],
        "alive": {day: ActiveAddresses(addresses) for day, addresses in sorted(alive.items())},
    }


def _alive_by_day(alive: Mapping[int | None, BitMap], zone: ZoneInfo) -> dict[str, BitMap]:
    return {
        day: BitMap.union(*of_day.values()) for day, of_day in hours_by_day(alive, zone).items()
    }


def hours_by_day(
    alive: Mapping[int | None, BitMap], zone: ZoneInfo
) -> dict[str, dict[int, BitMap]]:
    """Return who spoke by local day and hour, both rising; lines without an hour are left out."""
    days: dict[str, dict[int, BitMap]] = {}
    for hour in sorted(one for one in alive if one is not None):
        days.setdefault(local_day(hour, zone), {})[hour] = alive[hour]
    return days


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

    An unclassified dataset is a kind of its own: only the same dataset proves silence in it.
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
