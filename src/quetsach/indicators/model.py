"""The indicator and the set of indicators: values, with their origins and claims."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct, structs

from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem


class IndicatorKind(StrEnum):
    """What an indicator is."""

    NAME = "name"
    ADDRESS = "address"
    NETWORK = "network"
    URL = "url"
    HASH = "hash"
    FINGERPRINT = "fingerprint"


class MatchRule(StrEnum):
    """How an indicator matches. A substring never matches."""

    EXACT = "exact"
    BELOW = "below"
    CIDR = "cidr"
    IP_PORT = "ip-port"
    URL_PREFIX = "url-prefix"
    HASH = "hash"
    FINGERPRINT = "fingerprint"


class IndicatorClass(StrEnum):
    """The purpose of what an indicator names, according to its source."""

    C2 = "c2"
    SINKHOLE = "sinkhole"
    PHISHING = "phishing"
    DOWNLOAD = "download"
    SCANNER = "scanner"
    UNKNOWN = "unknown"


class IndicatorStatus(StrEnum):
    """The lifecycle status of an indicator; withdrawn and replaced ones never match."""

    ACTIVE = "active"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class Tlp(StrEnum):
    """To whom an indicator may be shown. Source: FIRST, Traffic Light Protocol 2.0."""

    CLEAR = "clear"
    GREEN = "green"
    AMBER = "amber"
    AMBER_STRICT = "amber+strict"
    RED = "red"


class Claim(Struct, frozen=True, gc=False):
    """What a source states about an indicator besides its value.

    Shapes: `family` is the malware's name; `label` any other words for people; `confidence` 0 to
    100; `replaced_by` a key. None, "" and UNKNOWN mean that the source gives no value.
    Units: `valid_from_us`, `valid_until_us` in microseconds since 1970, UTC; None is open.
    `last_seen_us`, the same, is when the source last saw it in use; None where it does not say.
    """

    of_class: IndicatorClass = IndicatorClass.UNKNOWN
    family: str = ""
    label: str = ""
    confidence: int | None = None
    tlp: Tlp | None = None
    status: IndicatorStatus = IndicatorStatus.ACTIVE
    replaced_by: str = ""
    valid_from_us: int | None = None
    valid_until_us: int | None = None
    last_seen_us: int | None = None

    @property
    def is_met(self) -> bool:
        """Whether evidence is matched against what it is about; dates only mark a match."""
        return self.status not in (IndicatorStatus.WITHDRAWN, IndicatorStatus.REPLACED)


NO_CLAIM = Claim()
"""The claim of a source that gives the bare value; one shared object."""


class Origin(Struct, frozen=True, gc=False):
    """The row an indicator came from: list file, its digest, row number from 1, and its text.

    Shapes: `place` says where in a document ("page 3, table 1"), for people; `letter` is the
    number and code of the letter the list came with, where it is known; `rule` is set where the
    list itself gives a match rule.
    """

    list_name: str
    list_sha256: str
    row: int
    text: str
    place: str = ""
    letter: str = ""
    claim: Claim = NO_CLAIM
    rule: MatchRule | None = None


class Indicator(Struct, frozen=True, gc=False):
    """One indicator of compromise, from all its sources.

    Shapes: `key` is canonical: a name as `xn--` in lower case; an address as its shortest text,
    with `:port` (or `[v6]:port`) behind it when `port` is set; a network as CIDR; a URL without
    its scheme, host canonical; a hash in lower-case hex; a fingerprint of TLS as `fingerprints`
    has it. `shown` is the form people read. `claim` merges those of its origins; each origin keeps
    its own. `decided` is what a person decided about it ("keep", "watch"), or "".
    """

    key: str
    shown: str
    kind: IndicatorKind
    rule: MatchRule
    port: int | None = None
    claim: Claim = NO_CLAIM
    origins: tuple[Origin, ...] = ()
    allow_classes: tuple[str, ...] = ()
    decided: str = ""

    @property
    def label(self) -> str:
        """The name for people: that of the malware, else the remark of the list."""
        return self.claim.family or self.claim.label

    @property
    def is_in_letter(self) -> bool:
        """Whether an official letter names it."""
        return any(origin.letter for origin in self.origins)

    @property
    def is_met(self) -> bool:
        """Whether evidence is matched against it at all; dates only mark a match, per record."""
        return self.claim.is_met


class Refusal(Struct, frozen=True, gc=False):
    """A row, or a value of a row, that did not become an indicator, and the reason as a fixed word.

    Shapes: `value` is what was refused, as far as the row holds more than that; else "".
    """

    origin: Origin
    reason: str
    value: str = ""


@dataclass(frozen=True)
class ListReading:
    """How one list was read: its form, the column of values (for tables), and the count of rows.

    `problems` are set when the list could be read in part only, or not at all. `sender` is that of
    the saved column map it was read by, "" for any other list.
    """

    list_name: str
    sha256: str
    form: str
    column: str
    rows: int
    taken: int
    refused: int
    problems: tuple[Problem, ...] = ()
    sender: str = ""


class IndicatorSequence(Protocol):
    """The indicators of a set: a tuple, or a table that reads like one (indicator_set.py)."""

    def __iter__(self) -> Iterator[Indicator]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, place: Any) -> Any: ...


@runtime_checkable
class DigestedSequence(Protocol):
    """Indicators that are digested without creating each of them (indicator_set.py)."""

    def digest(self) -> str:
        """Return the SHA-256 of the rows of `digest_row`, in their order."""
        ...


@dataclass(frozen=True)
class IndicatorSet:
    """Indicators with unique keys, sorted by key; the rows refused; and how each list was read.

    Shapes: `compiled` are the compiled lists that a person gave, with name and SHA-256.
    """

    indicators: IndicatorSequence
    refusals: tuple[Refusal, ...] = ()
    readings: tuple[ListReading, ...] = ()
    compiled: tuple[tuple[str, str], ...] = ()

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the indicators and claims, independent of the lists they came from."""
        if isinstance(self.indicators, DigestedSequence):
            return self.indicators.digest()
        rows = sorted(map(digest_row, self.indicators))
        return hashlib.sha256("".join(rows).encode()).hexdigest()


