"""What is known of a device at a time, and which one it is: clues and the identity they give."""

from dataclasses import dataclass
from ipaddress import IPv6Address

from quetsach.addresses import parse_address
from quetsach.attribution.model import Certainty, RivalDevice
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
    grade: Certainty
    because: str
    rivals: tuple[RivalDevice, ...] = ()
    randomised: bool = False
    machine: InventoryMachine | None = None
    row: SourceRow | None = None

    @property
    def shared(self) -> bool:
        """Whether several people use the machine."""
        return self.machine is not None and self.machine.shared
