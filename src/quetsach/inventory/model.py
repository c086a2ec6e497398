"""What an inventory says: machines and networks as values, each with the row it stands in."""

from dataclasses import dataclass
from enum import StrEnum

from quetsach.addresses import Network


class Duty(StrEnum):
    """What a machine does for others; only an ordinary one is blamed for what it asks."""

    ORDINARY = "ordinary"
    RESOLVER = "resolver"
    PROXY = "proxy"
    GATEWAY = "gateway"
    ACCESS_POINT = "access-point"
    SERVER = "server"


@dataclass(frozen=True)
class Row:
    """Where a fact stands: the file, its sheet ("" for a CSV) and the row, 1 = first."""

    path: str
    sheet: str
    number: int


@dataclass(frozen=True)
class Machine:
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
    duty: Duty = Duty.ORDINARY
    shared: bool = False
    remarks: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    row: Row | None = None


@dataclass(frozen=True)
class PlannedNetwork:
    """One row of the network plan: a subnet or a public address, whose it is and what it does.

    Shapes: `unit_name` is the unit's name where `unit` is a code, else "".
    """

    network: Network
    unit: str = ""
    unit_name: str = ""
    room: str = ""
    duty: Duty | None = None
    public: bool = False
    remarks: str = ""
    row: Row | None = None
