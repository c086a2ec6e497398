"""Any text at all: a time if the line writes one without doubt."""

from collections.abc import Iterable
from typing import cast

from quetsach.clocks import Zone
from quetsach.errors import N_
from quetsach.formats import unknown_lines
from quetsach.formats.contract import Layout, Line, Rows
from quetsach.schema import Event


class Text:
    """The fall-back: every line is an event, of which little is known."""

    name = "text"
    title = N_("Any other text log")
    reads = N_("the time where a line shows it; a line names no device, and is to be looked at")

    def recognise(self, head: bytes) -> bool:
        """Return True for all but binary data: this one comes last."""
        return b"\x00" not in head

    def layout(self, head: bytes) -> Layout:  # noqa: ARG002
        """Return the one layout there is."""
        return Layout(dataset=unknown_lines.UNKNOWN)

    def relayout(self, line: bytes, layout: Layout) -> Layout | None:  # noqa: ARG002
        """Return None: nothing is known that could change."""
        return None

    def parse(self, lines: Iterable[Line], layout: Layout, zone: Zone) -> Rows:  # noqa: ARG002
        """Return one event for each line that is not blank."""
        rows = Rows()
        for offset, line in lines:
            if line.strip():
                rows.events.append((offset, cast("Event", unknown_lines.read(line, zone))))
            else:
                rows.skipped.append(offset)
        return rows
