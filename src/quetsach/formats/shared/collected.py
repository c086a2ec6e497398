"""The first line of what quetsach-collect took on a PC: which machine it was, and when.

`# quetsach-collect 1 holds=netstat host=PC-VT-07 mac=00-17-A4-B2-C3-D4 address=10.20.3.41
taken=2026-09-01T08:15:22+07:00`, on one line. Source: collect/README.md.
"""

import re
from dataclasses import dataclass, replace

from quetsach.clocks import us_from_iso
from quetsach.formats.contract import LogLayout
from quetsach.formats.shared import values
from quetsach.schema import Event

HEADER = b"# quetsach-collect "
"""What begins the line; where several collections were put behind one another, each has its own."""

_LONGEST = 1024
# Tried at the start of a word alone, so that a long one is not walked from each of its letters.
_WORD = re.compile(rb"(?<!\w)(\w+)=(\S+)")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class CollectedMachine:
    """The machine that the lines speak of; None where its collector could not tell."""

    host: str | None = None
    mac: str | None = None
    address: str | None = None


def holds(head: bytes) -> str | None:
    """Return what a collected file says it holds, or None if it is no collected file."""
    told = heading_values(head.removeprefix(_BOM).partition(b"\n")[0])
    return None if told is None else told.get("holds", "")


def layout_of(dataset: str, head: bytes, columns: tuple[str, ...] = ()) -> LogLayout:
    """Return the layout of a file: dated by its first line, else by the file's own date."""
    bare = LogLayout(dataset, columns=(None, None, None, *columns), header=HEADER, needs_date=True)
    return relayout(head.removeprefix(_BOM).partition(b"\n")[0], bare) or bare


def relayout(line: bytes, layout: LogLayout) -> LogLayout | None:
    """Return the layout from a collector's line on, None if it is none or changes nothing."""
    heading = heading_values(line)
    if heading is None:
        return None
    machine = (heading.get("host"), mac_in(heading), address_in(heading))
    when = taken_us(heading)
    changed = replace(
        layout,
        columns=(*machine, *layout.columns[3:]),
        taken_us=when,
        taken_from_name=when is not None,
        needs_date=when is None,
    )
    return None if changed == layout else changed


def machine_of(layout: LogLayout) -> CollectedMachine:
    """Return the machine that the lines under `layout` speak of."""
    return CollectedMachine(*layout.columns[:3])


def begin(layout: LogLayout, *, rough: bool = False) -> Event:
    """Return an event of that machine at that time; `rough` where the thing itself has no time."""
    event: Event = {"event.dataset": layout.dataset}
    machine = machine_of(layout)
    if machine.host is not None:
        event["host.name"] = machine.host
    if machine.mac is not None:
        event["host.mac"] = machine.mac
    if machine.address is not None:
        event["source.ip"] = machine.address
    elif machine.host is not None:
        # Its collector found no address: its name is what is left.
        event["quetsach.host.end"] = "source"
    if layout.taken_us is not None:
        event["@timestamp"] = layout.taken_us
        if rough or not layout.taken_from_name:
            event["quetsach.time.rough"] = True
    return event


def is_reached(event: Event) -> None:
    """Say that the machine itself is the end that was reached, where its name speaks for it."""
    if "quetsach.host.end" in event:
        event["quetsach.host.end"] = "destination"


def is_comment(line: bytes) -> bool:
    """Return whether a line has no content: blank, or a comment."""
    stripped = line.removeprefix(_BOM).strip()
    return not stripped or stripped.startswith(b"#")


def mac_in(heading: dict[str, str]) -> str | None:
    """Return the hardware address that a heading names."""
    return values.mac(heading.get("mac"))


def address_in(heading: dict[str, str]) -> str | None:
    """Return the address that a heading names, None for what no machine has of its own."""
    return values.assignable_address(heading.get("address"))


def taken_us(heading: dict[str, str]) -> int | None:
    """Return when it was taken, in us since 1970 UTC, by the clock of that machine."""
    return us_from_iso(heading.get("taken", ""), None)


def heading_values(line: bytes) -> dict[str, str] | None:
    """Return what a collector's first line says by its words, None where `line` is none."""
    if not line.removeprefix(_BOM).startswith(HEADER) or len(line) > _LONGEST:
        return None
    return {
        key.decode(): values.as_text(value)
        for key, value in _WORD.findall(line)
        if len(value) < 256
    }
