"""What a sighting met: an indicator and what its lists say of it; and the line where it stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClaimedOfIndicator:
    """What the lists say of an indicator that goes with it wherever it is shown."""

    tlp: str | None = None
    confidence: int | None = None
    family: str = ""
    status: str = ""


@dataclass(frozen=True)
class SightedIndicator:
    """An indicator as sightings name it, with what its lists say of it."""

    key: str
    shown: str
    type: str
    label: str
    list_name: str | None
    list_row: int | None
    allow: tuple[str, ...]
    claimed: ClaimedOfIndicator = ClaimedOfIndicator()


@dataclass(frozen=True)
class MentionedLine:
    """Where a line is, and what it says.

    Units: `offset` in bytes of the unpacked evidence.
    """

    path: str
    offset: int
    text: str
    dataset: str
