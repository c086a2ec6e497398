"""The device behind a sighting: by DHCP where a record names it, else by its inside address."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address

from quetsach.attribute.leases import Certainty, Lease, LeaseHistory
from quetsach.attribute.resolvers import Resolver

_NAME_FIELDS = frozenset({"dns.question.name", "dns.answers"})


class Role(StrEnum):
    """What the inside address was in a sighting; only a client is to be handled for it."""

    CLIENT = "client"
    RESOLVER = "resolver"
    TARGET = "target"
    ALLOWED = "allowed"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Attribution:
    """Who is behind a sighting, and the lease that says so, if one does.

    `device` is "" where nobody can be named.
    """

    device: str
    address: str
    mac: str
    host_name: str
    grade: Certainty
    rivals: tuple[str, ...]
    role: Role
    lease: Lease | None = None


@dataclass(frozen=True)
class Seen:
    """What of a sighting tells the device; see the fields of the same names in the schema."""

    source: str | None
    destination: str | None
    direction: str
    field: str
    when_us: int | None


class Attributor:
    """Answers "which device" for sightings; knows leases, resolvers and what is inside."""

    def __init__(
        self,
        leases: LeaseHistory,
        resolvers: dict[str, Resolver],
        inside: tuple[IPv4Network | IPv6Network, ...],
        is_listed: Callable[[str], bool],
    ) -> None:
        self._leases = leases
        self._resolvers = resolvers
        self._inside = inside
        # An address on the list itself is the other side, also where the list names inside ones.
        self._is_listed = is_listed
        self._known: dict[str, bool] = {}

    def is_inside(self, address: str) -> bool:
        """Return whether `address` belongs to the organisation; False for what is no address."""
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = is_within(address, self._inside)
        return known

    def attribute(self, seen: Seen) -> Attribution:
        """Return the device behind a sighting; the same answer for the same question."""
        inbound = seen.direction == "inbound"
        address = self._own_end(seen, inbound)
        if address is None or not self.is_inside(address) or self._is_listed(address):
            return Attribution("", address or "", "", "", Certainty.UNKNOWN, (), Role.NOBODY)
        role = Role.TARGET if inbound else self._role(address, seen.field)
        holder = self._leases.holder(address, seen.when_us)
        if holder is None or role is Role.RESOLVER:
            return Attribution(address, address, "", "", Certainty.LIKELY, (), role)
        return Attribution(
            device=holder.device,
            address=address,
            mac=holder.mac,
            host_name=holder.host_name,
            grade=holder.grade,
            rivals=holder.rivals,
            role=role,
            lease=holder.lease,
        )

    def _own_end(self, seen: Seen, inbound: bool) -> str | None:
        """Return the address on which the device itself was seen."""
        carried = seen.field.startswith("file.hash.")
        if carried and seen.destination and not (seen.source and self.is_inside(seen.source)):
            # Whoever opened the connection: a listed file now lies on the inside machine.
            return seen.destination
        return seen.destination if inbound else seen.source

    def _role(self, address: str, field: str) -> Role:
        asked_for_others = address in self._resolvers and field in _NAME_FIELDS
        return Role.RESOLVER if asked_for_others else Role.CLIENT


def is_within(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Return whether `address` lies in one of `networks`; False for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks if network.version == parsed.version)
