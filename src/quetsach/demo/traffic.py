"""What happens on a network, as neutral values: lookups, exchanges and addresses handed out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class ContactGrade(StrEnum):
    """How far a contact went; rises in the order written here."""

    ASKED = "asked"
    ANSWERED = "answered"
    BLOCKED = "blocked"
    CONNECTED = "connected"
    MOVED = "moved"


GRADES: tuple[ContactGrade, ...] = tuple(ContactGrade)


class EventPart(StrEnum):
    """The part of an event that can meet an indicator."""

    NAME = "name"
    ANSWERS = "answers"
    SERVER = "server"
    CLIENT = "client"
    URL = "url"
    HASH = "hash"


class ExchangeEnd(StrEnum):
    """How an exchange ended."""

    CLOSED = "closed"
    REFUSED = "refused"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class TrafficMark:
    """Why an event matters: who did it, and the indicators each part of it meets.

    Shapes: `who` is a key of the truth: a hardware address in upper case with `-`; `address` is
    the inside address it had.
    """

    who: str
    address: str
    meets: tuple[tuple[EventPart, str], ...]


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file that came with an answer."""

    name: str
    mime: str
    size: int
    md5: str
    sha1: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DnsLookup:
    """A name asked of a DNS server; no answers means that the name does not exist."""

    serial: int
    when_us: int
    took_us: int
    client: str
    port: int
    server: str
    name: str
    answers: tuple[str, ...]
    mark: TrafficMark | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A TCP connection and what was said on it; `service` is ssl, http or empty."""

    serial: int
    when_us: int
    took_us: int
    client: str
    port: int
    server: str
    server_port: int
    service: str
    end: ExchangeEnd
    sent: int
    received: int
    host: str = ""
    path: str = ""
    agent: str = ""
    carried: CarriedFile | None = None
    alert: str = ""
    mark: TrafficMark | None = None


@dataclass(frozen=True, slots=True)
class LeaseGrant:
    """An address given to a machine for `seconds`, or prolonged."""

    serial: int
    when_us: int
    server: str
    address: str
    mac: str
    host_name: str
    seconds: int
    renewal: bool = False
    mark: TrafficMark | None = None


Event: TypeAlias = DnsLookup | Exchange | LeaseGrant


@dataclass(frozen=True, slots=True)
class TrafficLine:
    """One line of a log: which log, which record, its text without newline, and its time.

    Shapes: `dataset` names the kind of record, such as zeek.conn; `parts` are the parts of the
    event that are in the text; `names_client` is false where the line does not name the client.
    """

    log: str
    dataset: str
    text: str
    when_us: int
    parts: tuple[EventPart, ...] = ()
    grade: ContactGrade = ContactGrade.ASKED
    names_client: bool = True


def grade_of(exchange: Exchange) -> ContactGrade:
    """Return how far `exchange` went."""
    if exchange.end is ExchangeEnd.DENIED:
        return ContactGrade.BLOCKED
    if exchange.end is ExchangeEnd.REFUSED:
        return ContactGrade.ASKED
    return ContactGrade.MOVED if exchange.sent and exchange.received else ContactGrade.CONNECTED
