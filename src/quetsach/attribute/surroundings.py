"""What attribution leans on: who knows leases, translations, names, and the own network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from quetsach.addresses import Network
from quetsach.attribute.clues import Identity
from quetsach.attribute.model import Holder, Inner, Outside
from quetsach.attribute.overrides import Override
from quetsach.attribute.resolvers import Resolver
from quetsach.inventory.model import Duty, Machine


class Leases(Protocol):
    """Anything that knows who held an address at a time."""

    def holder(self, address: str, when_us: int | None, *, slack_us: int = 0) -> Holder | None:
        """Return who held `address` at `when_us`, None if no record speaks of it."""
        ...


class Translations(Protocol):
    """Anything that knows which address was behind a public one; best first, chains inward."""

    def chains(self, seen: Outside, *, slack_us: int = 0) -> list[tuple[Inner, ...]]:
        """Return each chain of translations that can be meant, best first."""
        ...


class Names(Protocol):
    """Anything that knows the lasting key of a machine."""

    def of(self, mac: str, client_id: str, host_name: str, address: str = "") -> Identity:
        """Return the lasting identity of a machine."""
        ...

    def called(self, device: str) -> Machine | None:
        """Return the machine that a person calls so, if there is exactly one."""
        ...


class Corrections(Protocol):
    """Anything that knows what a person decided on an address at a time."""

    def for_(self, address: str, when_us: int | None, mac: str = "") -> Override | None:
        """Return what a person decided on an address or hardware address at a time, if anything."""
        ...


@dataclass(frozen=True)
class Surroundings:
    """What is known of the own network beside leases.

    Shapes: `publics` are the own addresses as the outside sees them; `proxies` names the clients
    of each; `duty` answers from the network plan and the inventory.
    """

    inside: tuple[Network, ...]
    publics: tuple[Network, ...] = ()
    resolvers: Mapping[str, Resolver] = field(default_factory=dict)
    proxies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duty: Callable[[str], Duty | None] = lambda _address: None
