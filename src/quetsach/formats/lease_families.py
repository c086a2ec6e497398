"""The tables of DHCP leases that network devices show, told apart by their headings.

Source: what the devices print for `show ip dhcp snooping binding` and `show ip dhcp binding`
(Cisco), `display dhcp server ip-in-use` (Comware, VRP), `show dhcp ipv4 proxy binding` (IOS XR),
`show dhcp server binding` (Junos), `execute dhcp lease-list` (FortiOS), `/ip dhcp-server lease
print` and `export` (RouterOS), `show dhcp leases` (EdgeOS), `srv dhcp status` (DrayTek).
"""

import re
from enum import StrEnum

_REACH = 300


class Family(StrEnum):
    """How the rows below a heading are laid out."""

    COUNTED = "counted"
    """The first whole number behind the addresses is how many seconds are left."""
    BINDING = "binding"
    """An address, a client identifier or hardware address, and when the lease ends."""
    FORTIGATE = "fortigate"
    EDGEOS = "edgeos"
    DRAYTEK = "draytek"
    MIKROTIK = "mikrotik"
    MIKROTIK_PAIRS = "mikrotik-pairs"
    """`name=value` pairs, of `print terse` and of `export`."""


_HEADINGS = (
    (Family.COUNTED, rb"MacAddress +IpAddress +Lease"),
    (Family.COUNTED, rb"MAC Address +IP Address +State +Remaining"),
    (Family.COUNTED, rb"IP address +Session Id +Hardware address +Expires +State"),
    (Family.BINDING, rb"IP address +(?:Client-ID/?|Client[ -]identifier/?) +.*Lease"),
    (Family.FORTIGATE, rb"IP +MAC-Address +Hostname\b"),
    (Family.EDGEOS, rb"IP address +Hardware address +Lease expiration +Pool +Client name"),
    (Family.DRAYTEK, rb"Index +IP address +MAC address +Leased time\b"),
    (Family.MIKROTIK, rb"(?:Columns: |# +)ADDRESS\b.* MAC-ADDRESS\b.* SERVER\b"),
    (Family.MIKROTIK_PAIRS, rb"/ip dhcp-server lease$"),
    (Family.MIKROTIK_PAIRS, rb"(?:\d+ +(?:[A-Z]+ +)?)address=.* mac-address=.* server="),
)
_PATTERNS = tuple(
    (family, re.compile(pattern, re.IGNORECASE if family is not Family.MIKROTIK_PAIRS else 0))
    for family, pattern in _HEADINGS
)


def family_of(line: bytes) -> Family | None:
    """Return the family whose heading, or whose telling row, `line` is; else None."""
    start = line[:_REACH].strip()
    return next((family for family, known in _PATTERNS if known.match(start)), None)
