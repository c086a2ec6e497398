"""What parsed lines tell beside the sightings: who asks whom, and the period they span."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from quetsach.attribute.proxies import PROXY_PORTS
from quetsach.schema import Event

MOST_FACTS = 200_000
"""How many pairs of client and server one split keeps."""


@dataclass
class Facts:
    """The pairs (client, server) of DNS questions and of web proxies, the period of the lines.

    `zone` is the one applied to times written without any; None when each carried its own. `cut`
    says that there were more pairs than are kept.
    """

    asks: set[tuple[str, str]] = field(default_factory=set)
    relays: set[tuple[str, str]] = field(default_factory=set)
    cut: bool = False
    zone: str | None = None
    first_us: int | None = None
    last_us: int | None = None
    most: int = MOST_FACTS

    def add(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take the facts out of `events`, which come with the offsets of their lines."""
        for _offset, event in events:
            self._add_time(event.get("@timestamp"))
            self.zone = event.get("event.timezone", self.zone)
            if event.get("destination.port") in PROXY_PORTS:
                self._add_pair(self.relays, event)
            if "host.ip" not in event and event.get("event.dataset", "").endswith(".dns"):
                self._add_question(event)

    def add_times(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take only the period out of `events`."""
        for _offset, event in events:
            self._add_time(event.get("@timestamp"))

    def _add_time(self, when: int | None) -> None:
        if when is not None:
            self.first_us = when if self.first_us is None else min(self.first_us, when)
            self.last_us = when if self.last_us is None else max(self.last_us, when)

    def _add_question(self, event: Event) -> None:
        # LLMNR and NetBIOS are answered by anybody; only port 53 makes a name server.
        if event.get("destination.port", 53) == 53:
            self._add_pair(self.asks, event)

    def _add_pair(self, pairs: set[tuple[str, str]], event: Event) -> None:
        client, server = event.get("source.ip"), event.get("destination.ip")
        if client and server:
            if len(pairs) >= self.most:
                self.cut = True
            else:
                pairs.add((client, server))
