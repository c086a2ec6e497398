"""What a notice says, and what it was traced to: plain values."""

from dataclasses import dataclass
from enum import StrEnum

from quetsach.attribution.model import AttributionStep, Certainty, RecordPlace
from quetsach.errors.exceptions import Problem


class TraceOutcome(StrEnum):
    """What a notice was traced to."""

    DEVICE = "device"
    CANDIDATES = "candidates"
    NOT_OURS = "not-ours"
    NO_DATA = "no-data"
    CANNOT_TELL = "cannot-tell"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Notice:
    """A public address, with a source port, met this at this time, as an authority writes it.

    Shapes: `number` counts the items of one file from 1; `family` is the malware named; `end_us`
    is set where a period is told; `raw` (heading, value) is the item as written; `place` is the
    sheet or page, "" for plain files.
    Units: us since 1970, UTC. None and "" are untold. `zone_assumed` says that no offset stood
    there and one was assumed, `zone` which ("UTC", "Asia/Ho_Chi_Minh"); `time_digits` how fine
    the time was written: "day", "minute", "second".
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
    zone: str = ""
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
    """A rejected item of a notice file: its place, the reason, and how it begins."""

    path: str
    number: int
    reason: str
    excerpt: str
    place: str = ""


@dataclass(frozen=True)
class NoticeFile:
    """One file of notices as it was read: `items` in it, each a notice or a rejected item.

    `problems` name parts of a document that could not be read, so that items may be missing.
    """

    path: str
    form: str
    sha256: str
    items: int
    notices: tuple[Notice, ...]
    rejected: tuple[RejectedItem, ...]
    problems: tuple[Problem, ...] = ()


class RecordKind(StrEnum):
    """A kind of record that helps to find the machine behind a public address."""

    TRANSLATION = "translation"
    LEASE = "lease"
    CONTACT = "contact"


class MissingLog(StrEnum):
    """What would have answered, or answered better, had it been there."""

    TRANSLATION = "translation"
    OUTER_TRANSLATION = "outer-translation"
    LEASE = "lease"
    CONTACT = "contact"
    RESOLVER_LOG = "resolver-log"
    PROXY_LOG = "proxy-log"
    PORT = "port"
    TIME = "time"
    OWN_ADDRESSES = "own-addresses"


@dataclass(frozen=True)
class Candidate:
    """A device that may have been meant: how sure, why (sentences), and by which records."""

    device: str
    address: str
    grade: Certainty
    reasons: tuple[str, ...] = ()
    places: tuple[RecordPlace, ...] = ()
    when_us: int | None = None
    steps: tuple[AttributionStep, ...] = ()


@dataclass(frozen=True)
class NoticeTrace:
    """What one item of the authority was traced to.

    Shapes: `device` is "" unless the outcome is DEVICE; `rivals` are the other candidates, the
    likeliest first, all of them for CANDIDATES; `addresses` are inside ones; `because` is a
    sentence, `tried` further ones, in the language of the run; `missing` is what would have told
    more, see advice.py.
    """

    notice: Notice | RejectedItem
    outcome: TraceOutcome
    because: str
    device: str = ""
    addresses: tuple[str, ...] = ()
    grade: Certainty = Certainty.UNKNOWN
    rivals: tuple[Candidate, ...] = ()
    steps: tuple[AttributionStep, ...] = ()
    missing: tuple[MissingLog, ...] = ()
    tried: tuple[str, ...] = ()
    unit: str = ""
