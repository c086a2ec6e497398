"""The world in which notices are traced: evidence that was read, and the office's own tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from quetsach.addresses import is_within
from quetsach.attribution.model import InsideEndpoint, OutsideEndpoint, RecordPlace, StepKind
from quetsach.errors.exceptions import Problem
from quetsach.findings.coverage import SourceCoverage
from quetsach.inventory.model import NetworkRole
from quetsach.notices.by_contact import ContactsByTime
from quetsach.notices.model import Notice, RecordKind
from quetsach.notices.world import NamedDevice, ObservedContact, TraceContext
from quetsach.scanning.grades import SightingGrade
from quetsach.scanning.matching import Direction
from quetsach.scratch_folders import scratch_folder
from quetsach.sweeping.evidence_checks import broken_promises
from quetsach.sweeping.network_context import GatheredNetwork, gather_network
from quetsach.sweeping.sweep import Progress, ReadEvidence, SweepRequest, read_evidence
from quetsach.sweeping.unknown_forms import broken_forms, unknown_forms

_READ = (
    *("@timestamp", "event.dataset", "event.start", "event.end", "event.duration", "source.ip"),
    *("source.port", "destination.ip", "destination.port", "destination.domain"),
    *("dns.question.name", "url.domain", "tls.client.server_name", "network.transport"),
    *("network.forwarded_ip", "network.direction", "log.offset"),
    *("quetsach.indicator.key", "quetsach.grade"),
)
_NAMES = ("dns.question.name", "tls.client.server_name", "url.domain", "destination.domain")


@dataclass(frozen=True)
class GatheredTraceContext:
    """The context that evidence gives, and how much of the evidence was read."""

    world: TraceContext
    problems: tuple[Problem, ...] = ()
    rejects: int = 0
    sources: int = 0
    lines: int = 0
    bytes_read: int = 0


@dataclass
class EvidenceTraceContext:
    """Answers what a trace asks, from evidence that was read for the notices' destinations.

    Cost: memory per sighting of a destination that a notice names.
    """

    picture: GatheredNetwork
    read: ReadEvidence
    _by_address: dict[str, ContactsByTime] = field(default_factory=dict)
    _by_indicator: dict[str, ContactsByTime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_address: dict[str, list[ObservedContact]] = defaultdict(list)
        by_indicator: dict[str, list[ObservedContact]] = defaultdict(list)
        for key, contact in self._contacts():
            by_indicator[key].append(contact)
            if contact.remote_address:
                by_address[contact.remote_address].append(contact)
        self._by_address = {key: ContactsByTime(found) for key, found in by_address.items()}
        self._by_indicator = {key: ContactsByTime(found) for key, found in by_indicator.items()}
        self._leasing = {number for number, _ in self.read.gathered.lease_spools}

    def is_ours(self, address: str) -> bool | None:
        """Return whether the public `address` is one of ours; None where none are configured."""
        publics = self.picture.knowledge.all_publics()
        if is_within(address, (*publics, *self.read.tools.inside)):
            return True
        if self.translates(address):
            return True
        return False if publics else None

    def unit_of_public(self, address: str) -> str:
        """Return the unit whose public address it is, "" where it is unknown."""
        return self.picture.knowledge.unit_of(address)

    def translations(self, outside: OutsideEndpoint) -> list[tuple[InsideEndpoint, ...]]:
        """Return each chain of translations that can be meant, from the outermost inwards."""
        chains = self.picture.translations
        return [] if chains is None else chains.chains(outside)

    def translates(self, address: str) -> bool:
        """Return whether any record, of any time, translates to the public `address`."""
        chains = self.picture.translations
        return chains is not None and address in chains.history.publics()

    def holder(
        self,
        address: str,
        port: int | None,  # noqa: ARG002 - machines behind one address are distinguished by its own NAT
        when_us: int | None,
        slack_us: int,
    ) -> NamedDevice | None:
        """Return the device that held the inside `address`; None where no record speaks of it."""
        attribution, duty = self.picture.attributor.device_at(address, when_us, slack_us)
        spoken = {step.kind for step in attribution.steps} - {StepKind.DIRECT}
        if not spoken and duty is NetworkRole.ORDINARY:
            return None
        return NamedDevice(
            attribution.device,
            address,
            attribution.grade,
            attribution.rivals,
            attribution.steps,
            duty,
        )

    def contacts(
        self, remote: tuple[str, int | None, str], from_us: int | None, until_us: int | None
    ) -> list[ObservedContact]:
        """Return what reached `remote` (address, port, name) at some time in that window."""
        address, _port, name = remote
        # Who was answered with the address met it too: such a record is kept by its indicator.
        lists = [self._by_address.get(address)]
        lists += [self._by_indicator.get(one) for one in (address, name) if one]
        found = (one for told in lists if told for one in told.between(from_us, until_us))
        return list({(one.place, one.address): one for one in found}.values())

    def covering(
        self, kind: RecordKind, from_us: int | None, until_us: int | None
    ) -> tuple[str, ...]:
        """Return the sources with records of `kind` that span some of that time, by their paths."""
        return tuple(
            source.path
            for number, source in enumerate(self.read.gathered.sources)
            if source.duplicate_of is None
            and self._covers(kind, number, source)
            and _spans(source, from_us, until_us)
        )

    def _covers(self, kind: RecordKind, number: int, source: SourceCoverage) -> bool:
        file = self.read.plan.files[number]
        if kind is RecordKind.TRANSLATION:
            return file.layout.translates
        if kind is RecordKind.LEASE:
            return number in self._leasing
        # A file of nothing but leases shows no contact.
        return source.counts.lines > 0 and file.layout.marker != b""

    def _contacts(self) -> Iterator[tuple[str, ObservedContact]]:
        for number, path in self.read.gathered.spools:
            shown = self.read.gathered.sources[number].path
            offset_us = self.picture.clocks.offsets_us.get(number, 0)
            for row in _rows(path):
                contact = self._contact(row, shown, number, offset_us)
                if contact is not None:
                    yield row["quetsach.indicator.key"], contact

    def _contact(
        self, row: dict[str, Any], shown: str, number: int, offset_us: int
    ) -> ObservedContact | None:
        inside = row["network.forwarded_ip"] or row["source.ip"]
        # A line that only mentions an indicator has no direction: it proves no contact.
        if inside is None or row["network.direction"] != Direction.OUTBOUND:
            return None
        if not self.picture.attributor_of(number).is_inside(inside):
            return None
        start = row["event.start"] if row["event.start"] is not None else row["@timestamp"]
        length_us = (row["event.duration"] or 0) // 1000
        end = row["event.end"]
        if end is None and start is not None and length_us:
            end = start + length_us
        return ObservedContact(
            address=inside,
            port=row["source.port"],
            when_us=None if start is None else start + offset_us,
            end_us=None if end is None else end + offset_us,
            grade=SightingGrade(row["quetsach.grade"]),
            place=RecordPlace(shown, row["log.offset"]),
            dataset=row["event.dataset"] or "",
            remote_address=row["destination.ip"] or "",
            remote_port=row["destination.port"],
            remote_name=next((row[name] for name in _NAMES if row[name]), ""),
            transport=row["network.transport"] or "",
            unit=self.picture.knowledge.unit_of(inside),
        )


def gather_trace_context(
    request: SweepRequest, notices: Sequence[Notice], progress: Progress | None = None
) -> GatheredTraceContext:
    """Return the world in which `notices` can be traced, read for the indicators of `request`."""
    questions = [
        OutsideEndpoint(one.address, one.port, one.when_us, until_us=one.end_us) for one in notices
    ]
    with scratch_folder() as spool:
        read = read_evidence(request, spool, progress)
        picture = gather_network(
            read.gathered, read.plan, read.tools, request.knowledge, tuple(questions)
        )
        world = EvidenceTraceContext(picture, read)
    sources = [
        source
        for source in read.gathered.sources
        if source.duplicate_of is None and not source.is_set_aside
    ]
    return GatheredTraceContext(
        world=world,
        problems=(
            *request.knowledge.problems,
            *read.plan.problems,
            *read.gathered.problems,
            *broken_promises(read.plan.files, read.gathered, request.knowledge),
            *unknown_forms(read.gathered.sources, [file.location for file in read.plan.files]),
            *broken_forms(read.gathered.sources),
        ),
        rejects=sum(one.counts.rejects for one in sources),
        sources=len(sources),
        lines=sum(one.counts.lines for one in sources),
        bytes_read=sum(one.read_bytes for one in sources),
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file, pa.ipc.open_stream(file) as stream:
        for batch in stream:
            table = pa.Table.from_batches([batch]).select(list(_READ))
            for name in ("@timestamp", "event.start", "event.end"):
                place = table.schema.get_field_index(name)
                table = table.set_column(place, name, table.column(name).cast(pa.int64()))
            yield from table.to_pylist()


def _spans(source: SourceCoverage, from_us: int | None, until_us: int | None) -> bool:
    if source.first_us is None or source.last_us is None:
        return False
    return (until_us is None or source.first_us <= until_us) and (
        from_us is None or source.last_us >= from_us
    )
