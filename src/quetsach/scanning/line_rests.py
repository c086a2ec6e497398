"""What is left of a line when the hosts whose indicators are known are taken out of it.

Where the sieve finds no key in the rest, nothing else that the line mentions is listed. So a host
may go only where it is sure that it says nothing more in its place than it does alone.
"""

import re
from array import array
from collections.abc import Sequence
from ipaddress import ip_address
from itertools import pairwise

from quetsach.sieve import twin
from quetsach.sieve.kernel import lines_without

_RUN_BYTES = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
) | frozenset(range(0x80, 0x100))
# Beside what goes on a name or an address, what begins or ends a code: `%2e`, `\.`, `(3)`; and
# the colon, for an IPv6 address may end with an IPv4.
_BEFORE = bytes(byte not in _RUN_BYTES | frozenset(b"%\\:)") for byte in range(256))
_BEHIND = bytes(byte not in _RUN_BYTES | frozenset(b"%\\:(") for byte in range(256))
APART = bytes.maketrans(b".:", b"  ")
_PORT = re.compile(rb":[0-9]{1,5}(?![0-9A-Za-z_\-.:%\\(\x80-\xff])")

_HIGH_CODE = re.compile(rb"(?:%|\\x|\\u00)[89A-Fa-f][0-9A-Fa-f]")
_RUN = re.compile(rb"[A-Za-z0-9_\-\x80-\xff.]+")


def is_all_it_says(host: str, address: str | None) -> bool:
    """Return whether `host` alone in a line would mention but the one name or address."""
    token = host.encode("ascii")
    # Hashes, fingerprints and names as they go over the wire are looked for inside a name.
    if twin.hashes(token) or twin.fingerprints(token) or twin.wire_names(token):
        return False
    numbers = [*twin.find_addresses(token), *twin.addresses6(token)]
    return numbers == ([] if address is None else [int(ip_address(address))])


def dotted_runs(line: bytes) -> list[str]:
    """Return what could be a name or an IPv4 address in `line`, as it is written there."""
    return [run.decode("utf-8", "replace") for run in _RUN.findall(line) if b"." in run]


def taken_out(line: bytes, token: bytes, rest: bytes) -> bytes:
    """Return `line` with `rest` for `token` wherever it stands alone.

    Its dots go and its labels stay: so its neighbours are cut nowhere else than before, be they
    base64 or digits of a hash.
    """
    parts = line.split(token)
    if len(parts) == 1:
        return line
    pieces = [parts[0]]
    for number, (left, right) in enumerate(pairwise(parts), 1):
        begins = _BEFORE[left[-1]] if left else number == 1
        ends = _BEHIND[right[0]] if right else number == len(parts) - 1
        if not ends and right[:1] == b":" and b":" not in token:
            ends = _PORT.match(right) is not None
        pieces += [rest if begins and ends else token, right]
    return b"".join(pieces)


def lines_taken_out(
    block: bytes,
    which: Sequence[int],
    sets: Sequence[Sequence[tuple[bytes, bytes]]],
    *,
    compiled: bool,
) -> bytes:
    """Return the lines of `block`, each with the hosts of one of `sets` taken out of it.

    Shapes: `which` numbers the set of each line, which ends with a newline; a set has for each host
    how it stands in the line and what comes in its place; see `taken_out`.
    """
    if compiled:
        return lines_without(block, array("I", which).tobytes(), sets)
    rests: list[bytes] = []
    for line, number in zip(block.split(b"\n"), which, strict=False):
        rest_of_line = line
        for token, rest in sets[number]:
            rest_of_line = taken_out(rest_of_line, token, rest)
        rests += [rest_of_line, b"\n"]
    return b"".join(rests)


def has_wide_name(line: bytes) -> bool:
    """Return whether `line`, as written or decoded, holds a name with letters outside ASCII.

    Such a name may turn into a listed one that the sieve does not see.
    """
    if line.isascii() and b"%" not in line and b"\\" not in line:
        return False
    texts = [line]
    if not line.isascii() or _HIGH_CODE.search(line):
        texts.append(twin.decoded(line))
    return any(
        b"." in run.strip(b".") and not run.isascii()
        for text in texts
        if not text.isascii()
        for run in _RUN.findall(text)
    )
