"""Logs that several devices write into, such as a central syslog: each line has its own form."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.line_forms import form_of, read_line, tables_for
from quetsach.formats.shared import text_lines
from quetsach.formats.shared.peeling import peel
from quetsach.formats.shared.syslog import clock_of, lacks_year
from quetsach.formats.shared.text_lines import first_lines

DATASET = "mixed.log"
"""The data set of a file of mixed lines; its lines have their own."""


class MixedLog:
    """Each line is read by the form that it has itself."""

    name = "mixed-log"
    title = N_("Log of several devices (central syslog, JSON of a collector)")
    reads = N_("each line by its own form; a line of unknown form is to be looked at")

    def recognise(self, head: bytes) -> bool:
        """Return whether some of the first lines are of a known form."""
        return bool(forms_of(head)[0])

    def layout(self, head: bytes) -> LogLayout:
        """Return where most heads carry their hour; lines of DHCP are wanted wherever they are."""
        lines = list(first_lines(head))
        clocks = Counter(clock for line in lines if (clock := clock_of(line)) is not None)
        return LogLayout(
            DATASET,
            clock=clocks.most_common(1)[0][0] if clocks else None,
            marker=b"DHCP",
            needs_date=any(map(lacks_year, lines)),
            translates=True,
        )

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a line."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            record = read_line(line, zone, layout.taken_us)
            rows.add(offset, text_lines.read(line, zone) if record is None else record)
        return rows


def forms_of(head: bytes) -> tuple[list[tuple[str, int]], int]:
    """Return the names of the first lines' formats and their numbers, most first; all lines."""
    lines = list(first_lines(head))
    return Counter(form_names(lines)).most_common(), len(lines)


_PEELED_AT_ONCE = 26
"""More than half of the first lines: who counts them often needs no more."""


def form_names(lines: Sequence[bytes]) -> Iterator[str]:
    """Yield the name of the format of each line whose form is known."""
    for first in range(0, len(lines), _PEELED_AT_ONCE):
        peeled = [peel(line, UTC, None) for line in lines[first : first + _PEELED_AT_ONCE]]
        tables = tables_for(layer for layers in peeled for layer in layers)
        for layers in peeled:
            form = form_of(layers, tables)
            if form is not None:
                yield form.name
