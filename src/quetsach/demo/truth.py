"""The truth of a demo district: what a sweep of its evidence should find, and what it cannot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from quetsach.clocks import iso_from_us
from quetsach.demo import lists
from quetsach.demo.kits import TEXT_KINDS, RecorderKind
from quetsach.demo.log_files import UNNAMED, DemoCount, DemoLedger, LogFile
from quetsach.demo.notices import NoticeTruth
from quetsach.demo.plan import (
    CLEAN_UNIT,
    DISTRICT,
    FORWARDING_UNIT,
    SHORT_UNIT,
    UPSTREAM,
    DemoMachine,
    DemoUnit,
)
from quetsach.demo.times import VIETNAM, days
from quetsach.demo.traffic import GRADES

Size: TypeAlias = Literal["small", "medium", "large"]

_NAMING: Mapping[RecorderKind, str] = {
    RecorderKind.ZEEK_TSV: "zeek.dhcp",
    RecorderKind.ZEEK_JSON: "zeek.dhcp",
    RecorderKind.EVE: "suricata.dhcp",
    RecorderKind.SYSLOG: "syslog",
    RecorderKind.ISC_LEASES: "isc-leases",
    RecorderKind.DNSMASQ_LEASES: "dnsmasq-leases",
}


@dataclass(frozen=True)
class AddressHolding:
    """An address a machine held, from its hand-out until the lease ran out (ISO 8601)."""

    address: str
    start: str
    end: str


@dataclass(frozen=True)
class IndicatorContact:
    """An indicator met by one machine: lines by kind of record, and how far it went in each.

    Shapes: `indicator` is the form people read; `only_in_answers` are those of `lines` that
    carry it in a DNS answer and nowhere else; `addresses` are those the machine had then.
    """

    indicator: str
    key: str
    addresses: tuple[str, ...]
    lines: dict[str, int]
    only_in_answers: dict[str, int]
    grades: dict[str, str]
    first: str
    last: str
    best_grade: str


@dataclass(frozen=True)
class TrueDevice:
    """A machine of the truth; `named_by` are the logs of its unit that tell its name.

    Shapes: `text_only` says that only logs of lines in text show it (syslog, conntrack, Squid).
    """

    unit: str
    folder: str
    host_name: str
    mac: str
    held: tuple[AddressHolding, ...]
    named_by: tuple[str, ...]
    met: tuple[IndicatorContact, ...]
    best_grade: str
    text_only: bool
    lost_in_cut: tuple[IndicatorContact, ...] = ()


@dataclass(frozen=True)
class WrittenSource:
    """One evidence file as written: whole lines (headers too), lines lost by a cut, its span.

    Shapes: `clock` is the zone of the times that are written without one.
    """

    path: str
    kind: str
    lines: int
    bytes: int
    first: str | None
    last: str | None
    clock: str
    lost_lines: int
    fragment: bool


@dataclass(frozen=True)
class DemoTruth:
    """Everything that is so in one demo district.

    Shapes: `infected` show in the evidence, `hidden` are infected and do not;
    `public_resolver_clients` only ask a resolver that is listed by mistake; `unnamed` are lines
    that name no inside address; `notices` is the truth about each row of the authority's file.
    """

    district: str
    seed: int
    size: Size
    days: tuple[str, ...]
    indicators: tuple[lists.DemoIndicator, ...]
    refused_rows: tuple[tuple[str, str, str], ...]
    infected: tuple[TrueDevice, ...]
    hidden: tuple[TrueDevice, ...]
    resolver: TrueDevice
    resolver_asks: str
    inbound_target: TrueDevice
    inbound_from: str
    public_resolver: str
    public_resolver_clients: tuple[TrueDevice, ...]
    look_alike_visitors: tuple[TrueDevice, ...]
    look_alikes: tuple[tuple[str, str, int], ...]
    unnamed: tuple[IndicatorContact, ...]
    clean_unit: str
    two_day_unit: str
    files: tuple[WrittenSource, ...]
    notices: tuple[NoticeTruth, ...] = ()

    def to_json(self) -> bytes:
        """Return the truth as `truth.json` holds it."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


@dataclass(frozen=True)
class DistrictRecord:
    """What the writing of a district left behind: files, tallies, and who held which address."""

    written: Sequence[LogFile]
    kept: DemoLedger
    lost: DemoLedger
    held: Mapping[str, Sequence[tuple[str, int, int]]]
    noticed: Sequence[NoticeTruth] = ()


