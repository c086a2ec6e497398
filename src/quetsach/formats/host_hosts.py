"""The hosts file of a machine: names that were bent to another address.

A name bent to nowhere (127.0.0.1, 0.0.0.0) is a block or the machine itself. It is no contact, so
it is passed over: a machine must not be blamed for blocking what is bad.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import collected, values

_LONGEST_LINE = 16 * 1024
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
_HEAD_LINES = 200
_OWN_NAMES = ("localhost", "ip6-localhost", "localhost.localdomain")


class HostHosts:
    """Reads the names that a machine resolves by itself, and to which address."""

    name = "host-hosts"
    title = N_("Hosts file of a machine")
    reads = N_(
        "names redirected to an address; those redirected to nowhere are blocks and are left out"
    )

    def recognise(self, head: bytes) -> bool:
        """Return whether it is a collected file, or all lines map names, localhost among them."""
        held = collected.holds(head)
        if held is not None:
            return held == "hosts"
        lines = head.split(b"\n", _HEAD_LINES)[:_HEAD_LINES]
        told = [_mapping(one) for one in lines if not collected.is_comment(one)]
        return all(told) and any(one is not None and one[1][0] in _OWN_NAMES for one in told)

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout: which machine and when, if the first line says so."""
        return collected.layout_of("host.hosts", head)

    relayout = staticmethod(collected.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a name that is bent to an address elsewhere."""
        rows = ParsedLines()
        for offset, line in lines:
            if collected.is_comment(line):
                rows.skipped.append(offset)
                continue
            mapping = _mapping(line)
            if mapping is None:
                rows.reject(offset, "not-a-mapping", line)
            elif _is_nowhere(mapping[0]):
                rows.skipped.append(offset)
            else:
                for name in mapping[1]:
                    event = collected.begin(layout, rough=True)
                    event["event.type"] = "info"
                    event["dns.question.name"] = name.rstrip(".")
                    event["dns.answers"] = [mapping[0]]
                    rows.add(offset, event)
        return rows


def _mapping(line: bytes) -> tuple[str, list[str]] | None:
    """Return the address and the names of a line, or None if it is no mapping."""
    if len(line) > _LONGEST_LINE:
        return None
    words = values.as_text(line).lstrip("\ufeff").partition("#")[0].split()
    address = values.address(words[0]) if len(words) > 1 else None
    if address is None or not all(_NAME.fullmatch(one) for one in words[1:]):
        return None
    return address, words[1:]


def _is_nowhere(address: str) -> bool:
    found = ip_address(address)
    return (
        found.is_loopback or found.is_unspecified or found.is_multicast or address.startswith("fe")
    )
