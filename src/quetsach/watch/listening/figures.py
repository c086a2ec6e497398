"""What a listener received and lost since its watch began: counted, and kept over restarts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

DROPPED_BY = ("kernel", "spool", "length")
"""Who dropped a message: the system, as nobody took it in time; a full spool or disk; its
length."""

CLOSED_FOR = ("malformed", "cut", "slow", "refused", "handshake", "memory")
"""Why a connection was closed or not taken: what came is no message; it ended within one; one
took too long; there are too many; its TLS or dnstap begins wrong; all held too much."""


@dataclass
class ListenerFigures:
    """The figures of one listener.

    Shapes: `source` is where it listens as its user wrote it, `spool` the folder of what it
    received; `dropped` counts messages by DROPPED_BY, `closed` connections by CLOSED_FOR; `other`
    are messages of a kind that tells no client; `let_go` those that left the spool
    unread: they were received first, and are told as dropped.
    Units: `last_us` in us since 1970, 0 for never; `buffer` in bytes.
    """

    source: str
    spool: str
    received: int = 0
    bytes: int = 0
    let_go: int = 0
    other: int = 0
    dropped: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DROPPED_BY, 0))
    closed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CLOSED_FOR, 0))
    connections: int = 0
    last_us: int = 0
    buffer: int = 0
    address: str = ""

    @property
    def lost(self) -> int:
        """How many messages were dropped by anybody."""
        return sum(self.dropped.values()) + self.let_go

    def took(self, count: int, size: int, when_us: int) -> None:
        """Count messages that are in the spool."""
        self.received += count
        self.bytes += size
        self.last_us = when_us

    def go_on_from(self, kept: Mapping[str, Any]) -> None:
        """Take over what an earlier watch counted; what is no count is passed over."""
        for name in ("received", "bytes", "other", "last_us"):
            if type(kept.get(name)) is int:
                setattr(self, name, getattr(self, name) + kept[name])
        for counts, before in ((self.dropped, "dropped"), (self.closed, "closed")):
            earlier = kept.get(before)
            if isinstance(earlier, dict):
                for name in counts:
                    counts[name] += earlier[name] if type(earlier.get(name)) is int else 0

    def as_document(self) -> dict[str, Any]:
        """Return them as plain values, as they are at this moment."""
        document = asdict(self)
        gone = document.pop("let_go")
        # A spool may be older than what is counted.
        document["received"] = max(document["received"] - gone, 0)
        document["dropped"]["spool"] += gone
        return document
