"""What a notice says, and what it was traced to: plain values."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a notice was traced to."""

    DEVICE = "device"
    CANDIDATES = "candidates"
    NOT_OURS = "not-ours"
    NO_DATA = "no-data"
    CANNOT_TELL = "cannot-tell"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Notice:
    """A public address, with a source port, met this at this time, as an authority writes it.

    Shapes: `number` counts the items of one file from 1; `family` is the malware named; `end_us`
    is set where a period is told; `raw` (heading, value) is the item as written; `place` is the
    sheet or page, "" for plain files.
    Units: us since 1970, UTC. None and "" are untold. `zone_assumed` says that no offset stood
    there and one was assumed; `time_digits` how fine the time was written: "day", "minute",
    "second".
    """

    path: str
    number: int
    address: str
    port: int | None = None
    transport: str = ""
    when_us: int | None = None
    end_us: int | None = None
    time_digits: str = "second"
    zone_assumed: bool = False
    remote_address: str = ""
    remote_port: int | None = None
    remote_name: str = ""
    family: str = ""
    source: str = ""
    reference: str = ""
    count: int | None = None
    place: str = ""
    row: int | None = None
    raw: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RejectedItem:
    """An item of a notice file that is none: where it stands, why, and how it begins."""

    path: str
    number: int
    reason: str
    excerpt: str
    place: str = ""


@dataclass(frozen=True)
class NoticeFile:
    """One file of notices as it was read: `items` in it, each a notice or a rejected item."""

    path: str
    form: str
    sha256: str
    items: int
    notices: tuple[Notice, ...]
    rejected: tuple[RejectedItem, ...]
