"""The client that a proxy says it spoke for, out of X-Forwarded-For and its kin."""

import re
from typing import Any

from quetsach.formats import values

_LONGEST = 2048
_MOST = 32
_SPLIT = re.compile(r'[\s,;"=]+')
_PORT = re.compile(r"(\[[^\]]*\]|[^:]*):\d{1,5}")
_OF_THE_PROXY = frozenset({"by", "host"})
# Private, shared (RFC 6598) and unique local addresses; link-local ones cross no proxy.
_INSIDE = re.compile(
    r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]"
)


def forwarded_ip(value: Any) -> str | None:
    """Return the last inside address that `value` names, a text or a list of texts, or None.

    A proxy puts its client behind what the request brought along (RFC 7239, 4): all that stands
    before it the client may have written itself, to have another machine blamed.
    An address of the Internet names no machine of ours.
    """
    several = value if isinstance(value, list) else [value]
    text = ",".join(one for one in several[-_MOST:] if isinstance(one, str))[-_LONGEST:]
    tokens = _SPLIT.split(text)[-_MOST:]
    for before, token in reversed(list(zip(["", *tokens], tokens, strict=False))):
        port = _PORT.fullmatch(token)
        found = values.address(token if port is None else port[1])
        if found is not None and _INSIDE.match(found) and before.lower() not in _OF_THE_PROXY:
            return found
    return None
