"""A message of DNS that a log carries whole, as base64 or hex: what was asked, what came back.

Sources: RFC 1035, 4 (message; length before it on TCP); Suricata user guide, "EVE JSON Format",
`payload`; the manifest of the DNS server of Windows, `PacketData`.
"""

from collections.abc import Mapping
from typing import Any

from quetsach.captures.dns_message import DnsMessage, read_message
from quetsach.sieve.wire_names import message_in

_DNS_PORT = 53
_MOST_CHARACTERS = 128 * 1024
_TELLING = 2
"""A name of so many labels tells something; of fewer, the message was none."""


def message_of(token: object) -> DnsMessage | None:
    """Return the message that a field holds; None where it is none, or asks for no name."""
    if not isinstance(token, str) or len(token) > _MOST_CHARACTERS:
        return None
    wire = message_in(token)
    if wire is None:
        return None
    # On TCP its length stands before a message.
    size = int.from_bytes(wire[:2], "big")
    for piece in (wire[2 : 2 + size], wire) if size == len(wire) - 2 else (wire,):
        message = read_message(piece)
        if message is not None and any(_is_name(name) for name, _kind in message.questions):
            return message
    return None


def asked_in_payload(record: Mapping[str, Any], token: object) -> DnsMessage | None:
    """Return the message in the payload of `record`, whose client asked a name server.

    Where the server is taken for the source, who asked is not known, and None comes back.
    """
    if record.get("destination.port") != _DNS_PORT or record.get("source.port") == _DNS_PORT:
        return None
    return message_of(token)


def _is_name(name: str) -> bool:
    return len(name.split(".")) >= _TELLING and "\\" not in name
