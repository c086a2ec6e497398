"""A DNS client of a few lines, to ask real resolvers on the loopback."""

import socket
import struct
from contextlib import closing
from dataclasses import dataclass

NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
TYPE_A = 1


@dataclass(frozen=True)
class Answer:
    """What a resolver said: its code, and the IPv4 addresses in it."""

    code: int
    addresses: tuple[str, ...]


def ask(port: int, name: str) -> Answer:
    """Return the answer of the resolver on this port to the question for an address."""
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split("."))
    question = labels + b"\0" + struct.pack("!HH", TYPE_A, 1)
    query = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + question
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
        client.settimeout(5)
        client.connect(("127.0.0.1", port))
        client.send(query)
        said = client.recv(4096)
    _id, flags, _questions, answers, *_rest = struct.unpack("!6H", said[:12])
    return Answer(flags & 15, tuple(_addresses(said, 12 + len(question), answers)))


def _addresses(said: bytes, place: int, count: int) -> list[str]:
    found = []
    for _ in range(count):
        place = _behind_name(said, place)
        kind, _class, _ttl, length = struct.unpack("!HHIH", said[place : place + 10])
        place += 10
        if kind == TYPE_A:
            found.append(socket.inet_ntoa(said[place : place + length]))
        place += length
    return found


def _behind_name(said: bytes, place: int) -> int:
    while said[place] and said[place] < 192:
        place += 1 + said[place]
    return place + (2 if said[place] else 1)
