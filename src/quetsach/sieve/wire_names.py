"""Names of DNS as they go over the wire, each label behind its length, in base64 or hex.

Packets and messages stand so in logs: `payload` of Suricata, `PacketData` of the DNS server of
Windows, the page of a question over HTTPS. Sources: RFC 1035, 4.1.4; RFC 4648, 4, 5 and 8;
RFC 8484, 4.1.
"""

import base64
import binascii
import re
from collections.abc import Iterator

_MOST_CHARACTERS = 128 * 1024
_MOST_NAMES = 256
_MOST_LABELS = 127
_POINTER = 0xC0
_SHORTEST = 24
_RUN = re.compile(rb"[A-Za-z0-9+/_\-\\]{%d,}" % _SHORTEST)
_HEX = re.compile(rb"(?:0[xX])?([0-9A-Fa-f]*)")
_LABEL = re.compile(rb"[A-Za-z0-9_\-]+")
_STANDARD = bytes.maketrans(b"-_", b"+/")


def names_in_tokens(text: bytes) -> list[bytes]:
    """Return the names in the tokens of base64 and hex in `text`; see contract.py."""
    return [name for piece in _pieces(text) for name in names_in_wire(_meaning(piece))]


def names_in_wire(wire: bytes) -> list[bytes]:
    """Return the names of two labels or more in `wire`, as written; see contract.py."""
    names: list[bytes] = []
    # Every name ends with an empty label, be it elsewhere.
    if b"\x00" not in wire:
        return names
    # A place from which no name was reached: no other name is reached over it.
    dead: set[int] = set()
    place = 0
    while place < len(wire) and len(names) < _MOST_NAMES:
        # A pointer alone is a name that stands elsewhere already.
        is_label = 0 < wire[place] < 64
        over = _name_at(wire, place, dead, names) if is_label else None
        place = place + 1 if over is None else over
    return names


def message_in(token: str) -> bytes | None:
    """Return the bytes that a whole field of hex or base64 stands for, None where it is neither."""
    try:
        written = token.strip().rstrip("=").encode("ascii")
    except UnicodeEncodeError:
        return None
    is_token = _RUN.fullmatch(written) is not None and b"\\" not in written
    return _meaning(written[:_MOST_CHARACTERS]) if is_token else None


def _pieces(text: bytes) -> Iterator[bytes]:
    for run in _RUN.findall(text):
        for number, piece in enumerate(run.replace(b"\\/", b"/").split(b"\\")):
            # Behind a backslash stands the letter of a code, such as that of `\n`.
            kept = piece[1:] if number else piece
            if len(kept) >= _SHORTEST:
                yield kept[:_MOST_CHARACTERS]


def _meaning(piece: bytes) -> bytes:
    """Return what `piece` stands for: it is hex where it is nothing else."""
    digits = _HEX.fullmatch(piece)
    if digits is not None:
        return binascii.unhexlify(digits[1][: len(digits[1]) // 2 * 2])
    whole = piece[:-1] if len(piece) % 4 == 1 else piece
    return base64.b64decode(whole.translate(_STANDARD) + b"=" * (-len(whole) % 4))


def _name_at(wire: bytes, start: int, dead: set[int], names: list[bytes]) -> int | None:
    """Add the name at `start` to `names` and return where it is over; None where there is none."""
    place, over = start, None
    labels: list[bytes] = []
    path: list[int] = []
    while True:
        if place >= len(wire) or place in dead:
            return None
        dead.add(place)
        path.append(place)
        length = wire[place]
        if not length:
            break
        if length >= _POINTER:
            if place + 1 >= len(wire):
                return None
            over = place + 2 if over is None else over
            place = (length & ~_POINTER) << 8 | wire[place + 1]
            continue
        label = wire[place + 1 : place + 1 + length]
        is_whole = length < 64 and len(label) == length and len(labels) < _MOST_LABELS
        if not is_whole or _LABEL.fullmatch(label) is None:
            return None
        labels.append(label)
        place += 1 + length
    dead.difference_update(path)
    name = b".".join(labels)
    if len(labels) < 2 or not name.strip(b"0123456789."):
        return None
    names.append(name)
    return place + 1 if over is None else over
