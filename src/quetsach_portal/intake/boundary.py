"""What passes between the worker and the process that reads evidence: plain, typed, bounded.

Neither side imports Django for it; the worker believes of an answer only what has this shape.
"""

from datetime import date, datetime
from typing import Any

import msgspec

from quetsach.sandbox.contract import SandboxLimits

FINDINGS = "findings"
PRINTS = "prints"
SECRETS = "print-secrets"
EVIDENCE = "evidence"

LONGEST = 300
"""The signs of a text that pages and logs show."""


def clean(text: str, most: int = LONGEST) -> str:
    """Return `text` as one line without control signs, not longer than `most`."""
    cut = text[:most]
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in cut)[: 2 * most]


class SourceDeclared(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the unit declares of one source of logs.

    Shapes: the keys of a table in sources.toml and their values, as docs/time.md has them.
    """

    path: tuple[str, ...]
    name: str = ""
    zone: str = ""
    clock_offset: float | None = None
    year: int | None = None
    taken: str = ""
    inside: tuple[str, ...] = ()


class EarlierText(msgspec.Struct, frozen=True, array_like=True):
    """A log as it was handed in before: digest of its first line, length in bytes, chain."""

    head: str
    length: int
    chain: str


class PlantedDue(msgspec.Struct, frozen=True, array_like=True):
    """What was planted: the number of its place, the day, the name, the address."""

    place: str
    day: date
    name: str
    address: str


class SweepTask(msgspec.Struct, frozen=True):
    """The task of the process, in a folder of its own that holds the evidence.

    Shapes: paths of tables are relative to that folder; `archive` is the zip with findings made
    elsewhere, "" where logs are to be swept; `keys` are public keys as PEM; `release_sha256` is
    that of the file at `release`; `today` is the portal's, None for that of this machine.
    """

    release: str
    release_sha256: str
    language: str = "vi"
    archive: str = ""
    keys: tuple[str, ...] = ()
    unsigned_allowed: bool = True
    inventory: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    leases: tuple[str, ...] = ()
    nat: tuple[str, ...] = ()
    sources: tuple[SourceDeclared, ...] = ()
    earlier: tuple[EarlierText, ...] = ()
    planted: tuple[PlantedDue, ...] = ()
    limits: SandboxLimits = SandboxLimits()
    today: date | None = None


class EngineProblem(msgspec.Struct, frozen=True):
    """A problem: its code, where, the sentences of the engine, and the facts in them."""

    code: str
    where: str = ""
    what: str = ""
    todo: str = ""
    facts: dict[str, Any] = {}


class SourceSeen(msgspec.Struct, frozen=True):
    """One file of evidence as it was read.

    `zone_assumed` where nothing told its zone, `year_guessed` where the file's date told the year.
    """

    path: str
    format: str
    kinds: tuple[str, ...]
    lines: int
    rejects: int
    sightings: int
    days: int
    first: datetime | None
    last: datetime | None
    zone_assumed: bool = False
    year_guessed: bool = False


class DaySeen(msgspec.Struct, frozen=True):
    """A day of one file, for one kind of evidence.

    Shapes: `digests` are all that are known of the file's bytes, the newest kind first.
    """

    digests: tuple[str, ...]
    day: date
    kind: str
    lines: int
    alive: int


class DeviceSeen(msgspec.Struct, frozen=True):
    """A device that contacted an indicator."""

    device: str
    addresses: tuple[str, ...]
    grade: str
    best_grade: str
    indicators: tuple[str, ...]
    sightings: int
    first: datetime | None
    last: datetime | None


class LookSeen(msgspec.Struct, frozen=True):
    """A line that only mentions indicators, for a person to look at; `tlp` is the strictest."""

    number: str
    path: str
    offset: int
    line: str
    dataset: str
    indicators: tuple[str, ...]
    why: str
    tlp: str = ""


class MachineSeen(msgspec.Struct, frozen=True):
    """A machine of which a collection was handed in: when it was taken, and what it has.

    Shapes: `connections` and `names` count lines, None where that file is not there; `content` is
    the SHA-256 of both in hex, the same under whatever name; `cache` is a word of the collector.
    """

    host: str
    mac: str
    address: str
    taken_at: datetime | None
    connections: int | None
    names: int | None
    content: str
    cache: str = ""


class MachineListed(msgspec.Struct, frozen=True):
    """A machine of a unit's own list: its key, name, network cards, room and desk."""

    key: str
    hostname: str = ""
    macs: tuple[str, ...] = ()
    room: str = ""
    desk: str = ""


class PlantedFound(msgspec.Struct, frozen=True):
    """A planted name that the logs had to show: whether they do, when, in which."""

    place: str
    day: date
    seen: bool
    noted: bool
    at: datetime | None = None
    path: str = ""


class SweepOutcome(msgspec.Struct, frozen=True):
    """What came out: findings, or the reason why there are none (`refused`).

    Shapes: lists are cut at the limits of `summing_up`; the figures count everything.
    """

    refused: EngineProblem | None = None
    manifest_digest: str = ""
    version: str = ""
    lists: tuple[str, ...] = ()
    trust: str = "own"
    signed_by: str = ""
    lines: int = 0
    bytes_read: int = 0
    sightings: int = 0
    rejects: int = 0
    reject_reasons: dict[str, int] = {}
    indicators: int = 0
    source_count: int = 0
    device_count: int = 0
    not_blamed: int = 0
    outdated: int = 0
    unattributed: int = 0
    lines_to_look_at: int = 0
    set_aside: tuple[str, ...] = ()
    problem_count: int = 0
    left_out: tuple[str, ...] = ()
    last: datetime | None = None
    sources: tuple[SourceSeen, ...] = ()
    days: tuple[DaySeen, ...] = ()
    devices: tuple[DeviceSeen, ...] = ()
    problems: tuple[EngineProblem, ...] = ()
    look: tuple[LookSeen, ...] = ()
    planted: tuple[PlantedFound, ...] = ()
    subnets: dict[str, int] = {}
    looks: tuple[MachineSeen, ...] = ()
    more_looks: int = 0


def refusal(code: str, where: str = "", **facts: Any) -> SweepOutcome:
    """Return the outcome that only says why there is none."""
    return SweepOutcome(refused=EngineProblem(code, where, facts=facts))