def digest_row(indicator: Indicator) -> str:
    """Return the text by which `indicator` counts in the digest of a set: key, rule, claim."""
    claim = indicator.claim
    values = [indicator.key, indicator.kind, indicator.rule]
    if claim != NO_CLAIM:
        values += [
            claim.of_class,
            claim.family,
            str(claim.confidence),
            str(claim.tlp),
            claim.status,
            claim.replaced_by,
            str(claim.valid_from_us),
            str(claim.valid_until_us),
        ]
    if claim.last_seen_us is not None:
        values.append(f"last_seen={claim.last_seen_us}")
    return "\x1f".join(values) + "\x1e"


class AllowDecision(StrEnum):
    """The decision on an indicator that an allow-list contains."""

    KEEP = "keep"
    WATCH = "watch"
    DROP = "drop"


class Decision(Struct, frozen=True, gc=False, omit_defaults=True):
    """One decision; it is valid until `until`, then the question is open again.

    Shapes: `key` as in Indicator; `decided` and `until` ISO 8601 with offset; `by` names a role;
    `classes` are the allow classes that the decision was about.
    """

    key: str
    verdict: AllowDecision
    reason: str
    until: str
    decided: str
    by: str = ""
    classes: tuple[str, ...] = ()

    @property
    def until_us(self) -> int:
        """The last moment at which it holds, in us since 1970, UTC."""
        return int(datetime.fromisoformat(self.until).timestamp()) * MICROSECONDS


# A list that still has it outweighs one that withdrew it: in doubt an indicator stays active.
_LIFE = (
    IndicatorStatus.ACTIVE,
    IndicatorStatus.EXPIRED,
    IndicatorStatus.REPLACED,
    IndicatorStatus.WITHDRAWN,
)
_SECRECY = tuple(Tlp)


def merge_indicators(first: Indicator, second: Indicator) -> Indicator:
    """Return `first` with the claims and rules of both merged; both have the same key and kind."""
    claim = _together(first.claim, second.claim)
    rule = MatchRule.BELOW if second.rule is MatchRule.BELOW else first.rule
    if claim is first.claim and rule is first.rule:
        return first
    return structs.replace(first, claim=claim, rule=rule)


def _together(first: Claim, second: Claim) -> Claim:
    if first is second or first == second:
        return first
    # Dates and replacement from a source that withdrew the indicator do not count.
    living = [claim for claim in (first, second) if claim.status is _first_life(first, second)]
    starts = [claim.valid_from_us for claim in living]
    ends = [claim.valid_until_us for claim in living]
    return Claim(
        of_class=first.of_class
        if first.of_class is not IndicatorClass.UNKNOWN
        else second.of_class,
        family=first.family or second.family,
        label=first.label or second.label,
        confidence=max(
            (c for c in (first.confidence, second.confidence) if c is not None), default=None
        ),
        tlp=max(
            (c for c in (first.tlp, second.tlp) if c is not None), key=_SECRECY.index, default=None
        ),
        status=_first_life(first, second),
        replaced_by=next((claim.replaced_by for claim in living if claim.replaced_by), ""),
        valid_from_us=None if None in starts else min(at for at in starts if at is not None),
        valid_until_us=None if None in ends else max(at for at in ends if at is not None),
        last_seen_us=max(
            (at for at in (first.last_seen_us, second.last_seen_us) if at is not None),
            default=None,
        ),
    )


def _first_life(first: Claim, second: Claim) -> IndicatorStatus:
    return min(first.status, second.status, key=_LIFE.index)
