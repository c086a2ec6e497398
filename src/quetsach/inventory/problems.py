"""What is wrong in an inventory or a network plan, row by row: nothing is dropped in silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from quetsach.errors import N_
from quetsach.inventory.model import Row


class Flaw(StrEnum):
    """Why a row, or a cell of it, cannot be relied on."""

    NO_HEADING = "no-heading"
    NO_MACHINE = "no-machine"
    BAD_MAC = "bad-mac"
    BAD_ADDRESS = "bad-address"
    BAD_CLIENT_ID = "bad-client-id"
    BAD_NETWORK = "bad-network"
    NO_NETWORK = "no-network"
    MAC_TWICE = "mac-twice"
    NAME_TWICE = "name-twice"
    ADDRESS_TWICE = "address-twice"
    ASSET_TWICE = "asset-twice"
    REPEATED = "repeated"
    CLAIMED_TWICE = "claimed-twice"
    UNREADABLE = "unreadable"
    TOO_LONG = "too-long"


FLAW_WORDS: Mapping[Flaw, str] = {
    Flaw.NO_HEADING: N_("the sheet has no headings that are known, and was left out"),
    Flaw.NO_MACHINE: N_("the row names no machine"),
    Flaw.BAD_MAC: N_("this is no hardware address that a machine can have"),
    Flaw.BAD_ADDRESS: N_("this is no address that a machine can hold"),
    Flaw.BAD_CLIENT_ID: N_("this is no client identifier of DHCP"),
    Flaw.BAD_NETWORK: N_("this is no network: write it as 192.168.1.0/24"),
    Flaw.NO_NETWORK: N_("the row names no network"),
    Flaw.MAC_TWICE: N_("two machines with the same hardware address"),
    Flaw.NAME_TWICE: N_("two machines of one unit with the same name"),
    Flaw.ADDRESS_TWICE: N_("two machines of one unit with the same fixed address"),
    Flaw.ASSET_TWICE: N_("two machines with the same asset number"),
    Flaw.REPEATED: N_("the machine stands in the table twice; it is counted once"),
    Flaw.CLAIMED_TWICE: N_("two units claim the same network"),
    Flaw.UNREADABLE: N_("the row cannot be read; a quotation mark may not be closed"),
    Flaw.TOO_LONG: N_("the row is too long to be one of a table"),
}
"""Each flaw in words: message ids in English."""


LEFT_OUT_WORDS = N_(
    "the column %(heading)s holds people: none of its %(count)s values was kept, as none is needed"
)
"""What is said of a column of people: a message id in English; see `LeftOut` for its facts."""


@dataclass(frozen=True)
class InventoryProblem:
    """One flaw: where, which, and the value it is about.

    Shapes: `excerpt` is at most 80 characters, "" where it might name a person; `other` is the row
    that contradicts this one, if one does.
    """

    row: Row
    reason: Flaw
    excerpt: str = ""
    other: Row | None = None


@dataclass(frozen=True)
class LeftOut:
    """A column of people's names or numbers, of which no value was kept; `count` had one."""

    path: str
    sheet: str
    heading: str
    count: int
