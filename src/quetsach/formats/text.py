"""Any text at all: a time if the line writes one without doubt."""

from collections.abc import Iterable

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import text_lines


class FreeText:
    """The fall-back: every line is an event, of which little is known."""

    name = "text"
    title = N_("Any other text log")
    reads = N_("the time where a line shows it; a line names no device, and is to be looked at")

    def recognise(self, head: bytes) -> bool:
        """Return True for all but binary data: this one comes last."""
        return b"\x00" not in head

    def layout(self, head: bytes) -> LogLayout:  # noqa: ARG002
        """Return the one layout there is."""
        return LogLayout(dataset=text_lines.UNKNOWN)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event for each line that is not blank."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            rows.add(offset, text_lines.read(line, zone))
        return rows
