"""Hardware addresses as machines and network devices print them, and those that no machine has."""

import re

# 00:17:a4:b2:c3:d4, 0:17:a4:b2:c3:d4 (BSD), 00-17-A4-B2-C3-D4, 0017.a4b2.c3d4 (Cisco),
# 0017-a4b2-c3d4 (Huawei, Comware), 0017a4-b2c3d4 (ProCurve).
_FORMS = re.compile(
    r"[0-9a-f]{1,2}([:-])[0-9a-f]{1,2}(?:\1[0-9a-f]{1,2}){4}"
    r"|[0-9a-f]{4}([.-])[0-9a-f]{4}\2[0-9a-f]{4}"
    r"|[0-9a-f]{6}[-:][0-9a-f]{6}",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"[:.\-]")
_LONGEST = 17
# A part of such an address is worth a word: the line was cut or damaged.
_PART = re.compile(
    r"(?<![\w:.\-])(?:[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){3,}|[0-9a-f]{4}[.-][0-9a-f]{4})",
    re.IGNORECASE,
)
# Source: RFC 1112, 6.4 (IPv4 multicast), RFC 2464, 7 (IPv6 multicast), IEEE 802.1D, 7.12.6
# (bridges). The group bit alone does not tell: anonymised tables set it at random.
_NOBODY = ("FF-FF-FF-FF-FF-FF", "00-00-00-00-00-00")
_GROUP = ("01-00-5E-", "33-33-", "01-80-C2-")


def hardware(token: str) -> str | None:
    """Return the hardware address that the whole of `token` writes, as 00-17-A4-B2-C3-D4."""
    if len(token) > _LONGEST or _FORMS.fullmatch(token) is None:
        return None
    groups = _GROUPS.split(token)
    digits = "".join(group.zfill(12 // len(groups)) for group in groups).upper()
    return "-".join(digits[place : place + 2] for place in range(0, 12, 2))


def holds_a_part(text: str) -> bool:
    """Return whether something in `text` begins like a hardware address."""
    return _PART.search(text) is not None


def is_nobodys(mac: str) -> bool:
    """Return whether `mac`, as `hardware` gives it, is unset, broadcast or a multicast group's."""
    return mac in _NOBODY or mac.startswith(_GROUP)
