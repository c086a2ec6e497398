"""Machines, networks and the problems of an inventory as values, each with its row."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from quetsach.addresses import Network
from quetsach.errors.catalogue import N_


class NetworkRole(StrEnum):
    """What a machine does for others; only an ordinary machine is suspected for what it queries."""

    ORDINARY = "ordinary"
    RESOLVER = "resolver"
    PROXY = "proxy"
    GATEWAY = "gateway"
    ACCESS_POINT = "access-point"
    SERVER = "server"


@dataclass(frozen=True)
class SourceRow:
    """Where a fact is: the file, its sheet ("" for a CSV) and the row, 1 = first."""

    path: str
    sheet: str
    number: int


@dataclass(frozen=True)
class InventoryMachine:
    """One machine of the inventory; what the table does not say is "" or empty.

    Shapes: `key` names it for good (asset number, else name, else hardware address); `macs` as
    00-17-A4-B2-C3-D4; `addresses` are fixed ones, in their shortest form; `remarks` and `extra`
    (heading, value) are kept as written. `shared` is set where several people use it.
    """

    key: str
    name: str = ""
    macs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    client_ids: tuple[str, ...] = ()
    unit: str = ""
    room: str = ""
    kind: str = ""
    desk: str = ""
    system: str = ""
    duty: NetworkRole = NetworkRole.ORDINARY
    shared: bool = False
    remarks: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    row: SourceRow | None = None


@dataclass(frozen=True)
class PlannedNetwork:
    """One row of the network plan: a subnet or a public address, whose it is and what it does.

    Shapes: `unit_name` is the unit's name where `unit` is a code, else "".
    """

    network: Network
    unit: str = ""
    unit_name: str = ""
    room: str = ""
    duty: NetworkRole | None = None
    public: bool = False
    remarks: str = ""
    row: SourceRow | None = None


class InventoryFlaw(StrEnum):
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


FLAW_WORDS: Mapping[InventoryFlaw, str] = {
    InventoryFlaw.NO_HEADING: N_("the sheet has no headings that are known, and was left out"),
    InventoryFlaw.NO_MACHINE: N_("the row names no machine"),
    InventoryFlaw.BAD_MAC: N_("this is not a hardware address of a machine"),
    InventoryFlaw.BAD_ADDRESS: N_("this is not an address of a machine"),
    InventoryFlaw.BAD_CLIENT_ID: N_("this is not a DHCP client identifier"),
    InventoryFlaw.BAD_NETWORK: N_("this is not a network: write it as 192.168.1.0/24"),
    InventoryFlaw.NO_NETWORK: N_("the row names no network"),
    InventoryFlaw.MAC_TWICE: N_("two machines with the same hardware address"),
    InventoryFlaw.NAME_TWICE: N_("two machines of one unit with the same name"),
    InventoryFlaw.ADDRESS_TWICE: N_("two machines of one unit with the same fixed address"),
    InventoryFlaw.ASSET_TWICE: N_("two machines with the same asset number"),
    InventoryFlaw.REPEATED: N_("the machine is in the table twice; it is counted once"),
    InventoryFlaw.CLAIMED_TWICE: N_("two units claim the same network"),
    InventoryFlaw.UNREADABLE: N_("the row cannot be read; a quotation mark may not be closed"),
    InventoryFlaw.TOO_LONG: N_("the row is too long to be one of a table"),
}
"""Each flaw in words: message ids in English."""


@dataclass(frozen=True)
class InventoryProblem:
    """One flaw: where, which, and the value it is about.

    Shapes: `excerpt` is at most 80 characters, "" where it might name a person; `other` is the row
    that contradicts this one, if one does.
    """

    row: SourceRow
    reason: InventoryFlaw
    excerpt: str = ""
    other: SourceRow | None = None


@dataclass(frozen=True)
class OmittedColumn:
    """A column of people's names or numbers, of which no value was kept; `count` had one."""

    path: str
    sheet: str
    heading: str
    count: int
