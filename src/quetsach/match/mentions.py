"""What a raw line names: tokens that meet an indicator, whatever field they stand in."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from quetsach.indicators.lookup import Lookup
from quetsach.indicators.model import Indicator
from quetsach.match.meeting import Ports, addresses_met, is_valid, names_met
from quetsach.sieve import tokens

_URL = re.compile(rb"://([^\s\"'<>|^`{}]{1,4096})")
# A comma or bracket may belong to a web address or stand behind it, so both are looked at.
_CUT_URL = re.compile(rb"[^\s\"'<>|^`{},;)]{1,4096}")
# `address:port`, and `address.port` as tcpdump writes it; a clock behind an address is no port.
_WITH_PORT = re.compile(
    rb"(?<![\w.])([0-9]{1,3}(?:\.[0-9]{1,3}){3})[:.]([0-9]{1,5})(?![\w.:])", re.ASCII
)

_NUMBER = re.compile(rb"(?<![\w.:])[0-9]{1,5}(?![\w.:])", re.ASCII)


def mentioned(
    line: bytes, lookup: Lookup, ports: Ports, when_us: int | None
) -> Iterator[tuple[Indicator, int]]:
    """Yield the indicators that `line` names, each with the labels below it.

    The port of an address is what the event's own fields give for it, else what is written behind
    it, else any number in the line: then address and port both stand there, though apart.
    """
    for run in dict.fromkeys(tokens.names(line)):
        yield from names_met(run.decode("utf-8", "replace"), lookup, when_us)
    found = [str(IPv4Address(number)) for number in tokens.addresses(line)]
    found += [str(IPv6Address(number)) for number in tokens.addresses6(line)]
    written = _ports_written(line) if found else {}
    anywhere: set[int] | None = None
    for address in dict.fromkeys(found):
        known = ports.get(address) or written.get(address)
        if not known:
            known = anywhere = _numbers(line) if anywhere is None else anywhere
        for one in addresses_met(address, known, lookup, when_us):
            yield one, 0
    for digest in dict.fromkeys(tokens.hashes(line)):
        listed = lookup.by_hash(digest.decode("ascii"))
        if listed is not None and is_valid(listed, when_us):
            yield listed, 0
    for url in _urls(line):
        for one in lookup.by_url(url):
            if is_valid(one, when_us):
                yield one, 0


def _numbers(line: bytes) -> set[int]:
    return {int(number) for number in _NUMBER.findall(line)}


def _urls(line: bytes) -> Iterator[str]:
    """Yield the web addresses that may stand in `line`; their scheme counts for nothing."""
    if b"://" not in (plain := line.replace(b"\\/", b"/")):
        return
    bodies = dict.fromkeys(_URL.findall(plain))
    # One address inside another, or two in a row, begin at each "://".
    for piece in plain.split(b"://")[1:]:
        found = _CUT_URL.match(piece)
        if found:
            bodies[found.group()] = None
    for body in bodies:
        yield "x://" + body.decode("utf-8", "replace")


def _ports_written(line: bytes) -> Ports:
    found: Ports = {}
    for address, port in _WITH_PORT.findall(line):
        found.setdefault(address.decode("ascii"), set()).add(int(port))
    return found
