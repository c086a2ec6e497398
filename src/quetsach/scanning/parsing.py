"""Which lines of a split are parsed, and the batches they are parsed in, which cut no record.

Parsed are the candidates of the sieve and some others. An event of a record of several lines has
the offset of the line that begins it, which stands for all of it.
Shapes: a chosen line is (start, end) in the segment, without its newline.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Self, TypeAlias, cast

from quetsach.evidence.lines import LineBlock
from quetsach.formats.contract import Format, Line, LogLayout, ParsedLines, Reject
from quetsach.formats.line_forms import second_look
from quetsach.formats.persons import masked, persons_in
from quetsach.formats.registry import by_name
from quetsach.formats.shared import text_lines
from quetsach.scanning.activity import HourlyActivity, TrafficPairs
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.line_outcomes import SplitAccount, judge
from quetsach.scanning.matching import match_event
from quetsach.scanning.plan import Split
from quetsach.scanning.rows import LeaseRows, SightingRows
from quetsach.schema import Event
from quetsach.sieve.contract import SieveResult

HEAD_LINES = 200
"""How many first lines of a file are parsed in full, so that a misread log never looks clean."""

SAMPLES = 2048
"""About how many lines of a file are parsed in full to learn which client asks which server."""

CLOSEST_SAMPLES = 64 * 1024
"""A small file has one such line in so many bytes."""

ChosenLine: TypeAlias = tuple[int, tuple[int, bool]]
"""Start of a line, its end, and whether it is a candidate."""


@dataclass
class LineChooser:
    """The choice of the lines of one split that are parsed.

    Shapes: `head_offsets` are those of the file's first lines, filled in as they pass.
    Units: one line in every `sample_bytes` is a sample.
    """

    has_head: bool
    sample_bytes: int
    head_offsets: set[int] = field(default_factory=set)

    @classmethod
    def of_split(cls, split: Split) -> Self:
        """Return the chooser for `split`."""
        return cls(not split.offset, max(CLOSEST_SAMPLES, split.file_size // SAMPLES))

    def choose(
        self, segment: bytes, size: int, base: int, scan: SieveResult, layout: LogLayout
    ) -> list[ChosenLine]:
        """Return the lines of the first `size` bytes of `segment` to parse, in order.

        Shapes: `base` is the offset of the segment in the evidence.
        """
        chosen: dict[int, tuple[int, bool]] = {s: (e, True) for s, e in scan.candidates}
        # A log of leases has b"" for its marker: each of its lines says who held an address.
        marked = filled_lines(segment, size) if layout.marker == b"" else scan.marked
        extra = [*marked, *self._head_lines(segment, size, base)]
        extra += samples(segment, size, base, self.sample_bytes)
        extra += cut_line(segment, size)
        for start, end in extra:
            chosen.setdefault(start, (end, False))
        return sorted(chosen.items())

    def _head_lines(self, segment: bytes, size: int, base: int) -> Iterator[tuple[int, int]]:
        """Yield the first lines of a file that were not chosen yet."""
        if not self.has_head:
            return
        for start, end in islice(all_lines(segment, size), HEAD_LINES - len(self.head_offsets)):
            self.head_offsets.add(base + start)
            yield start, end


def header_at(block: LineBlock, header: bytes, start: int) -> int:
    """Return where the next line from the line start `start` on begins with `header`, or -1."""
    if block.data.startswith(header, start, block.size):
        return start
    newline = block.data.find(b"\n" + header, start, block.size)
    return newline + 1 if newline >= 0 else -1


def all_lines(segment: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield every line of the first `size` bytes."""
    place = 0
    while place < size:
        end = segment.find(b"\n", place, size)
        end = size if end < 0 else end
        yield place, end
        place = end + 1


def filled_lines(segment: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that are not empty; a log may hold millions that are."""
    return ((start, end) for start, end in all_lines(segment, size) if start < end)


def cut_line(segment: bytes, size: int) -> list[tuple[int, int]]:
    """Return the last line where it has no end: what broke off must not pass as a quiet line."""
    if segment.endswith(b"\n", 0, size):
        return []
    return [(segment.rfind(b"\n", 0, size) + 1, size)]


def samples(segment: bytes, size: int, base: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold a byte at a multiple of `step` in the evidence."""
    for place in range(-base % step, size, step):
        end = segment.find(b"\n", place, size)
        yield segment.rfind(b"\n", 0, place) + 1, size if end < 0 else end


LINES_AT_ONCE = 4096
"""How many lines are parsed at a time: a block may hold a million, and each becomes an event."""

MOST_LINES = 4096
"""A record with more lines is not a record; the lines so far are handed on."""


class LineParser:
    """The parser of one split: lines in; sightings, leases, traffic pairs and the account out."""

    def __init__(self, split: Split, tools: WorkerTools, account: SplitAccount) -> None:
        self._file, self._tools, self._account = split.file, tools, account
        self._format: Format = by_name(split.format)
        starts = split.layout.record
        self._records = None if starts is None else WholeRecords(starts)
        self.sightings = SightingRows(split.shown, mask_persons=tools.job.options.mask_persons)
        self.leases = LeaseRows()
        self.traffic = TrafficPairs()

    def parse_chosen(
        self, segment: bytes, base: int, chosen: Sequence[ChosenLine], layout: LogLayout
    ) -> None:
        """Parse the `chosen` lines of a segment that begins at `base` in the evidence."""
        for place in range(0, len(chosen), LINES_AT_ONCE):
            batch = chosen[place : place + LINES_AT_ONCE]
            lines: list[Line] = [(base + s, segment[s:e]) for s, (e, _) in batch]
            candidates = {base + s for s, (_, is_candidate) in batch if is_candidate}
            if self._records is None:
                self._parse(lines, candidates, layout)
            else:
                for whole, among in self._records.add(lines, candidates):
                    self._parse(whole, among, layout)

    def finish(self, layout: LogLayout) -> None:
        """Parse the lines of the last record."""
        for whole, among in self._records.rest() if self._records is not None else ():
            self._parse(whole, among, layout)

    def read_ends(self, hours: HourlyActivity, layout: LogLayout) -> None:
        """Take the period of the log from its first and last line, and forget those."""
        ends = [end[1] for end in (hours.first_line, hours.last_line) if end]
        rows = self._format.parse(list(enumerate(ends)), layout, self._tools.zone)
        self.traffic.add_times(rows.events)
        hours.first_line = hours.last_line = None

    def _parse(self, lines: list[Line], candidates: set[int], layout: LogLayout) -> None:
        rows = self._format.parse(lines, layout, self._tools.zone)
        if self._records is None:
            rows = second_look(rows, lines, self._tools.zone, layout.taken_us)
            rows = look_at_rejects(rows, lines, candidates, self._tools)
        self.traffic.add(rows.events)
        self.leases.add(rows.events, self._file)
        if self._records is not None:
            parsed = {offset for offset, _ in rows.events}
            parsed |= {reject.offset for reject in rows.rejects}
            before = len(candidates)
            lines, candidates = self._records.join_by_event(lines, candidates, parsed)
            self._account.joined(before - len(candidates))
        outcome = judge(lines, rows, candidates, self._tools)
        self._account.add(outcome)
        for reject in rows.rejects:
            self._account.reject(self._kept(reject))
        self.sightings.add(outcome.sightings)

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
