"""What a decoder is: it recognises a head, and writes what a file holds as JSON lines, bounded.

A decoder runs in the sandbox. It never raises on what a file holds, but for CaptureDamaged; what
it cannot read it counts, so that it is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec

from quetsach.errors.catalogue import N_

OWN_DATASETS = ("pcap.", "flows.", "dnstap.", "pihole.", "browser.", "sqlite.", "table.")
"""Begin the data sets of our decoders: their events alone may fill fields of `quetsach.*`."""


FLOW_ANSWER = "flows.answer"
"""The data set of a half of a connection that the server sent; the other half tells the contact."""

FLOW_HALF = "flows.half"
"""The data set of a half of a connection of which it is not known who began it."""


# Other programs take these for the end of a line; in JSON they stand in texts alone.
_SEPARATORS = (
    (b"\xe2\x80\xa8", b"\\u2028"),
    (b"\xe2\x80\xa9", b"\\u2029"),
    (b"\xc2\x85", b"\\u0085"),
)


class UnreadReason(StrEnum):
    """Why a part of a file was not read; its value is the sentence, a message id."""

    CUT = N_("it is cut off")
    DAMAGED = N_("it is damaged")
    PACKED = N_("its blocks are packed in a way that is not read here")
    ENCRYPTED = N_("it is encrypted")
    VERSION = N_("its version is not known")
    NO_TEMPLATE = N_("the template that describes these flows is in none of the files")
    TWO_TEMPLATES = N_("several exporters describe these flows differently")
    NO_ENDS = N_("a record without two addresses")
    NO_KNOWN_TABLE = N_("it holds no table that is known")
    NO_DATABASE = N_("pages written ahead, whose database is not beside them")
    NOT_JSON = N_("it is no sound JSON")
    TOO_LONG = N_("it is longer than a line may be")
    TOO_SLOW = N_("it takes too long")
    BROKE_OFF = N_("the reader broke off")
    NOT_LOOKED_INTO = N_("this kind of record is not looked into")
    NO_KERNEL = N_("the fast kernel is not installed; it is there after `make setup` with Rust")
    NO_TIME = N_("a packet without a time")
    SHORT_PACKET = N_("of these packets only the beginning was captured, so that names may lack")
    UNKNOWN_LINK = N_("packets of a kind of link that is not read here")
    BAD_HEADER = N_("a packet that is too short or contradicts itself")
    TUNNEL = N_("a packet of a tunnel that is not looked into")
    FRAGMENT = N_("parts of packets whose other parts were not captured")
    TOO_MANY = N_("connections that were followed in part, as there were too many at once")
    BAD_MESSAGE = N_("a DNS, TLS, HTTP or DHCP message that breaks the rules of its protocol")
    NAMES_HIDDEN = N_("connections over QUIC or HTTP/2, of which addresses alone are read")


class CaptureDamaged(Exception):  # noqa: N818  # reads as a sentence
    """Nothing behind this place of a file can be read; what came before is good."""

    def __init__(self, reason: UnreadReason) -> None:
        super().__init__(reason.name)
        self.reason = reason


class TooMuchWritten(Exception):  # noqa: N818  # reads as a sentence
    """The lines of a file have reached their bound."""


@dataclass(frozen=True)
class CaptureSource:
    """One file to decode: unpacked, and readable where its decoder runs.

    Shapes: `name` is how a person named it; `beside` are other files of the same kind in its
    folder, for decoders that `wants_beside`, and `beside_names` what each is called. A decoder
    may write a file at `scratch`, and others whose names begin so.
    """

    path: Path
    name: str
    beside: tuple[Path, ...] = ()
    beside_names: tuple[str, ...] = ()
    scratch: Path | None = None


@dataclass
class LineSink:
    """Takes what a decoder reads, one JSON document a line, and counts what it cannot read.

    Units: `most_bytes` bounds what is written.
    Errors: TooMuchWritten when that is reached; OSError.
    """

    out: BinaryIO
    most_bytes: int
    lines: int = 0
    written: int = 0
    unread: dict[UnreadReason, int] = field(default_factory=dict)

    def event(self, record: Mapping[str, Any]) -> None:
        """Write one event: names of the schema, absent is absent, times in us since 1970 UTC."""
        self.text(msgspec.json.encode(record), 1)

    def text(self, lines: bytes, count: int) -> None:
        """Write `count` lines; the last newline may be left out, and no line is empty."""
        if not lines.endswith(b"\n"):
            lines += b"\n"
        for separator, escaped in _SEPARATORS:
            if separator in lines:
                lines = lines.replace(separator, escaped)
        if self.written + len(lines) > self.most_bytes:
            raise TooMuchWritten
        self.out.write(lines)
        self.written += len(lines)
        self.lines += count

    def nothing(self, dataset: str, said: str) -> None:
        """Write that the whole file was looked at and holds no contact, so that it counts."""
        self.event({"event.dataset": dataset, "event.type": "info", "event.action": said})

    def miss(self, reason: UnreadReason, count: int = 1) -> None:
        """Count records that are not read; each reason becomes a problem with its figure."""
        self.unread[reason] = self.unread.get(reason, 0) + count


class Decoder(Protocol):
    """Anything that can turn one kind of file into JSON lines. It keeps nothing."""

    kind: str
    """Short and fixed: `pcap`; what coverage says instead of a codec."""
    title: str
    """What a person calls it, in English; a message id."""
    reads: str
    """Which records it reads, in English; a message id."""
    wants_beside: bool
    """Whether other files of this kind in the same folder say how this one is read."""

    def recognise(self, head: bytes, name: str) -> bool:
        """Return whether a file that begins with `head`, unpacked, is of this kind; strict."""
        ...

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write the records of `source` to `sink`.

        Errors: CaptureDamaged; those of `sink`; OSError.
        """
        ...
