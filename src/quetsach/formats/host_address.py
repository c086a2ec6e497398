"""A machine's own word on its addresses, as quetsach-collect writes it: address, MAC, adapter.

It counts like a neighbour table: the machine was seen with that address at that time.
"""

from collections.abc import Iterable
from dataclasses import replace

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import collected, values
from quetsach.schema import Event

_LONGEST_LINE = 1024
_NOT_ITS_OWN = ("127.", "169.254.", "fe80:")


class HostAddress:
    """Reads which addresses and hardware addresses a machine had when it was collected from."""

    name = "host-address"
    title = N_("Addresses of a machine (quetsach-collect)")
    reads = N_("the machine's addresses with the hardware address of each, when it was taken")

    def recognise(self, head: bytes) -> bool:
        """Return whether the first line says that addresses are held here."""
        return collected.holds(head) == "address"

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout: every line says who held an address."""
        return replace(collected.layout_of("host.address", head), marker=b"")

    relayout = staticmethod(collected.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event an address; those that mean nothing outside the machine are skipped."""
        rows = ParsedLines()
        for offset, line in lines:
            cells = values.as_text(line[:_LONGEST_LINE]).rstrip("\r").split("\t")
            address = values.assignable_address(cells[0])
            mac = values.mac(cells[1]) if len(cells) > 1 else None
            if collected.is_comment(line):
                rows.skipped.append(offset)
            elif address is None or mac is None:
                rows.reject(offset, "not-an-address", line)
            elif address.startswith(_NOT_ITS_OWN) or address == "::1":
                rows.skipped.append(offset)
            else:
                rows.add(offset, _event(address, mac, layout))
        return rows


def _event(address: str, mac: str, layout: LogLayout) -> Event:
    event = collected.begin(layout)
    event["event.type"] = "info"
    event["source.ip"] = address
    event["host.ip"] = address
    event["host.mac"] = mac
    event["quetsach.lease.act"] = "seen"
    return event
