"""A process that can reach no network: what tries to is refused by the interpreter itself."""

import sys
from typing import Any

_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
    }
)


class OutgoingRefused(OSError):
    """This process works on a rehearsal; nothing leaves it."""


def refuse_outgoing() -> None:
    """Refuse every connection but those over sockets of the file system; it cannot be undone.

    Errors: from then on OutgoingRefused where somebody tries.
    Source: PEP 578; the audit events are listed in the documentation of the module `socket`.
    """
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS:
        return
    # Those on a socket are (socket, address): in the file system an address is a path.
    address = arguments[1] if len(arguments) > 1 and hasattr(arguments[0], "family") else None
    if isinstance(address, str | bytes):
        return
    # An unnamed pair, by which the sandbox hands its pipes over, has no address.
    if event == "socket.sendmsg" and address is None:
        return
    raise OutgoingRefused(f"a rehearsal reaches no network ({event})")
