"""What is known of a device at a time, and which one it is: clues and the identity they give."""

from dataclasses import dataclass

from quetsach.attribute.hardware import is_random
from quetsach.attribute.model import Certainty, Rival
from quetsach.errors import N_
from quetsach.inventory.model import Machine, Row

MOST_RIVALS = 8
"""So many other devices are named at most."""

BY_MAC = N_("its hardware address stands in the inventory")
BY_CLIENT_ID = N_("its DHCP client identifier stands in the inventory")
BY_MAC_INSIDE = N_("its DHCP client identifier holds a hardware address of the inventory")
BY_OTHER_MAC = N_("another hardware address of the same device stands in the inventory")
BY_NAME = N_("its name stands in the inventory; its hardware address tells nothing")
BY_ADDRESS = N_("the inventory gives this fixed address to it")
OWN_MAC = N_("known by its hardware address alone")
OWN_RANDOM = N_("known by a random hardware address alone, which it may change")
OWN_TIED_BY_ID = N_("its random hardware addresses share one DHCP client identifier")
OWN_TIED_BY_NAME = N_("its random hardware addresses share one name")
OWN_NAME = N_("known by its name alone")
OWN_CLIENT_ID = N_("known by its DHCP client identifier alone")
OWN_ADDRESS = N_("known by its address alone")
FROM_EUI64 = N_("its IPv6 address holds its hardware address")
FROM_CLIENT_ID = N_("its DHCP client identifier holds its hardware address")
FROM_NAME = N_("only one device had this name")

SAME_MAC = N_("the inventory gives the same hardware address to it")
SAME_CLIENT_ID = N_("the same DHCP client identifier belongs to it")
SAME_NAME = N_("the same name belongs to it")
SAME_DEVICE = N_("it may be another hardware address of the same device")
SAME_ADDRESS = BY_ADDRESS


@dataclass(frozen=True)
class Clues:
    """What records say of a device at one time; what they do not say is ""."""

    mac: str
    client_id: str
    host_name: str
    address: str

    @property
    def tells_mac(self) -> bool:
        """Whether the hardware address is one that a maker gave out."""
        return bool(self.mac) and not is_random(self.mac)


@dataclass(frozen=True)
class Identity:
    """The device, the machine of the inventory that it is, how sure, and what it rests on.

    Shapes: `because` is a message id in English; `row` is the inventory's row; `randomised` says
    that the hardware address was made up by the machine.
    """

    device: str
    machine: Machine | None
    grade: Certainty
    randomised: bool
    rivals: tuple[Rival, ...]
    because: str
    row: Row | None

    @property
    def shared(self) -> bool:
        """Whether several people use the machine."""
        return self.machine is not None and self.machine.shared
