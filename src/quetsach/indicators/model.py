"""The indicator and the set of them: values, with the row each came from."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What an indicator is."""

    NAME = "name"
    ADDRESS = "address"
    NETWORK = "network"
    URL = "url"
    HASH = "hash"


class Rule(StrEnum):
    """How an indicator is met. A substring never counts."""

    EXACT = "exact"
    BELOW = "below"
    CIDR = "cidr"
    IP_PORT = "ip-port"
    URL_PREFIX = "url-prefix"
    HASH = "hash"


class Origin(Struct, frozen=True, gc=False):
    """The row an indicator came from: list file, its digest, row number from 1, and its text."""

    list_name: str
    list_sha256: str
    row: int
    text: str


class Indicator(Struct, frozen=True, gc=False):
    """One indicator of compromise.

    Shapes: `key` is canonical: a name as `xn--` in lower case; an address as its shortest text,
    with `:port` (or `[v6]:port`) behind it when `port` is set; a network as CIDR; a URL without
    its scheme, host canonical; a hash in lower-case hex. `shown` is the form people read.
    Units: `valid_from_us`, `valid_until_us` in microseconds since 1970, UTC; None is open.
    """

    key: str
    shown: str
    kind: Kind
    rule: Rule
    port: int | None = None
    label: str = ""
    valid_from_us: int | None = None
    valid_until_us: int | None = None
    origins: tuple[Origin, ...] = ()
    allow_classes: tuple[str, ...] = ()


class Refusal(Struct, frozen=True, gc=False):
    """A row that did not become an indicator, and why (a short fixed word)."""

    origin: Origin
    reason: str


@dataclass(frozen=True)
class ListReading:
    """How one list was read: its form, the column taken (for CSV), and the count of rows."""

    list_name: str
    sha256: str
    form: str
    column: str
    rows: int
    taken: int
    refused: int


@dataclass(frozen=True)
class IndicatorSet:
    """Indicators with unique keys, sorted by key; the rows refused; and how each list was read."""

    indicators: tuple[Indicator, ...]
    refusals: tuple[Refusal, ...] = ()
    readings: tuple[ListReading, ...] = ()
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        rows = (
            "\x1f".join(
                (one.key, one.kind, one.rule, str(one.valid_from_us), str(one.valid_until_us))
            )
            for one in self.indicators
        )
        text = "".join(f"{row}\x1e" for row in rows)
        object.__setattr__(self, "digest", hashlib.sha256(text.encode()).hexdigest())
