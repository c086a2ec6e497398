"""A world of plain lists, each asked by looking at every row: what a notice may be traced in."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from quetsach.attribution.model import (
    AttributionStep,
    Certainty,
    InsideEndpoint,
    OutsideEndpoint,
    RecordPlace,
    StepKind,
)
from quetsach.inventory.model import NetworkRole
from quetsach.notices.model import RecordKind
from quetsach.notices.world import NamedDevice, ObservedContact
from quetsach.scanning.grades import SightingGrade

SECOND = 1_000_000
NOON = 1_662_958_800 * SECOND
"""2022-09-12 12:00 at +07:00."""


@dataclass(frozen=True)
class Nat:
    """`inside` spoke as `public` to `remote` from `start` to `end`; ends as (address, port)."""

    inside: tuple[str, int]
    public: tuple[str, int]
    remote: tuple[str, int] | None = None
    start: int = NOON - 60 * SECOND
    end: int = NOON + 60 * SECOND


@dataclass(frozen=True)
class Held:
    """`device` held `address` from `start` to `end`."""

    device: str
    address: str
    start: int = NOON - 3_600 * SECOND
    end: int = NOON + 3_600 * SECOND
    duty: NetworkRole = NetworkRole.ORDINARY
    grade: Certainty = Certainty.CERTAIN


def met(address: str, seconds: int = 0, **more: object) -> ObservedContact:
    """Return a connection of `address` to the usual destination, `seconds` after noon."""
    facts: dict[str, object] = {
        "port": 50_000,
        "grade": SightingGrade.MOVED,
        "dataset": "zeek.conn",
        "remote_address": "198.51.100.77",
        "remote_port": 443,
        "place": RecordPlace("conn.log", abs(seconds)),
    } | more
    return ObservedContact(address=address, when_us=NOON + seconds * SECOND, **facts)  # type: ignore[arg-type]  # one mapping for all


@dataclass(frozen=True)
class ListWorld:
    """Answers a trace's questions by looking through lists."""

    nats: tuple[Nat, ...] = ()
    helds: tuple[Held, ...] = ()
    mets: tuple[ObservedContact, ...] = ()
    public: tuple[str, ...] | None = None
    covered: frozenset[RecordKind] = frozenset()

    def is_ours(self, address: str) -> bool | None:
        if self.public is None:
            return None
        return any(ip_address(address) in ip_network(one) for one in self.public)

    def unit_of_public(self, address: str) -> str:
        return "Trà Cú" if address == "203.0.113.5" else ""

    def translations(self, outside: OutsideEndpoint) -> list[tuple[InsideEndpoint, ...]]:
        chains: list[tuple[InsideEndpoint, ...]] = []
        for one in self.nats:
            if not _fits(one, outside):
                continue
            place = RecordPlace("nat.log", self.nats.index(one))
            address, port = one.inside
            inner = InsideEndpoint(address, port, Certainty.CERTAIN, place, one.start, one.end)
            deeper = self.translations(
                OutsideEndpoint(
                    address,
                    port,
                    outside.when_us,
                    outside.remote,
                    outside.remote_port,
                    until_us=outside.until_us,
                )
            )
            chains += [(inner, *rest) for rest in deeper] or [(inner,)]
        return chains

    def translates(self, address: str) -> bool:
        return any(one.public[0] == address for one in self.nats)

    def holder(
        self,
        address: str,
        port: int | None,
        when_us: int | None,
        slack_us: int,
    ) -> NamedDevice | None:
        for one in self.helds:
            in_time = when_us is None or one.start - slack_us <= when_us <= one.end + slack_us
            if one.address == address and in_time:
                place = RecordPlace("leases", self.helds.index(one))
                step = AttributionStep(StepKind.LEASE, address, one.device, one.grade, place)
                return NamedDevice(one.device, address, one.grade, (), (step,), one.duty)
        return None

    def contacts(
        self, remote: tuple[str, int | None, str], from_us: int | None, until_us: int | None
    ) -> list[ObservedContact]:
        address, _port, name = remote
        return [
            one
            for one in self.mets
            if (address and one.remote_address == address) or (name and one.remote_name == name)
            if from_us is None
            or until_us is None
            or one.when_us is None
            or from_us <= one.when_us <= until_us
        ]

    def covering(
        self, kind: RecordKind, from_us: int | None, until_us: int | None
    ) -> tuple[str, ...]:
        return (f"{kind}.log",) if kind in self.covered else ()


def _fits(one: Nat, asked: OutsideEndpoint) -> bool:
    first = asked.when_us
    last = first if asked.until_us is None else asked.until_us
    return (
        one.public[0] == asked.address
        and asked.port in (None, one.public[1])
        and (one.remote is None or not asked.remote or one.remote[0] == asked.remote)
        and (one.remote is None or asked.remote_port in (None, one.remote[1]))
        and (first is None or last is None or (one.start <= last and one.end >= first))
    )
