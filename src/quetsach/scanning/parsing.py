"""The chosen lines of a split, parsed in batches that cut no record.

An event of a record of several lines has
the offset of the line that begins it, which stands for all of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from quetsach.formats.contract import Format, Line, LogLayout, ParsedLines, Reject
from quetsach.formats.line_forms import second_look
from quetsach.formats.persons import masked, persons_in
from quetsach.formats.registry import by_name
from quetsach.formats.shared import text_lines
from quetsach.scanning.activity import HourlyActivity, TrafficPairs
from quetsach.scanning.batch_matching import BatchMatcher
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.line_outcomes import (
    LineOutcome,
    RecordSighting,
    SplitAccount,
    judge,
)
from quetsach.scanning.matching import match_event
from quetsach.scanning.plan import Split
from quetsach.scanning.rows import LeaseRows, SightingRows
from quetsach.schema import Event

if TYPE_CHECKING:
    from quetsach.scanning.column_parsing import ColumnOutcome, ColumnParser

LINES_AT_ONCE = 4096
"""How many lines are parsed at a time: a block may hold a million, and each becomes an event."""

FEWEST_IN_COLUMNS = 64
"""From how many candidates at a time on it is worth while to take lines in columns."""

_MOST_WAITING = 4 << 20
"""How many bytes of lines wait for others at most."""

MOST_LINES = 4096
"""A record with more lines is not a record; the lines so far are handed on."""


class LineParser:
    """The parser of one split: lines in; sightings, leases, traffic pairs and the account out."""

    def __init__(self, split: Split, tools: WorkerTools, account: SplitAccount) -> None:
        self._file, self._tools, self._account = split.file, tools, account
        self._format: Format = by_name(split.format)
        starts = split.layout.record
        self._matcher = BatchMatcher(tools.lookup, tools.sieve, tools.clock_us)
        self._columns: ColumnParser | None = None
        self._layout: LogLayout | None = None
        self._waiting: list[Line] = []
        self._among: set[int] = set()
        self._bytes = 0
        self._marks: dict[int, str] = {}
        self._records = None if starts is None else WholeRecords(starts)
        self.sightings = SightingRows(
            split.shown,
            mask_persons=tools.job.options.mask_persons,
            hold_doubtful=tools.job.options.hold_doubtful,
        )
        self.leases = LeaseRows()
        self.traffic = TrafficPairs()

    def mark(self, marks: Mapping[int, str]) -> None:
        """Take the marks, by offset, of the candidates that come next; see digests.py."""
        if self._records is None:
            self._marks.update(marks)

    def parse_lines(self, lines: list[Line], candidates: set[int], layout: LogLayout) -> None:
        """Parse chosen lines, in the order of the file; `candidates` (offsets) are among them.

        Any number may come at once; they are parsed LINES_AT_ONCE at a time. Some may wait for
        others of the same layout, until `parse_waiting` or `finish` is called.
        """
        if self._records is None:
            if layout is not self._layout:
                self.parse_waiting()
                self._layout = layout
            self._waiting += lines
            self._among |= candidates
            self._bytes += sum(map(len, [line for _, line in lines]))
            if len(self._waiting) >= LINES_AT_ONCE or self._bytes >= _MOST_WAITING:
                self.parse_waiting()
            return
        for place in range(0, len(lines), LINES_AT_ONCE):
            batch = lines[place : place + LINES_AT_ONCE]
            among = {offset for offset, _ in batch if offset in candidates}
            for whole, inside in self._records.add(batch, among):
                self._parse(whole, inside, layout)

    def parse_waiting(self) -> None:
        """Parse the lines that wait."""
        lines, candidates, layout = self._waiting, self._among, self._layout
        self._waiting, self._among, self._bytes = [], set(), 0
        self.sightings.mark(self._marks)
        for place in range(0, len(lines), LINES_AT_ONCE):
            batch = lines[place : place + LINES_AT_ONCE]
            among = {offset for offset, _ in batch if offset in candidates}
            if layout is not None:
                self._parse(batch, among, layout)
        # Those of lines that come next, of another layout, are here already.
        last = lines[-1][0] if lines else -1
        self._marks = {offset: mark for offset, mark in self._marks.items() if offset > last}

    def finish(self, layout: LogLayout) -> None:
        """Parse the lines that wait, and those of the last record."""
        self.parse_waiting()
        for whole, among in self._records.rest() if self._records is not None else ():
            self._parse(whole, among, layout)

    def read_ends(self, hours: HourlyActivity, layout: LogLayout) -> None:
        """Take the period of the log from its first and last line, and forget those."""
        ends = [end[1] for end in (hours.first_line, hours.last_line) if end]
        lines = list(enumerate(ends))
        rows = self._format.parse(lines, layout, self._tools.zone)
        if self._records is None:
            # The last line of a server's syslog may be of any program.
            rows = second_look(rows, lines, self._tools.zone, layout.taken_us)
        self.traffic.add_times(rows.events)
        hours.first_line = hours.last_line = None

    def _parse(self, lines: list[Line], candidates: set[int], layout: LogLayout) -> None:
        columns = self._in_columns(len(candidates))
        outcome = None if columns is None else columns.parse(lines, candidates, layout)
        if outcome is not None:
            lines = self._count(outcome)
            candidates = {offset for offset, _ in lines if offset in candidates}
        rows = self._format.parse(lines, layout, self._tools.zone) if lines else ParsedLines()
        if self._records is None:
            rows = second_look(rows, lines, self._tools.zone, layout.taken_us)
            rows = look_at_rejects(rows, lines, candidates, self._tools)
        self.leases.add(rows.events, self._file)
        if columns is not None and outcome is None:
            outcome = columns.judge(lines, rows, candidates)
            if outcome is not None:
                lines = self._count(outcome)
                left = {offset for offset, _ in lines}
                candidates = candidates & left
                rows.events = [event for event in rows.events if event[0] in left]
        self.traffic.add(rows.events)
        sightings = self._judge(lines, rows, candidates)
        if outcome is None:
            self.sightings.add(sightings)
        else:
            self.sightings.add_columns(outcome.columns, outcome.met, sightings)

    def _in_columns(self, count: int) -> "ColumnParser | None":
        """Return what takes lines in columns, None where `count` candidates are too few for it."""
        tools = self._tools
        if count < FEWEST_IN_COLUMNS or self._records is not None or tools.job.options.mask_persons:
            return None
        if self._columns is None:
            # Few splits have so many lines to parse that they need it.
            from quetsach.scanning.column_matching import ColumnMatcher
            from quetsach.scanning.column_parsing import ColumnParser

            matcher = ColumnMatcher(tools.lookup, tools.sieve, tools.clock_us)
            self._columns = ColumnParser(self._format, tools, matcher, self.traffic)
            self._matcher = matcher
        return self._columns

    def _count(self, outcome: "ColumnOutcome") -> list[Line]:
        """Count the lines that were taken in columns; return the others."""
        lines = LineOutcome(sighting_lines=outcome.sighting_lines, no_match=outcome.no_match)
        lines.forms.lines = outcome.taken
        self._account.add(lines)
        return outcome.rest

    def _judge(
        self, lines: list[Line], rows: ParsedLines, candidates: set[int]
    ) -> list[RecordSighting]:
        if self._records is not None:
            parsed = {offset for offset, _ in rows.events}
            parsed |= {reject.offset for reject in rows.rejects}
            before = len(candidates)
            lines, candidates = self._records.join_by_event(lines, candidates, parsed)
            self._account.joined(before - len(candidates))
        if not lines:
            return []
        outcome = judge(lines, rows, candidates, self._tools, self._matcher)
        self._account.add(outcome)
        for reject in rows.rejects:
            self._account.reject(self._kept(reject))
        return outcome.sightings

    def _kept(self, reject: Reject) -> Reject:
        if not self._tools.job.options.mask_persons:
            return reject
        excerpt = reject.excerpt.decode("utf-8", "backslashreplace")
        return replace(reject, excerpt=masked(excerpt, persons_in(reject.excerpt)).encode())


def look_at_rejects(
    rows: ParsedLines, lines: Sequence[Line], candidates: set[int], tools: WorkerTools
) -> ParsedLines:
    """Return `rows` with the rejects that name an indicator as lines of text: to be looked at.

    Who damages the line that tells of a contact must not take it out of sight.
    """
    refused = {reject.offset for reject in rows.rejects} & candidates
    if not refused:
        return rows
    named: dict[int, Event] = {}
    for offset, line in lines:
        if offset in refused:
            event = cast("Event", text_lines.read(line, tools.zone))
            if any(True for _ in match_event(event, line, tools.lookup, tools.clock_us)):
                named[offset] = event
    if not named:
        return rows
    result = ParsedLines(skipped=rows.skipped)
    result.rejects = [reject for reject in rows.rejects if reject.offset not in named]
    result.events = sorted([*rows.events, *named.items()], key=lambda row: row[0])
    return result


@dataclass
class WholeRecords:
    """Lines on their way to a parser; those of a record that may go on are kept back.

    Shapes: `starts` begin the first line of a record. With a candidate's offset goes its line.
    """

    starts: bytes | tuple[bytes, ...]
    _lines: list[Line] = field(default_factory=list)
    _candidates: set[int] = field(default_factory=set)

    def add(
        self, lines: Sequence[Line], candidates: set[int]
    ) -> Iterator[tuple[list[Line], set[int]]]:
        """Yield the lines up to the last record that began, with the candidates of them."""
        self._lines += lines
        self._candidates |= candidates
        last = next(
            (
                place
                for place in range(len(self._lines) - 1, -1, -1)
                if self._lines[place][1].startswith(self.starts)
            ),
            0,
        )
        if len(self._lines) - last > MOST_LINES:
            last = len(self._lines)
        if last:
            yield self._take(last)

    def rest(self) -> Iterator[tuple[list[Line], set[int]]]:
        """Yield what is left at the end of the file."""
        if self._lines:
            yield self._take(len(self._lines))

    def join_by_event(
        self, lines: Sequence[Line], candidates: set[int], parsed: set[int]
    ) -> tuple[list[Line], set[int]]:
        """Return the lines that belong to one event as one line, and the candidates among those.

        Shapes: `parsed` are the offsets of events and rejects; any other line belongs to the
        parsed line before it in its record, which is a candidate where any of its lines is.
        """
        joined: list[tuple[int, list[bytes]]] = []
        among: set[int] = set()
        for offset, line in lines:
            begins = offset in parsed or line.startswith(self.starts)
            if not joined or begins or joined[-1][0] not in parsed:
                joined.append((offset, []))
            joined[-1][1].append(line)
            if offset in candidates:
                among.add(joined[-1][0])
        return [(offset, b"\n".join(parts)) for offset, parts in joined], among

    def _take(self, count: int) -> tuple[list[Line], set[int]]:
        lines, self._lines = self._lines[:count], self._lines[count:]
        offsets = {offset for offset, _ in lines}
        candidates = self._candidates & offsets
        self._candidates -= offsets
        return lines, candidates
