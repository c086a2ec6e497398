"""What is known of a device at a time, and which one it is: clues and the identity they give."""

from dataclasses import dataclass
from ipaddress import IPv6Address

from quetsach.addresses import parse_address
from quetsach.attribution.model import Certainty, Rival
from quetsach.errors.catalogue import N_
from quetsach.inventory.model import InventoryMachine, SourceRow

_LOCAL_BIT = 2
_ETHERNET = "0001"
_DUID_LLT = "0001"
_DUID_LL = "0003"
_MAC_DIGITS = 12
_NAMELESS = frozenset({"00-00-00-00-00-00", "FF-FF-FF-FF-FF-FF"})


def is_random(mac: str) -> bool:
    """Return whether a hardware address was made up by its machine (locally administered bit).

    Source: IEEE 802, 8.2.2; phones and Windows 10 make one for each wireless network.
    """
    try:
        return bool(int(mac[:2], 16) & _LOCAL_BIT)
    except ValueError:
        return False


def mac_of_eui64(address: str) -> str | None:
    """Return the hardware address inside an IPv6 address made by EUI-64, or None.

    Source: RFC 4291, appendix A: FF:FE in the middle, the universal bit turned over.
    """
    found = parse_address(address)
    if not isinstance(found, IPv6Address):
        return None
    half = found.packed[8:]
    if half[3:5] != b"\xff\xfe":
        return None
    mac = bytes((half[0] ^ _LOCAL_BIT,)) + half[1:3] + half[5:]
    return None if mac[0] & 1 else _written(mac.hex())


def mac_of_client_id(client_id: str) -> str | None:
    """Return the Ethernet address inside a client identifier of DHCP, or None.

    Shapes: lower hex digits. Source: RFC 2132, 9.14 (type 1 and the address); RFC 8415, 11.2 and
    11.4 (DUID-LLT, DUID-LL); RFC 4361, 6.1 (255, IAID and the DUID in DHCP for IPv4).
    """
    digits = client_id.lower()
    if len(digits) == 2 + _MAC_DIGITS and digits.startswith("01"):
        return _written(digits[2:])
    duid = duid_of_client_id(digits)
    kind, hardware = duid[:4], duid[4:8]
    if hardware != _ETHERNET:
        return None
    inside = {_DUID_LLT: duid[16:], _DUID_LL: duid[8:]}.get(kind, "")
    return _written(inside) if len(inside) == _MAC_DIGITS else None


def duid_of_client_id(client_id: str) -> str:
    """Return the DUID inside a client identifier of RFC 4361; any other as it is."""
    return client_id[10:] if client_id.startswith("ff") and len(client_id) > 14 else client_id


def _written(digits: str) -> str | None:
    if digits.strip("0123456789abcdef"):
        return None
    mac = "-".join(digits[at : at + 2] for at in range(0, _MAC_DIGITS, 2)).upper()
    return None if mac in _NAMELESS else mac


MOST_RIVALS = 8
"""How many other devices are named at most."""

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
class DeviceClues:
    """What records say of a device at one time; what they do not say is ""."""

    mac: str
    client_id: str
    host_name: str
    address: str

    @property
    def has_mac(self) -> bool:
        """Whether the hardware address is one that a maker gave out."""
        return bool(self.mac) and not is_random(self.mac)


@dataclass(frozen=True)
class Identity:
    """The device, the machine of the inventory that it is, how sure, and what it rests on.

    Shapes: `because` is a message id in English; `row` is the inventory's row; `randomised` says
    that the hardware address was made up by the machine.
    """

    device: str
    machine: InventoryMachine | None
    grade: Certainty
    randomised: bool
    rivals: tuple[Rival, ...]
    because: str
    row: SourceRow | None

    @property
    def shared(self) -> bool:
        """Whether several people use the machine."""
        return self.machine is not None and self.machine.shared
