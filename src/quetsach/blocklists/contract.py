"""The interface of an output: its capabilities and writers; and the data that it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from quetsach.blocklists.never_block import NeverBlockList
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind
from quetsach.indicators.restriction import Audience


class Mode(StrEnum):
    """Whether a device reports matching traffic only, or blocks it."""

    WATCH = "watch"
    BLOCK = "block"


class Policy(StrEnum):
    """The answer of a resolver for a blocked name."""

    NXDOMAIN = "nxdomain"
    NODATA = "nodata"
    REDIRECT = "redirect"


class ProofMethod(StrEnum):
    """How a person verifies that the file works."""

    RESOLVER = "resolver"
    FIREWALL = "firewall"
    MACHINE = "machine"
    HOSTS = "hosts"
    SENSOR = "sensor"
    PROXY = "proxy"
    NONE = "none"


class BlockReason(StrEnum):
    """Why an indicator is not, or not fully, in the file."""

    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    NEVER_BLOCK = "belt"
    ALLOW_LISTED = "allow-listed"
    WATCH_ONLY = "watch-only"
    STATE_NAME = "state-name"
    KIND = "kind"
    PORT = "port"
    IPV6 = "ipv6"
    TOO_LONG = "too-long"
    TOO_WIDE = "too-wide"
    LIMIT = "limit"
    MALFORMED = "malformed"
    ONLY_ITSELF = "only-itself"
    ALSO_BELOW = "also-below"
    WHOLE_ADDRESS = "whole-address"
    RULE_UNSAID = "rule-unsaid"
    TIME_UNSAID = "time-unsaid"


WHY_TEXTS: Mapping[BlockReason, str] = {
    BlockReason.RESTRICTED: N_("of restricted circulation (TLP): not for those who get the file"),
    BlockReason.WITHDRAWN: N_("its list withdrew it"),
    BlockReason.EXPIRED: N_("no longer valid on the day of the release"),
    BlockReason.NOT_YET: N_("not yet valid on the day of the release"),
    BlockReason.NEVER_BLOCK: N_(
        "on the never-block list: your own resolvers, gateways, networks and names are never "
        "blocked"
    ),
    BlockReason.ALLOW_LISTED: N_("on an allow-list; --take includes it after a person has decided"),
    BlockReason.WATCH_ONLY: N_(
        "a person decided only to watch it; it is not in a file that blocks"
    ),
    BlockReason.STATE_NAME: N_(
        "a name of the State; --take includes it after a person has decided"
    ),
    BlockReason.KIND: N_("the format does not support this kind"),
    BlockReason.PORT: N_(
        "the format does not support ports; --whole-address includes the whole address"
    ),
    BlockReason.IPV6: N_("the format does not support IPv6"),
    BlockReason.TOO_LONG: N_("too long for the format"),
    BlockReason.TOO_WIDE: N_("the network is too wide for a format of single addresses"),
    BlockReason.LIMIT: N_("more than the device can hold"),
    BlockReason.MALFORMED: N_("not in its canonical form"),
    BlockReason.ONLY_ITSELF: N_("covers only the name itself (and www.), not its subdomains"),
    BlockReason.ALSO_BELOW: N_("the device also reports subdomains; only the name itself counts"),
    BlockReason.WHOLE_ADDRESS: N_("the whole address, whatever the port"),
    BlockReason.RULE_UNSAID: N_("the format cannot express that only the name itself counts"),
    BlockReason.TIME_UNSAID: N_(
        "the format cannot express the end of validity; it may have expired"
    ),
}

NOT_OF_THE_FORM = frozenset(
    (
        BlockReason.RESTRICTED,
        *(BlockReason.WITHDRAWN, BlockReason.EXPIRED, BlockReason.NOT_YET, BlockReason.NEVER_BLOCK),
        *(BlockReason.ALLOW_LISTED, BlockReason.WATCH_ONLY, BlockReason.STATE_NAME),
    )
)
"""Reasons to leave an indicator out of every form; the others are shortcomings of one."""


WITHOUT_FINGERPRINTS = tuple(
    kind for kind in IndicatorKind if kind is not IndicatorKind.FINGERPRINT
)
"""Every kind but fingerprints of TLS, for a form that has no words for them."""


class BlockEntry(Struct, frozen=True, gc=False):
    """One indicator for one file, and its end time there.

    Units: `until_us`, `since_us` (first release that held it) microseconds since 1970, UTC.
    """

    indicator: Indicator
    until_us: int
    since_us: int


class OmittedIndicator(Struct, frozen=True, gc=False):
    """An indicator that the file does not hold (or not wholly), and why."""

    indicator: Indicator
    why: BlockReason
    detail: str = ""


@dataclass(frozen=True)
class ReleaseSummary:
    """The data on a release that every form is given.

    Shapes: `name` is a short word ([a-z0-9-]) by which devices know all releases of one list;
    `list_id` tells this one; `title` is the campaign's, as typed; `sensor` are addresses to which
    names are redirected; `serial` rises with every release. `loaded_name` answers with
    `test_address` where a form can give answers.
    """

    name: str
    list_id: str
    title: str
    mode: Mode
    policy: Policy
    at: datetime
    expires: datetime
    serial: int
    number: int
    first_sid: int
    limit: int | None
    sensor: tuple[str, ...]
    test_name: str
    test_address: str
    loaded_name: str
    never_block: NeverBlockList
    audience: Audience
    taken: int = 0
    left_out: int = 0

    @property
    def mark(self) -> str:
        """What our rules, groups and lines are known by on a device."""
        return self.name if self.name.startswith("quetsach") else f"quetsach {self.name}"

    @property
    def at_us(self) -> int:
        """The moment of the release, in microseconds since 1970."""
        return round(self.at.timestamp() * 1_000_000)


Files: TypeAlias = Mapping[str, str]
"""File name -> text."""

Render: TypeAlias = Callable[[Sequence[BlockEntry], ReleaseSummary], Files]
Delta: TypeAlias = Callable[[Sequence[BlockEntry], Sequence[BlockEntry], ReleaseSummary], Files]


@dataclass(frozen=True)
class Output:
    """One form: its facts, as the page of outputs and the README print them, and its writers.

    Shapes: `title`, `use`, `undo_by` and `limits` are message ids. `exact`, `below`, `ports` and
    `ipv6` tell what the form can say. `exchange` marks a form for programmes and people, which
    stops nothing by itself: it also holds what is over. `past` keeps what was withdrawn.
    `comment` begins a line that the device skips. `most` is how many lines one file holds unless
    told otherwise; `splits` makes more files of a longer list, else the rest is left out.
    `instead` names forms for the mode that this one has not. `answers` tells that it answers the
    loaded name; `watches_exactly`, that it can watch a name without what lies below it.
    """

    name: str
    title: str
    covers: tuple[IndicatorKind, ...]
    render: Render
    use: str
    undo_by: str = ""
    limits: str = ""
    modes: tuple[Mode, ...] = (Mode.WATCH, Mode.BLOCK)
    policies: tuple[Policy, ...] = ()
    proof: ProofMethod = ProofMethod.NONE
    undo: Render | None = None
    delta: Delta | None = None
    exact: bool = True
    below: bool = True
    ports: bool = False
    ipv6: bool = True
    exchange: bool = False
    past: bool = False
    comment: str = "#"
    most: int | None = None
    splits: bool = False
    instead: tuple[str, ...] = ()
    answers: bool = False
    watches_exactly: bool = True
    refuses: Callable[[Indicator], BlockReason | None] | None = None
