"""What is asked of attribution and what it answers: a sighting's ends, and the device behind it."""

from dataclasses import dataclass
from enum import StrEnum

from quetsach.attribute.model import Certainty, Interval, Rival, Step, StepKind
from quetsach.attribute.overrides import Override
from quetsach.inventory.model import Machine


class Role(StrEnum):
    """What the inside address was in a sighting; only a client is to be handled for it."""

    CLIENT = "client"
    RESOLVER = "resolver"
    PROXY = "proxy"
    GATEWAY = "gateway"
    TARGET = "target"
    ALLOWED = "allowed"
    NOBODY = "nobody"


class Lack(StrEnum):
    """Why nobody can be named, or why it is not the address itself that did it."""

    NONE = ""
    NO_ADDRESS = "no-address"
    OUTSIDE = "outside"
    NO_TRANSLATION = "no-translation"
    NO_CLIENT_LOG = "no-client-log"
    ADDRESS_FREE = "address-free"
    UNKNOWN_FORM = "unknown-form"


@dataclass(frozen=True)
class Attribution:
    """Who is behind a sighting, how sure, and the steps that lead there.

    `device` is "" where nobody can be named; `lack` then says what is missing. `override` is what
    a person decided; `evidence_device` is who the evidence alone names.
    """

    device: str
    address: str
    mac: str
    host_name: str
    grade: Certainty
    rivals: tuple[Rival, ...]
    role: Role
    steps: tuple[Step, ...] = ()
    interval: Interval | None = None
    machine: Machine | None = None
    lack: Lack = Lack.NONE
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


@dataclass(frozen=True)
class Seen:
    """What of a sighting tells the device; see the fields of the same names in the schema.

    `direction` is None where the line is of unknown form.
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
