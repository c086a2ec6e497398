"""What parsed lines tell beside the sightings: who was given an address, and who asks whom."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from quetsach.addresses import parse_address
from quetsach.schema import Event

MOST_FACTS = 200_000
"""How many leases, and how many pairs of client and server, one split keeps."""

_HARDWARE = re.compile(r"(?:[0-9A-F]{2}[:-]?){5}[0-9A-F]{2}", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class LeaseFact:
    """A DHCP record: `address` was given to (or given back by) a machine at `when_us`."""

    address: str
    when_us: int
    mac: str
    host_name: str
    seconds: int
    released: bool
    file: int
    offset: int


@dataclass
class Facts:
    """Leases seen, the pairs (client, server) of DNS questions, the period of the lines.

    `zone` is the one applied to times written without any; None when each carried its own.
    """

    leases: set[LeaseFact] = field(default_factory=set)
    asks: set[tuple[str, str]] = field(default_factory=set)
    cut: bool = False
    zone: str | None = None
    first_us: int | None = None
    last_us: int | None = None

    def add(self, events: Iterable[tuple[int, Event]], file: int) -> None:
        """Take the facts out of the events of file number `file`."""
        for offset, event in events:
            self._add_time(event.get("@timestamp"))
            self.zone = event.get("event.timezone", self.zone)
            if "host.ip" in event:
                self._add_lease(event, file, offset)
            elif event.get("event.dataset", "").endswith(".dns"):
                self._add_question(event)

    def add_times(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take only the period out of `events`."""
        for _offset, event in events:
            self._add_time(event.get("@timestamp"))

    def _add_time(self, when: int | None) -> None:
        if when is not None:
            self.first_us = when if self.first_us is None else min(self.first_us, when)
            self.last_us = when if self.last_us is None else max(self.last_us, when)

    def _add_lease(self, event: Event, file: int, offset: int) -> None:
        when = event.get("@timestamp")
        name, mac = event.get("host.name", ""), event.get("host.mac", "")
        if not mac and _passes_for_another(name):
            # It would be taken for the device that has this key; see device_key.
            name = ""
        if when is None or not (name or mac):
            return
        if len(self.leases) >= MOST_FACTS:
            self.cut = True
            return
        self.leases.add(
            LeaseFact(
                address=event["host.ip"],
                when_us=when,
                mac=mac,
                host_name=name,
                seconds=event.get("quetsach.lease.seconds", 0),
                released=event.get("quetsach.lease.act") == "released",
                file=file,
                offset=offset,
            )
        )

    def _add_question(self, event: Event) -> None:
        client, server = event.get("source.ip"), event.get("destination.ip")
        # LLMNR and NetBIOS are answered by anybody; only port 53 makes a name server.
        if client and server and event.get("destination.port", 53) == 53:
            if len(self.asks) >= MOST_FACTS:
                self.cut = True
            else:
                self.asks.add((client, server))


def _passes_for_another(name: str) -> bool:
    """Return whether a host name, which each machine chooses itself, looks like another's key."""
    return parse_address(name) is not None or _HARDWARE.search(name) is not None
