"""The dialects that come with quetsach, each as a format of its own."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from functools import cache
from itertools import islice
from typing import Any

from quetsach.clocks import Zone
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.dialects.dialect import Dialect, load
from quetsach.formats.dialects.indexing import FOLDER, shipped_index
from quetsach.formats.dialects.line_clocks import LOOK_AT, line_clock
from quetsach.formats.dialects.reading import best_of, is_ours, leaves_out_its_year, read_layer
from quetsach.formats.shared import text_lines
from quetsach.formats.shared.peeling import LineLayer, layers_taken, peel
from quetsach.formats.shared.syslog import lacks_year
from quetsach.formats.shared.text_lines import first_lines


class DialectFormat:
    """A format whose every line is read by one dialect; lines of others are text."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.name, self.title, self.reads = dialect.name, dialect.title, dialect.reads

    def takes(self, layer: LineLayer) -> bool:
        """Return whether a layer of a line has the signature of this dialect."""
        return is_ours(self.dialect, layer)

    def read_layer(
        self, layer: LineLayer, zone: Zone, taken_us: int | None
    ) -> dict[str, Any] | None:
        """Return the fields of the event of a layer that has the signature of this dialect."""
        return read_layer(self.dialect, layer, zone, taken_us)

    def recognise(self, head: bytes) -> bool:
        """Return whether more than half of the first lines are of this dialect."""
        lines = list(first_lines(head))
        return 2 * sum(self._is_ours(line) for line in lines) > len(lines)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is, by the first line that is of this dialect."""
        lines = list(islice(self._ours(first_lines(head)), LOOK_AT))
        dialect = self.dialect
        return LogLayout(
            dialect.dataset,
            clock=line_clock(dialect, lines, UTC),
            marker=dialect.marker,
            needs_date=any(map(lacks_year, first_lines(head)))
            or any(leaves_out_its_year(dialect, layer) for _, layer in lines[:1]),
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
                for layer in layers_taken(layers, self.takes)
            )
            rows.add(offset, text_lines.read(line, zone) if record is None else record)
        return rows

    def _ours(self, lines: Iterable[bytes]) -> Iterator[tuple[bytes, LineLayer]]:
        """Yield the lines that are of this dialect, each with the layer that is."""
        for line in lines:
            layer = next(layers_taken(peel(line, UTC, None), self.takes), None)
            if layer is not None:
                yield line, layer

    def _is_ours(self, line: bytes) -> bool:
        return any(True for _ in self._ours([line]))


@cache
def dialect_format(name: str) -> DialectFormat:
    """Return the shipped dialect of this name, read once.

    Errors: KeyError where there is none; DialectError where its file is wrong.
    """
    file = _files()[name]
    return DialectFormat(load((FOLDER / file).read_text("utf-8"), file))


def dialect_formats() -> tuple[DialectFormat, ...]:
    """Return all shipped dialects, in the order in which a line is shown to them.

    Errors: DialectError where a file of them is wrong.
    """
    return tuple(dialect_format(one.name) for one in shipped_index().dialects)


@cache
def _files() -> dict[str, str]:
    return {one.name: one.file for one in shipped_index().dialects}
