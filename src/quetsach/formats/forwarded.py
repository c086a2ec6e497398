"""The client that a proxy says it spoke for, out of X-Forwarded-For and its kin."""

import re
from typing import Any

from quetsach.formats import values

_LONGEST = 2048
_MOST = 32
_SPLIT = re.compile(r'[\s,;"=]+')
_PORT = re.compile(r"(\[[^\]]*\]|[^:]*):\d{1,5}")
# Private, shared (RFC 6598) and unique local addresses; link-local ones cross no proxy.
_INSIDE = re.compile(
    r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]"
)


def forwarded_ip(value: Any) -> str | None:
    """Return the first inside address that `value` names, a text or a list of texts, or None.

    Anybody can write this header: an address of the Internet in it names no machine of ours.
    """
    several = value if isinstance(value, list) else [value]
    text = ",".join(one for one in several[:_MOST] if isinstance(one, str))[:_LONGEST]
    for token in _SPLIT.split(text, _MOST)[:_MOST]:
        port = _PORT.fullmatch(token)
        found = values.address(token if port is None else port[1])
        if found is not None and _INSIDE.match(found):
            return found
    return None
