"""What a verdict is made from, and what it says: plain values."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """What is known of a device; only `verified-clean` says that it is clean."""

    INFECTED = "infected"
    HANDLED = "handled"
    QUIET_NOT_PROVEN = "quiet-not-proven"
    VERIFIED_CLEAN = "verified-clean"
    RECURRED = "recurred"
    CANNOT_TELL = "cannot-tell"


class Signal(StrEnum):
    """Where a word about a device comes from; what a person merely says proves nothing."""

    SCAN = "scan"
    COLLECTION = "collection"
    DECLARED = "declared"


@dataclass(frozen=True)
class Thresholds:
    """What a campaign asks for before it calls a device clean.

    Units: days. `share` is how much of the usual hours of a day must hold lines for it to count
    as covered, 0 to 1.
    """

    covered_days: int = 7
    alive_days: int = 3
    share: float = 0.75
    recheck_days: tuple[int, ...] = (7, 30)


@dataclass(frozen=True)
class Contact:
    """A sighting of a device, as far as a verdict needs it.

    Shapes: `day` is a local ISO date, "" where the record carries no time. `sure` is False where
    it may have been another device, or a good service that stands on an allow-list.
    """

    when_us: int
    day: str
    kind: str
    number: str = ""
    indicator: str = ""
    unit: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Handling:
    """Somebody worked on the device; what was done is said in `what`."""

    when_us: int
    day: str
    what: str = ""
    by: str = ""


@dataclass(frozen=True)
class Word:
    """A signal beside the logs: a scan, a collection from the PC, or what somebody declares."""

    when_us: int
    day: str
    signal: Signal
    clean: bool
    detail: str = ""
    path: str = ""


@dataclass(frozen=True)
class DayCoverage:
    """One day of one kind of evidence in one unit.

    Shapes: `kind` is dns, connection, web, host ...; `hours` holds the local hours with lines,
    `usual` those in which lines are to be expected; `alive` are the devices seen that day.
    """

    day: str
    kind: str
    unit: str
    lines: int
    hours: frozenset[int] = frozenset()
    usual: frozenset[int] = frozenset()
    thin_hours: frozenset[int] = frozenset()
    alive: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The state of a device, the sentence that explains it, and what is missing for more.

    Shapes: `missing` are sentences; `covered`, `alive` and `gaps` are local ISO dates; `recheck`
    are the days on which it is to be looked at again.
    """

    device: str
    state: State
    because: str
    missing: tuple[str, ...] = ()
    since_day: str = ""
    covered: tuple[str, ...] = ()
    alive: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    recurrences: int = 0
    recheck: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    signals: tuple[str, ...] = field(default=())
