"""Connections as a table with named columns: Get-NetTCPConnection, exported or collected.

Source: the documentation of Get-NetTCPConnection and Export-Csv. `CreationTime` is written in the
machine's own way unless our collector wrote it, and is then not read.
"""

from collections.abc import Iterable

from quetsach.clocks import Zone, us_from_iso
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import collected, values
from quetsach.formats.shared.tables import heading_of, row_of
from quetsach.schema import Event

_NEEDED = ("LocalAddress", "LocalPort", "RemoteAddress", "RemotePort")
# The numbers of Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetTCPConnection.State.
_STATES = {"2": "Listen", "3": "SynSent", "4": "SynReceived", "5": "Established", "11": "TimeWait"}
_ASKED = "SynSent"
_ANSWERED = ("Established", "TimeWait", "CloseWait", "FinWait1", "FinWait2", "LastAck", "Closing")
_FIRST_FREE_PORT = 1024
_PROGRAMS = ("ProcessPath", "Path", "ProcessName", "Process")
_PROCESSES = ("OwningProcess", "PID")


class HostTcpTable:
    """Reads connections with their process from the table of Windows 8 and later."""

    name = "host-tcp-table"
    title = N_("Connections of a machine (Get-NetTCPConnection)")
    reads = N_("each connection with both ends, state and the time it was made, if that is clear")

    def recognise(self, head: bytes) -> bool:
        """Return whether a heading with the columns of this table is near the beginning."""
        return heading_of(head, _NEEDED) is not None

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout with the columns in their order."""
        return collected.layout_of("host.tcp", head, heading_of(head, _NEEDED) or ())

    relayout = staticmethod(collected.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a row; the heading is skipped."""
        rows = ParsedLines()
        for offset, line in lines:
            if collected.is_comment(line):
                rows.skipped.append(offset)
                continue
            row = row_of(line, layout.columns[3:])
            if row is None:
                rows.reject(offset, "not-a-row", line)
            elif row["LocalAddress"] == "LocalAddress":
                rows.skipped.append(offset)
            elif values.address(row["LocalAddress"]) is None:
                rows.reject(offset, "no-address", line)
            else:
                rows.add(offset, _event(row, layout))
        return rows


def _event(row: dict[str, str], layout: LogLayout) -> Event:
    event = collected.begin(layout)
    made = us_from_iso(row.get("CreationTime", ""), None)
    if made is not None:
        event["event.start"] = made
    event["network.transport"] = "tcp"
    state = _STATES.get(row.get("State", ""), row.get("State", ""))[:40]
    if state:
        event["event.action"] = state
    if state == _ASKED:
        event["event.outcome"] = "failure"
    elif state in _ANSWERED:
        event["event.outcome"] = "success"
    _put_ends(event, row)
    _put_program(event, row)
    event["event.type"] = "connection" if "destination.ip" in event else "info"
    return event


def _put_program(event: Event, row: dict[str, str]) -> None:
    name = next((row[column] for column in _PROGRAMS if row.get(column)), "")
    if "\\" in name:
        event["process.executable"] = name[:1024]
    if name:
        event["process.name"] = name.rpartition("\\")[2][:255] or name[:255]
    number = values.count(next((row[one] for one in _PROCESSES if row.get(one)), None))
    if number:
        event["process.pid"] = number


def _put_ends(event: Event, row: dict[str, str]) -> None:
    own, own_port = (
        values.assignable_address(row["LocalAddress"]),
        values.parse_port(row["LocalPort"]),
    )
    other, other_port = (
        values.assignable_address(row["RemoteAddress"]),
        values.parse_port(row["RemotePort"]),
    )
    reached = (
        other is not None
        and own_port is not None
        and other_port is not None
        and 0 < own_port < _FIRST_FREE_PORT <= other_port
    )
    if reached:
        # No client picks a port below 1024 for itself: the other end came in.
        own, own_port, other, other_port = other, other_port, own, own_port
        collected.is_reached(event)
    if own is not None:
        event["source.ip"] = own
    if own_port:
        event["source.port"] = own_port
    if other is not None:
        event["destination.ip"] = other
        if other_port:
            event["destination.port"] = other_port
