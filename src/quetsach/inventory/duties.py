"""What a machine does for others, from the words of its role or kind."""

import re

from quetsach.inventory.headings import folded
from quetsach.inventory.model import Duty

# The begin of a part decides: "máy trạm qua proxy" is no proxy, and may be blamed.
_DUTIES: tuple[tuple[Duty, str], ...] = (
    (
        Duty.RESOLVER,
        r"dns|resolver|may chu dns|may chu ten mien|may chu phan giai|phan giai ten mien|bind"
        r"|unbound|name server|nameserver|server dns",
    ),
    (Duty.PROXY, r"proxy|may chu proxy|squid|server proxy|web proxy|may chu uy nhiem"),
    (
        Duty.ACCESS_POINT,
        r"access point|ap|bo phat|thiet bi phat|phat wi ?fi|diem truy cap|diem phat|wireless ap"
        r"|wi ?fi access point|bo phat song|cuc phat",
    ),
    (
        Duty.GATEWAY,
        r"gateway|default gateway|router|bo dinh tuyen|thiet bi dinh tuyen|dinh tuyen|modem"
        r"|firewall|tuong lua|thiet bi tuong lua|cong ra|cong internet|thiet bi can bang tai"
        r"|can bang tai|load balanc\w*",
    ),
    (
        Duty.SERVER,
        r"server|may chu|domain controller|nas|active directory|file server|web server"
        r"|mail server|dhcp server",
    ),
    (
        Duty.ORDINARY,
        r"may tram|may tinh|client|workstation|pc|laptop|may xach tay|desktop|may ban|may in"
        r"|printer|ordinary|end ?user|nguoi dung|may de ban|camera|scanner|may quet",
    ),
)
_PATTERNS = tuple((duty, re.compile(rf"(?:{words})(?![a-z0-9])")) for duty, words in _DUTIES)
_PARTS = re.compile(r"[,;/+&|\n()]|\bkiêm\b|\bvà\b|\band\b", re.IGNORECASE)
_EXACT = frozenset({"wifi", "wi fi", "wlan"})
_LONGEST = 200


def duty_of(text: str) -> Duty | None:
    """Return the duty that `text` names, None where it names none.

    Of several the one counts that asks for others: resolver, proxy, access point, gateway, server.
    """
    parts = [folded(one) for one in _PARTS.split(text[:_LONGEST])]
    for duty, pattern in _PATTERNS:
        if any(pattern.match(part) for part in parts):
            return duty
    return Duty.ACCESS_POINT if any(part in _EXACT for part in parts) else None


def is_only_duty(text: str) -> bool:
    """Return whether `text` says a duty and nothing else, as one must for a whole network."""
    said = folded(text[:_LONGEST])
    return said in _EXACT or any(pattern.fullmatch(said) for _duty, pattern in _PATTERNS)
