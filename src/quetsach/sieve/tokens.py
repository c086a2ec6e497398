"""Tokens of a raw line: what in it could be a host name or an IPv4 address; see contract.py."""

import re

# One class and no tail: a run of a megabyte without a dot is still read in linear time.
_RUN = re.compile(rb"[A-Za-z0-9_\-\x80-\xff.]+")
_NUMBERS = re.compile(rb"(?<![A-Za-z_\x80-\xff0-9.])[0-9.]+(?![A-Za-z_\x80-\xff0-9.])")


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


def _all_numbers(run: bytes) -> bool:
    return not run.strip(b"0123456789.")
