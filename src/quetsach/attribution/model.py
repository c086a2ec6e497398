"""What attribution is made of: who held what, through which translation, how sure; plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How sure it is that a device is meant."""

    CERTAIN = "certain"
    LIKELY = "likely"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


CERTAINTIES = tuple(Certainty)
"""From the surest to the least sure."""


def weaker(one: Certainty, other: Certainty) -> Certainty:
    """Return the less sure of two: a chain is as sure as its weakest step."""
    return max(one, other, key=CERTAINTIES.index)


def device_key(mac: str, host_name: str) -> str:
    """Return the key of a device known from DHCP: its hardware address behind its name."""
    return f"{host_name} ({mac})" if mac and host_name else mac or host_name


class LeaseAct(StrEnum):
    """What a record says became of an address."""

    GIVEN = "given"
    RELEASED = "released"
    EXPIRED = "expired"
    DECLINED = "declined"
    RESERVED = "reserved"
    SEEN = "seen"


class IntervalEnd(StrEnum):
    """How an interval ended."""

    OPEN = "open"
    RAN_OUT = "ran-out"
    RELEASED = "released"
    EXPIRED = "expired"
    DECLINED = "declined"
    GIVEN_ON = "given-on"


@dataclass(frozen=True, order=True)
class RecordPlace:
    """Where a record is: the evidence file as it was named, and the byte offset in it."""

    path: str
    offset: int


@dataclass(frozen=True)
class Interval:
    """A machine held `address` from `start_us` until before `end_us`, by the records.

    Shapes: `act` is GIVEN, RESERVED or SEEN; `place` is the record that began it, `last` the
    latest that renewed or saw it, `end_place` the one that ended it, if one did; `rough` says that
    a time is only that of a file. `end_us` is None for what has no end.
    Units: us since 1970, UTC; times include the start and exclude the end.
    """

    address: str
    start_us: int
    end_us: int | None
    ended: IntervalEnd
    act: LeaseAct
    mac: str
    client_id: str
    host_name: str
    server: str
    rough: bool
    place: RecordPlace
    last: RecordPlace
    end_place: RecordPlace | None = None

    @property
    def machine(self) -> str:
        """What identifies this machine: hardware address, else client id, else name."""
        return self.mac or self.client_id or self.host_name


@dataclass(frozen=True)
class RivalDevice:
    """Another device that it could have been: why (an English message id), and by which record."""

    device: str
    reason: str
    place: RecordPlace | None = None


@dataclass(frozen=True)
class Holder:
    """A machine that held an address, by which interval, how surely, and who it could be too."""

    mac: str
    client_id: str
    host_name: str
    grade: Certainty
    interval: Interval
    rivals: tuple[RivalDevice, ...] = ()
    reason: str = ""


class StepKind(StrEnum):
    """How one step of the way from an address to a device was taken."""

    DIRECT = "direct"
    FORWARDED = "forwarded"
    TRANSLATION = "translation"
    PORT_BLOCK = "port-block"
    LEASE = "lease"
    NEIGHBOUR = "neighbour"
    IDENTITY = "identity"
    INVENTORY = "inventory"
    OVERRIDE = "override"


@dataclass(frozen=True)
class AttributionStep:
    """One step: from what (`before`) to what (`after`), by which record, and how sure it is.

    Shapes: `before` and `after` are addresses, `address:port`, hardware addresses or device keys;
    `note` is a message id in English, "" where there is nothing to add.
    """

    kind: StepKind
    before: str
    after: str
    grade: Certainty
    place: RecordPlace | None = None
    start_us: int | None = None
    end_us: int | None = None
    note: str = ""


@dataclass(frozen=True)
class OutsideEndpoint:
    """An address and port as seen from outside a translation, and what was met, at a time.

    Shapes: a None port is unknown; `remote` and `remote_port` are the other side; `until_us` is
    set where only a period is known.
    """

    address: str
    port: int | None
    when_us: int | None
    remote: str = ""
    remote_port: int | None = None
    transport: str = ""
    until_us: int | None = None


@dataclass(frozen=True)
class InsideEndpoint:
    """An address behind a translation that may have been meant, how surely, by which record."""

    address: str
    port: int | None
    grade: Certainty
    place: RecordPlace | None = None
    start_us: int | None = None
    end_us: int | None = None
    kind: StepKind = StepKind.TRANSLATION
    reason: str = ""


def steps_inward(
    public: str, port: int | None, chain: Iterable[InsideEndpoint]
) -> tuple[AttributionStep, ...]:
    """Return the steps from a public address through the translations behind it."""
    steps, before = [], _with_port(public, port)
    for inner in chain:
        after = _with_port(inner.address, inner.port)
        steps.append(
            AttributionStep(
                inner.kind,
                before,
                after,
                inner.grade,
                place=inner.place,
                start_us=inner.start_us,
                end_us=inner.end_us,
                note=inner.reason,
            )
        )
        before = after
    return tuple(steps)


def _with_port(address: str, port: int | None) -> str:
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
