"""What is asked of attribution and what it answers: a sighting's ends, and the device behind it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from quetsach.addresses import Network
from quetsach.attribution.clues import Identity
from quetsach.attribution.model import (
    AttributionStep,
    Certainty,
    Holder,
    InsideEndpoint,
    Interval,
    OutsideEndpoint,
    RivalDevice,
    StepKind,
    weaker,
)
from quetsach.attribution.overrides import Override
from quetsach.attribution.steady import Period
from quetsach.attribution.sure_holders import SureHolder
from quetsach.inventory.model import InventoryMachine, NetworkRole

if TYPE_CHECKING:
    # It loads NumPy, which a sweep with few leases does not need.
    from quetsach.attribution.sure_columns import SureLeases


class SightingRole(StrEnum):
    """What the inside address was in a sighting; only a client is to be handled for it."""

    CLIENT = "client"
    RESOLVER = "resolver"
    PROXY = "proxy"
    GATEWAY = "gateway"
    TARGET = "target"
    # Its own contact, with an indicator that was not valid then: shown, and no case by itself.
    OUTDATED = "outdated"
    ALLOWED = "allowed"
    NOBODY = "nobody"


class MissingEvidence(StrEnum):
    """Why no device can be named, or why it is not the address itself that did it."""

    NONE = ""
    NO_ADDRESS = "no-address"
    OUTSIDE = "outside"
    NO_TRANSLATION = "no-translation"
    NO_CLIENT_LOG = "no-client-log"
    ADDRESS_FREE = "address-free"
    UNKNOWN_FORM = "unknown-form"
    ONLY_MENTIONED = "only-mentioned"


TO_LOOK_AT = frozenset({MissingEvidence.UNKNOWN_FORM, MissingEvidence.ONLY_MENTIONED})
"""The line names an indicator and tells of no contact: a person is to look at it."""


@dataclass(frozen=True)
class Attribution:
    """Who is behind a sighting, how sure, and the steps that lead there.

    `device` is "" where no device can be named; `lack` then names the missing evidence. `override`
    is a person's decision; `evidence_device` is the device that the evidence alone names.
    """

    device: str
    address: str
    mac: str
    host_name: str
    grade: Certainty
    rivals: tuple[RivalDevice, ...]
    role: SightingRole
    steps: tuple[AttributionStep, ...] = ()
    interval: Interval | None = None
    machine: InventoryMachine | None = None
    lack: MissingEvidence = MissingEvidence.NONE
    override: Override | None = None
    evidence_device: str = ""

    @property
    def way(self) -> str:
        """The path in short: direct, lease, nat, nat+lease, with what else was used."""
        kinds = {step.kind for step in self.steps}
        parts = []
        if StepKind.FORWARDED in kinds:
            parts.append("proxy")
        if kinds & {StepKind.TRANSLATION, StepKind.PORT_BLOCK}:
            parts.append("nat")
        if StepKind.LEASE in kinds:
            parts.append("lease")
        if StepKind.NEIGHBOUR in kinds:
            parts.append("neighbour")
        return "+".join(parts) or ("direct" if self.device else "")


def led_by(steps: tuple[AttributionStep, ...], last: Attribution) -> Attribution:
    """Return `last` after `steps`: no surer than the weakest of them."""
    grade = last.grade
    for step in steps:
        grade = weaker(grade, step.grade)
    return replace(last, steps=(*steps, *last.steps), grade=grade)


def also(attribution: Attribution, rivals: Sequence[RivalDevice]) -> Attribution:
    """Return `attribution` with `rivals`, of whom each could be meant as well."""
    return replace(
        attribution,
        grade=weaker(attribution.grade, Certainty.AMBIGUOUS),
        rivals=others(attribution.device, (*attribution.rivals, *rivals)),
    )


def others(device: str, rivals: tuple[RivalDevice, ...]) -> tuple[RivalDevice, ...]:
    """Return `rivals` without `device` itself, each device once."""
    return tuple({rival.device: rival for rival in rivals if rival.device != device}.values())


@dataclass(frozen=True)
class SightingEnds:
    """What of a sighting identifies the device; see the fields of the same names in the schema.

    `direction` is None where the line only mentions the indicator; `form_known` says whether it is
    of a form that is read. `host_end` is source or destination where the machine called `host`
    wrote the record itself, and is that end; else "".
    """

    source: str | None
    destination: str | None
    direction: str | None
    field: str
    when_us: int | None
    source_port: int | None = None
    destination_port: int | None = None
    transport: str | None = None
    forwarded: str | None = None
    mac: str | None = None
    slack_us: int = 0
    host: str = ""
    host_mac: str | None = None
    host_end: str = ""
    form_known: bool = False
    destination_nat: str | None = None

    def is_inbound(self, is_own: Callable[[str], bool]) -> bool:
        """Return whether the other side came in: then nobody of ours reached out.

        A name that a stranger writes into a request to a server of ours is no contact of ours.
        """
        if self.direction == "inbound":
            return True
        strangers = bool(self.source) and not is_own(self.source or "")
        return strangers and self.field in WRITTEN_BY_CLIENTS and self.reached(is_own) is not None

    def reached(self, is_own: Callable[[str], bool]) -> str | None:
        """Return the own address that was reached: behind a translation it is the inner one."""
        ends = (self.destination_nat, self.destination)
        return next((end for end in ends if end is not None and is_own(end)), None)


WRITTEN_BY_CLIENTS = frozenset(
    {"url.full", "url.domain", "tls.client.server_name", "destination.domain"}
    | {"tls.client.ja3", "tls.client.ja4", "tls.server.ja3s"}
    | {"tls.server.hash.sha1", "tls.server.hash.sha256"}
)


PROXY_PORTS = frozenset({3128, 8080, 8118, 8888})
"""Where web proxies listen by habit."""

USED_BY_MANY = 3
"""How many other inside addresses must use an address before it counts as a proxy."""


def find_proxies(
    relays: Iterable[tuple[str, str]], is_inside: Callable[[str], bool]
) -> dict[str, tuple[str, ...]]:
    """Return the proxies among the pairs (client, server on a proxy port), with their clients."""
    clients: dict[str, set[str]] = defaultdict(set)
    for client, server in relays:
        if client != server and is_inside(client) and is_inside(server):
            clients[server].add(client)
    return {
        address: tuple(sorted(asking))
        for address, asking in sorted(clients.items())
        if len(asking) >= USED_BY_MANY
    }


ASKED_BY_MANY = 2
"""How many other inside addresses must ask an address before it counts as a resolver."""


@dataclass(frozen=True)
class Resolver:
    """An inside address that answers others and itself asks on: its clients and its servers."""

    address: str
    clients: tuple[str, ...]
    servers: tuple[str, ...]


def find_resolvers(
    asks: Iterable[tuple[str, str]], is_inside: Callable[[str], bool]
) -> dict[str, Resolver]:
    """Return the resolvers among the pairs (client, server) of DNS questions, by address.

    An address is one only if it is asked by many and itself asks: a machine that merely asks is a
    client, and a server that never asks on answers from its own data.
    """
    clients: dict[str, set[str]] = defaultdict(set)
    servers: dict[str, set[str]] = defaultdict(set)
    for client, server in asks:
        if client != server:
            clients[server].add(client)
            servers[client].add(server)
    return {
        address: Resolver(address, tuple(sorted(asking)), tuple(sorted(servers[address])))
        for address, asking in sorted(clients.items())
        if len(asking) >= ASKED_BY_MANY and address in servers and is_inside(address)
    }


class Leases(Protocol):
    """Anything that knows who held an address at a time."""

    def holder(self, address: str, when_us: int | None, *, slack_us: int = 0) -> Holder | None:
        """Return who held `address` at `when_us`, None if no record speaks of it."""
        ...

    def steady(self, address: str, when_us: int | None, *, slack_us: int = 0) -> Period:
        """Return a period around `when_us` in which `holder` answers the same at all times."""
        ...

    def sure_holders(self, address: str, slack_us: int) -> list[SureHolder] | None:
        """Return all that `holder` names likely at least, by time; None where it must be asked.

        NOBODY stands for times at which `holder` is None; at those left out it is in doubt.
        """
        ...

    def all_sure_holders(self, slack_us: int) -> Iterator["SureLeases"]:
        """Yield the answers of `sure_holders` by columns, of all addresses that it gives them of.

        It may leave out addresses; loads NumPy.
        """
        ...

    def addresses(self) -> Iterator[str]:
        """Yield at least each address for which `holder` ever answers."""
        ...


class TranslationSource(Protocol):
    """Anything that knows which address was behind a public one; best first, chains inward."""

    def chains(
        self, seen: OutsideEndpoint, *, slack_us: int = 0
    ) -> list[tuple[InsideEndpoint, ...]]:
        """Return each chain of translations that can be meant, best first."""
        ...


class MachineKeys(Protocol):
    """Anything that knows the lasting key of a machine."""

    def of(self, mac: str, client_id: str, host_name: str, address: str = "") -> Identity:
        """Return the lasting identity of a machine."""
        ...

    def called(self, device: str) -> InventoryMachine | None:
        """Return the machine that a person calls so, if there is exactly one."""
        ...

    def addresses(self) -> Iterator[str]:
        """Yield at least each IPv4 address that tells a machine by itself."""
        ...

    def whereabouts(self, address: str) -> str:
        """Return a text that is the same for addresses of which `of` says the same.

        It does so of any machine with a hardware address, an identifier or a name.
        """
        ...


class Corrections(Protocol):
    """Anything that knows what a person decided on an address at a time."""

    def for_(self, address: str, when_us: int | None, mac: str = "") -> Override | None:
        """Return what a person decided on an address or hardware address at a time, if anything."""
        ...

    def steady(self, address: str, when_us: int | None, mac: str = "") -> Period:
        """Return a period around `when_us` in which `for_` answers the same at all times."""
        ...

    def addresses(self) -> Iterator[str]:
        """Yield at least each address of which anything was decided."""
        ...

    def macs(self) -> Iterator[str]:
        """Yield each hardware address of which anything was decided."""
        ...


@dataclass(frozen=True)
class NetworkContext:
    """What is known of the own network beside leases.

    Shapes: `publics` are the own addresses as the outside sees them; `proxies` names the clients
    of each; `duty` answers from the network plan and the inventory.
    """

    inside: tuple[Network, ...]
    publics: tuple[Network, ...] = ()
    resolvers: Mapping[str, Resolver] = field(default_factory=dict)
    proxies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duty: Callable[[str], NetworkRole | None] = lambda _address: None
