"""What a push is: sightings on their way, what became of each, and who takes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


@dataclass(frozen=True)
class Outgoing:
    """A sighting on its way.

    Shapes: `number` lasts: the same sighting has the same in each run, so that it is sent once.
    `content` is what its receiver makes a message of.
    """

    number: str
    content: Any


class PushFate(StrEnum):
    """What became of a sighting: taken, taken back, refused, or not known there."""

    SENT = "sent"
    TAKEN_BACK = "withdrawn"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PushOutcome:
    """What a receiver said of a sighting; `refs` is what it calls it, `reason` why it refused."""

    number: str
    fate: PushFate
    refs: tuple[str, ...] = ()
    reason: str = ""


class PushReceiver(Protocol):
    """Anything that takes sightings, and takes them back."""

    @property
    def most_at_once(self) -> int:
        """How many sightings it takes in one batch."""
        ...

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Sequence[PushOutcome]]:
        """Send a batch and yield what is known of its sightings, as soon as it is known.

        Errors: QuetsachError where the server does not answer, or not as it should.
        """
        ...

    def take_back(self, batch: Sequence[PushOutcome]) -> Iterator[Sequence[PushOutcome]]:
        """Take back what was sent, given as it was answered then. Errors: as `send`."""
        ...