def truth_of(
    units: Sequence[DemoUnit], record: DistrictRecord, *, seed: int, size: Size
) -> DemoTruth:
    """Return the truth of `units` as `record`."""
    telling = _Telling(record)
    forwarding = next(unit for unit in units if unit.place.code == FORWARDING_UNIT)
    sick = [(unit, unit.pcs[one.pc]) for unit in units for one in unit.infections]
    infected = [telling.device(unit, pc) for unit, pc in sick]
    clients = [(unit, pc) for unit in units for pc in unit.pcs]
    return DemoTruth(
        district=DISTRICT,
        seed=seed,
        size=size,
        days=tuple(day.isoformat() for day in days()),
        indicators=lists.LISTED,
        refused_rows=lists.REFUSED,
        infected=tuple(one for one in infected if one.met),
        hidden=tuple(one for one in infected if not one.met),
        resolver=telling.device(forwarding, forwarding.server, without=(lists.SCANNER,)),
        resolver_asks=UPSTREAM,
        inbound_target=telling.device(forwarding, forwarding.server, only=(lists.SCANNER,)),
        inbound_from=lists.SCANNER,
        public_resolver=lists.PUBLIC_RESOLVER,
        public_resolver_clients=tuple(
            telling.device(unit, pc, only=(lists.PUBLIC_RESOLVER,))
            for unit, pc in clients
            if (pc.who, lists.PUBLIC_RESOLVER) in record.kept.rows
        ),
        look_alike_visitors=tuple(telling.device(unit, unit.pcs[-1], only=()) for unit in units),
        look_alikes=lists.LOOK_ALIKES,
        unnamed=telling.met(UNNAMED),
        clean_unit=CLEAN_UNIT,
        two_day_unit=SHORT_UNIT,
        files=tuple(_source(one) for one in record.written),
        notices=tuple(record.noticed),
    )


class _Telling:
    def __init__(self, seen: DistrictRecord) -> None:
        self._seen = seen

    def device(
        self,
        unit: DemoUnit,
        machine: DemoMachine,
        *,
        only: tuple[str, ...] | None = None,
        without: tuple[str, ...] = (),
    ) -> TrueDevice:
        met = tuple(
            one
            for one in self.met(machine.who)
            if (only is None or one.key in only) and one.key not in without
        )
        naming = {_NAMING[one.kind] for one in unit.recorders if one.kind in _NAMING}
        return TrueDevice(
            unit=unit.place.code,
            folder=unit.place.folder,
            host_name=machine.host_name,
            mac=machine.who,
            held=self._held(machine),
            # A machine with a fixed address asks for none, so no lease names it.
            named_by=() if machine.fixed else tuple(sorted(naming)),
            met=met,
            best_grade=_best(one.best_grade for one in met),
            text_only={kind for one in met for kind in one.lines}
            <= {one.value for one in TEXT_KINDS},
            lost_in_cut=_met_of(self._seen.lost, machine.who),
        )

    def met(self, who: str) -> tuple[IndicatorContact, ...]:
        return _met_of(self._seen.kept, who)

    def _held(self, machine: DemoMachine) -> tuple[AddressHolding, ...]:
        if machine.fixed:
            return (AddressHolding(machine.fixed, "", ""),)
        return tuple(
            AddressHolding(address, iso_from_us(start, VIETNAM), iso_from_us(end, VIETNAM))
            for address, start, end in self._seen.held.get(machine.who, ())
        )


def _met_of(ledger: DemoLedger, who: str) -> tuple[IndicatorContact, ...]:
    rows = sorted((key, tallies) for (one, key), tallies in ledger.rows.items() if one == who)
    return tuple(_met(key, dict(sorted(tallies.items()))) for key, tallies in rows)


def _met(key: str, tallies: Mapping[str, DemoCount]) -> IndicatorContact:
    grades = {dataset: one.grade.value for dataset, one in tallies.items()}
    return IndicatorContact(
        indicator=lists.display_indicator(key),
        key=key,
        addresses=tuple(sorted(set().union(*(one.addresses for one in tallies.values())))),
        lines={dataset: one.lines for dataset, one in tallies.items()},
        only_in_answers={
            dataset: one.only_in_answers for dataset, one in tallies.items() if one.only_in_answers
        },
        grades=grades,
        first=iso_from_us(min(one.first_us for one in tallies.values()), VIETNAM),
        last=iso_from_us(max(one.last_us for one in tallies.values()), VIETNAM),
        best_grade=_best(grades.values()),
    )


def _best(grades: Iterable[str]) -> str:
    return max(grades, key=[one.value for one in GRADES].index, default="")


def _source(file: LogFile) -> WrittenSource:
    return WrittenSource(
        path=file.path,
        kind=file.kind,
        lines=file.lines,
        bytes=file.bytes,
        first=None if file.first_us is None else iso_from_us(file.first_us, VIETNAM),
        # Where the end was cut off, the last time that can still be read is not known here.
        last=None if file.last_us is None or file.lost else iso_from_us(file.last_us, VIETNAM),
        clock=file.clock,
        lost_lines=file.lost,
        fragment=file.fragment,
    )
