"""Tokens of a raw line: what in it could be a name, an address or a hash; see contract.py."""

import ipaddress
import re

# One class and no tail: a run of a megabyte without a dot is still read in linear time.
_RUN = re.compile(rb"[A-Za-z0-9_\-\x80-\xff.]+")
_NUMBERS = re.compile(rb"(?<![A-Za-z_\x80-\xff0-9.])[0-9.]+(?![A-Za-z_\x80-\xff0-9.])")
_NUMBERS6 = re.compile(rb"[0-9A-Fa-f:.]+")
_GLUE = re.compile(rb"[A-Za-z_\x80-\xff]")
_WORD = re.compile(rb"[0-9A-Za-z]+")
_HEX = re.compile(rb"[0-9A-Fa-f]+")
_HASH_LENGTHS = (32, 40, 64)
_LAST_GROUP = re.compile(rb"[:.][0-9A-Fa-f]*\Z")
_LONGEST_ADDRESS6 = 45


def runs(line: bytes) -> list[bytes]:
    """Return the dotted runs of `line` in lower case, without the dots at their ends."""
    stripped = (run.strip(b".") for run in _RUN.findall(line))
    return [run.lower() for run in stripped if b"." in run]


def names(line: bytes) -> list[bytes]:
    """Return the runs of `line` that could be host names of two or more labels."""
    return [run for run in runs(line) if not _all_numbers(run)]


def addresses(line: bytes) -> list[int]:
    """Return the IPv4 addresses that stand in `line`, in order, as integers."""
    found = []
    for run in _RUN.findall(line):
        for token in _NUMBERS.findall(run):
            address = ipv4(token)
            if address is not None:
                found.append(address)
    return found


def ipv4(token: bytes) -> int | None:
    """Return the address that a run of digits and dots writes, or None.

    Five numbers are an address and a port, as tcpdump writes them.
    """
    parts = token.strip(b".").split(b".")
    if len(parts) == 5:
        parts = parts[:4]
    if len(parts) != 4:
        return None
    value = 0
    for part in parts:
        if not 1 <= len(part) <= 3 or int(part) > 255:
            return None
        value = value << 8 | int(part)
    return value


def addresses6(line: bytes) -> list[int]:
    """Return the IPv6 addresses that may stand in `line`, in order, as integers.

    One that may end with a port is given with and without it.
    """
    found = []
    for match in _NUMBERS6.finditer(line):
        # A time of day has two colons as well; an address has a gap, or six colons and more.
        if b"::" not in match[0] and match[0].count(b":") < 6:
            continue
        text = _unglued(line, match)
        for written in (text, _LAST_GROUP.sub(b"", text)):
            address = ipv6(written)
            if address is not None:
                found.append(address)
    return found


def ipv6(text: bytes) -> int | None:
    """Return the IPv6 address that `text` writes, or None; one that maps an IPv4 is none."""
    if len(text) > _LONGEST_ADDRESS6 or b":" not in text:
        return None
    try:
        address = ipaddress.IPv6Address(text.decode("ascii"))
    except ValueError:
        return None
    return None if address.ipv4_mapped else int(address)


def hashes(line: bytes) -> list[bytes]:
    """Return the words of `line` that could be an MD5, SHA-1 or SHA-256, in lower case."""
    words = (word for word in _WORD.findall(line) if len(word) in _HASH_LENGTHS)
    return [word.lower() for word in words if _HEX.fullmatch(word)]


def _unglued(line: bytes, match: re.Match[bytes]) -> bytes:
    """Return the run of `match` without groups glued to letters, nor colons around it."""
    text = match[0]
    if match.start() and _GLUE.match(line, match.start() - 1):
        text = text[text.index(b":") :]
    if _GLUE.match(line, match.end()):
        text = text[: text.rindex(b":") + 1]
    text = text.rstrip(b".")
    if text.endswith(b":") and (text.endswith(b":::") or not text.endswith(b"::")):
        text = text[:-1]
    if text.startswith(b":") and (text.startswith(b":::") or not text.startswith(b"::")):
        text = text[1:]
    return text


def _all_numbers(run: bytes) -> bool:
    return not run.strip(b"0123456789.")
