"""Who held an address at a time, as far as DHCP records in the evidence tell."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from quetsach.clocks import MICROSECONDS

DEFAULT_LEASE_S = 86_400
"""Taken for a lease whose length the record does not say: a day, the usual setting of routers."""


class Certainty(StrEnum):
    """How sure it is that a device is meant."""

    CERTAIN = "certain"
    LIKELY = "likely"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


CERTAINTIES = tuple(Certainty)
"""From the surest to the least sure."""


@dataclass(frozen=True, order=True)
class Lease:
    """`address` was given to, or given back by, the machine `mac` or `host_name` at `when_us`.

    `path` and `offset` are where the record of it stands.
    """

    address: str
    when_us: int
    mac: str
    host_name: str
    seconds: int
    released: bool
    path: str = ""
    offset: int = 0

    @property
    def machine(self) -> str:
        """What tells this machine from others: its hardware address, else its name."""
        return self.mac or self.host_name

    @property
    def end_us(self) -> int:
        """When the lease runs out if nobody renews it."""
        return self.when_us + (self.seconds or DEFAULT_LEASE_S) * MICROSECONDS


@dataclass(frozen=True)
class Holder:
    """A machine that held an address, by which record, how surely, and who it could be too."""

    mac: str
    host_name: str
    grade: Certainty
    lease: Lease
    rivals: tuple[str, ...] = ()

    @property
    def device(self) -> str:
        """The key of the device: its hardware address behind its name, or what there is of both."""
        return device_key(self.mac, self.host_name)


def device_key(mac: str, host_name: str) -> str:
    """Return the key of a device known from DHCP."""
    return f"{host_name} ({mac})" if mac and host_name else mac or host_name


class LeaseHistory:
    """Leases by address and time.

    A record of DHCP shows when a lease began or was renewed; renewals between two machines are
    often not seen by a sensor, so a lease that ran out still points to its last holder as long
    as nobody else was given the address.
    """

    def __init__(self, leases: Iterable[Lease]) -> None:
        self._by_address: dict[str, list[Lease]] = {}
        names: dict[str, str] = {}
        known = set(leases)
        for lease in sorted(known):
            self._by_address.setdefault(lease.address, []).append(lease)
        for lease in sorted(known, key=lambda one: (one.when_us, one)):
            if lease.mac and lease.host_name:
                # A machine keeps one key although some records lack its name: its latest name.
                names[lease.mac] = lease.host_name
        self._names = names

    def holder(self, address: str, when_us: int | None) -> Holder | None:
        """Return who held `address` at `when_us`, or None if no record speaks of the address."""
        leases = self._by_address.get(address)
        if not leases:
            return None
        machines = list(dict.fromkeys(lease.machine for lease in leases))
        if when_us is None:
            return self._by_elimination(leases[-1], machines)
        place = bisect_right(leases, when_us, key=lambda lease: lease.when_us)
        if not place:
            return self._by_elimination(leases[0], machines)
        last = leases[place - 1]
        if last.released:
            return self._after_release(leases, place, machines)
        if when_us < last.end_us:
            rivals = self._still_holding(leases[: place - 1], last)
            return self._holder(last, Certainty.LIKELY if rivals else Certainty.CERTAIN, rivals)
        return self._by_elimination(last, machines)

    def _still_holding(self, before: list[Lease], last: Lease) -> tuple[str, ...]:
        """Return the machines whose own lease still ran when `last` was given.

        The record of their release may be missing, or `last` may be made up by another machine.
        """
        latest = {lease.machine: lease for lease in before}
        return tuple(
            device_key(*self._parts(machine))
            for machine, lease in latest.items()
            if machine != last.machine and not lease.released and lease.end_us > last.when_us
        )

    def _after_release(self, leases: list[Lease], place: int, machines: list[str]) -> Holder | None:
        # A released address is nobody's (RFC 2131, 4.3.4): whoever speaks from it was not seen.
        others = [lease for lease in leases[place:] if not lease.released]
        if not others:
            return None
        return self._holder(others[0], Certainty.AMBIGUOUS, self._rivals(others[0], machines))

    def _by_elimination(self, best: Lease, machines: list[str]) -> Holder:
        grade = Certainty.LIKELY if len(machines) == 1 else Certainty.AMBIGUOUS
        return self._holder(best, grade, self._rivals(best, machines))

    def _rivals(self, best: Lease, machines: list[str]) -> tuple[str, ...]:
        return tuple(
            device_key(*self._parts(machine)) for machine in machines if machine != best.machine
        )

    def _holder(self, lease: Lease, grade: Certainty, rivals: tuple[str, ...]) -> Holder:
        mac, host_name = self._parts(lease.machine)
        return Holder(mac, host_name or lease.host_name, grade, lease, rivals)

    def _parts(self, machine: str) -> tuple[str, str]:
        """Return the hardware address and the name of a machine."""
        is_mac = machine.count("-") == 5 and len(machine) == 17
        return (machine, self._names.get(machine, "")) if is_mac else ("", machine)
