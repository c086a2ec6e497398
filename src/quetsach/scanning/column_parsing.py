"""Many lines of a split parsed and matched in columns; what is not plain goes line by line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.formats.alike_keys import ALIKE
from quetsach.formats.contract import Format, Line, LogLayout, ParsedLines
from quetsach.formats.shared.alike_lines import alike_lines
from quetsach.formats.shared.event_columns import (
    ColumnFormat,
    EventColumns,
    columns_of,
    is_there,
)
from quetsach.scanning.activity import TrafficPairs
from quetsach.scanning.column_matching import ColumnMatcher, ColumnMatches
from quetsach.scanning.column_traffic import add_columns
from quetsach.scanning.grades import is_unknown
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.rows import ORIGINAL_BYTES

_MOST_ODD = 0.5


@dataclass(frozen=True)
class ColumnOutcome:
    """What became of the lines that were taken in columns.

    Shapes: `rest` are the lines that were not, and `taken` is how many were; `sighting_lines` and
    `no_match` count those that the sieve had let through.
    """

    columns: EventColumns
    met: ColumnMatches
    rest: list[Line]
    taken: int
    sighting_lines: int
    no_match: int


class ColumnParser:
    """The parser of a split's lines in columns."""

    def __init__(
        self, form: Format, tools: WorkerTools, matcher: ColumnMatcher, traffic: TrafficPairs
    ) -> None:
        self._form, self._keys = form, ALIKE.get(form.name)
        self._tools, self._matcher, self._traffic = tools, matcher, traffic
        self._is_off = False

    def parse(
        self, lines: Sequence[Line], candidates: set[int], layout: LogLayout
    ) -> ColumnOutcome | None:
        """Return what became of the lines that are plain; None where that is not worth it."""
        if self._is_off:
            return None
        columns = self._columns(lines, layout)
        if columns is None:
            return None
        if "host.ip" in columns.fields:
            # Who held an address is taken line by line.
            columns = _only(columns, pc.invert(is_there(columns.fields["host.ip"])))
        return self._judged(lines, candidates, columns)

    def _columns(self, lines: Sequence[Line], layout: LogLayout) -> EventColumns | None:
        form, zone = self._form, self._tools.zone
        if self._keys is None and not isinstance(form, ColumnFormat):
            return None
        short = lines
        if max(map(len, [line for _, line in lines])) > ORIGINAL_BYTES:
            short = [line for line in lines if len(line[1]) <= ORIGINAL_BYTES]
        if isinstance(form, ColumnFormat):
            return form.parse_columns(short, layout, zone)
        if self._keys is None or self._tools.sieve.name != "rust":
            return None
        return alike_lines(form.parse, self._keys, layout, zone).columns(short)

    def judge(
        self, lines: Sequence[Line], rows: ParsedLines, candidates: set[int]
    ) -> ColumnOutcome | None:
        """Return what became of those candidates that gave one event; None as above.

        Their leases are whole already.
        """
        if self._is_off:
            return None
        count = Counter(offset for offset, _ in rows.events)
        events = {
            offset: event
            for offset, event in rows.events
            if offset in candidates and count[offset] == 1 and not is_unknown(event)
        }
        whole = [
            (offset, line)
            for offset, line in lines
            if offset in events and len(line) <= ORIGINAL_BYTES and b"\n" not in line
        ]
        columns = columns_of(whole, [events[offset] for offset, _ in whole]) if whole else None
        return None if columns is None else self._judged(lines, candidates, columns)

    def _judged(
        self, lines: Sequence[Line], candidates: set[int], columns: EventColumns
    ) -> ColumnOutcome:
        offsets = [offset for offset, _ in columns.lines]
        is_looked_at, let_through = self._in_span(columns), len(offsets)
        if not candidates.issuperset(offsets):
            are_candidates = pa.array([offset in candidates for offset in offsets], pa.bool_())
            let_through = pc.sum(are_candidates).as_py() or 0
            is_looked_at = pc.and_(is_looked_at, are_candidates)
        looked_at = _only(columns, is_looked_at)
        met = self._matcher.match_columns(looked_at)
        # Most lines of some logs say something beside their fields: there it is no use.
        self._is_off = len(met.odd) > _MOST_ODD * len(lines)
        if met.odd:
            gone = {looked_at.lines[row][0] for row in met.odd}
            kept = pa.array([offset not in gone for offset, _ in columns.lines], pa.bool_())
            columns = _only(columns, kept)
            let_through -= len(gone)
        in_columns = len(columns.lines)
        if in_columns:
            add_columns(self._traffic, columns)
        rest: list[Line] = []
        if in_columns < len(lines):
            whole = {offset for offset, _ in columns.lines}
            rest = [line for line in lines if line[0] not in whole]
        return ColumnOutcome(looked_at, met, rest, in_columns, met.lines, let_through - met.lines)

    def _in_span(self, columns: EventColumns) -> pa.Array:
        """Return which events are within the span that is asked for; a time may be unknown."""
        options = self._tools.job.options
        inside = pa.repeat(pa.scalar(True), len(columns.lines))
        when = columns.fields.get("@timestamp")
        if when is None:
            return inside
        when = pc.add(when, self._tools.clock_us)
        if options.since_us is not None:
            inside = pc.and_(inside, pc.greater_equal(when, options.since_us).fill_null(True))
        if options.until_us is not None:
            inside = pc.and_(inside, pc.less(when, options.until_us).fill_null(True))
        return inside


def _only(columns: EventColumns, is_meant: pa.Array) -> EventColumns:
    if pc.all(is_meant).as_py():
        return columns
    return columns.take(pc.indices_nonzero(is_meant).cast(pa.int32()))
