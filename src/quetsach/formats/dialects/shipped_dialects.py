"""The dialects that come with quetsach, each as a format of its own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC
from functools import cache
from importlib.resources import files

from quetsach.clocks import Zone
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.dialects.dialect import Dialect, load
from quetsach.formats.dialects.reading import best_of, is_ours, leaves_out_its_year, read_layer
from quetsach.formats.shared import text_lines
from quetsach.formats.shared.peeling import LineLayer, asked, peel
from quetsach.formats.shared.syslog import clock_of, lacks_year
from quetsach.formats.shared.text_lines import first_lines
from quetsach.sieve.contract import LineClock

_BEFORE_A_VALUE = {
    "pairs": (b" %s=", b' %s="', b",%s=", b"|%s=", b' %s:"', b' %s: "'),
    "cef": (b" %s=", b"|%s="),
    "leef": (b"\t%s=", b"|%s=", b"^%s="),
    "json": (b'"%s":"', b'"%s": "'),
}
"""What stands before the value of a token, by the kind of dialect; elsewhere a file must say."""


class DialectFormat:
    """A format whose every line is read by one dialect; lines of others are text."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.name, self.title, self.reads = dialect.name, dialect.title, dialect.reads

    def takes(self, layer: LineLayer) -> bool:
        """Return whether a layer of a line has the signature of this dialect."""
        return is_ours(self.dialect, layer)

    def recognise(self, head: bytes) -> bool:
        """Return whether more than half of the first lines are of this dialect."""
        lines = list(first_lines(head))
        return 2 * sum(self._is_ours(line) for line in lines) > len(lines)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is, by the first line that is of this dialect."""
        line = next(filter(self._is_ours, first_lines(head)), b"")
        dialect = self.dialect
        return LogLayout(
            dialect.dataset,
            clock=self._clock(line),
            marker=dialect.marker,
            needs_date=any(map(lacks_year, first_lines(head))) or self._leaves_out_its_year(line),
            translates=dialect.translates,
            utc=dialect.time.zone == "utc",
        )

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a line; lines of another form as `text`."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            layers = peel(line, zone, layout.taken_us)
            record = best_of(
                read_layer(self.dialect, layer, zone, layout.taken_us)
                for layer in asked(layers, self.takes)
            )
            rows.add(offset, text_lines.read(line, zone) if record is None else record)
        return rows

    def _leaves_out_its_year(self, line: bytes) -> bool:
        ours = filter(self.takes, peel(line, UTC, None))
        return any(leaves_out_its_year(self.dialect, layer) for layer in ours)

    def _clock(self, line: bytes) -> LineClock | None:
        """Return where the hour is, and what stands before the client's address."""
        clock = self.dialect.clock or clock_of(line)
        if clock is None or clock.client:
            return clock
        signs = _BEFORE_A_VALUE.get(self.dialect.kind, ())
        names = self.dialect.fields.get("source.ip", ())
        needles = (form % name.encode() for name in names for form in signs)
        return replace(clock, client=next((one for one in needles if one in line), b""))

    def _is_ours(self, line: bytes) -> bool:
        return any(map(self.takes, peel(line, UTC, None)))


@cache
def dialect_formats() -> tuple[DialectFormat, ...]:
    """Return the shipped dialects, in the order in which a line is shown to them.

    Errors: DialectError where a file of them is wrong.
    """
    dialects = [
        load(path.read_text(encoding="utf-8"), path.name)
        for path in files("quetsach.formats.dialects").joinpath("shipped").iterdir()
        if path.name.endswith(".toml")
    ]
    return tuple(map(DialectFormat, sorted(dialects, key=lambda one: (one.order, one.name))))
