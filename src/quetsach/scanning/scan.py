"""The scan of one split: a pure function of the split and the job, mapped by every engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeAlias

from quetsach.containers.refusal import DamagedDataError
from quetsach.errors.exceptions import Problem
from quetsach.evidence.lines import LONGEST_LINE, LineBlock, ShrunkError, SplitStream, line_blocks
from quetsach.formats.contract import Format, Line, LogLayout, Reject
from quetsach.formats.registry import by_name
from quetsach.scanning.activity import HourlyActivity, TrafficPairs
from quetsach.scanning.job import LineCounts, WorkerTools
from quetsach.scanning.line_outcomes import (
    LineOutcome,
    WholeRecords,
    all_lines,
    cut_line,
    filled_lines,
    header_at,
    judge,
    samples,
)
from quetsach.scanning.plan import Split
from quetsach.scanning.rows import LeaseRows, SightingRows
from quetsach.sieve.contract import SieveResult

HEAD_LINES = 200
"""So many first lines of a file are parsed in full, so that a misread log never looks clean."""

SAMPLES = 2048
"""About so many lines of a file are parsed in full for who asks whom; see attribute/resolvers."""

CLOSEST_SAMPLES = 64 * 1024
"""A small file has one such line in so many bytes."""

LINES_AT_ONCE = 4096
"""So many lines are parsed at a time: a block may hold a million, and each becomes an event."""

MOST_REJECTS = 200
"""How many rejects of one split are kept with their excerpt; all are counted."""

_Wanted: TypeAlias = tuple[int, tuple[int, bool]]
"""Start of a line, its end, and whether it is a candidate."""


@dataclass(frozen=True)
class SplitResult:
    """What one split gave.

    Shapes: `sightings` is an Arrow IPC stream of SIGHTING rows, device columns still null;
    `leases` is one of LEASE rows, and `facts` are the others;
    `digest` is the SHA-256 of the split's bytes; `layout` is the one its last line had.
    """

    file: int
    offset: int
    counts: LineCounts
    raw_bytes: int
    text_bytes: int
    digest: str
    layout: LogLayout
    sightings: bytes
    sighting_rows: int
    hours: HourlyActivity
    facts: TrafficPairs
    leases: bytes
    rejects: tuple[Reject, ...]
    reject_reasons: dict[str, int]
    problems: tuple[Problem, ...]


class StoppedError(Exception):
    """The sweep was stopped: half of a split is no result."""


def scan_split(split: Split, tools: WorkerTools) -> SplitResult:
    """Return what `split` holds. Never raises on what the evidence holds or how it breaks off.

    Errors: StoppedError once `tools.stopped` is set.
    """
    return _Scan(split, tools).run()


@dataclass
class _Scan:
    """The state of one scan."""

    split: Split
    tools: WorkerTools
    counts: LineCounts = field(default_factory=LineCounts)
    hours: HourlyActivity = field(default_factory=HourlyActivity)
    facts: TrafficPairs = field(default_factory=TrafficPairs)
    leases: LeaseRows = field(default_factory=LeaseRows)
    rejects: list[Reject] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    head_seen: int = 0
    head_rejects: int = 0
    _head_offsets: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.format: Format = by_name(self.split.format)
        self.layout = self.split.layout
        self.rows = SightingRows(self.split.shown)
        starts = self.layout.record
        self.records = None if starts is None else WholeRecords(starts)
        self.sample_bytes = max(CLOSEST_SAMPLES, self.split.file_size // SAMPLES)

    def run(self) -> SplitResult:
        split = self.split
        pieces = SplitStream(split.location, split.codec, split.offset, split.length)
        first = max(split.offset - 1, 0)
        blocks = line_blocks(
            pieces.read(file_size=split.file_size),
            first,
            end=split.offset + split.length if split.length < split.file_size else None,
            skip_first=split.offset > 0,
        )
        for block in blocks:
            if self.tools.stopped.is_set():
                raise StoppedError
            self._block(block)
        if isinstance(pieces.broke, DamagedDataError):
            self._problem("E106", offset=pieces.text_bytes)
        elif isinstance(pieces.broke, ShrunkError):
            self._problem("E109")
        elif pieces.broke is not None:
            self._problem("E104", reason=pieces.broke.strerror or str(pieces.broke))
        for whole, among in self.records.rest() if self.records is not None else ():
            self._parse(whole, among)
        self._check_head()
        self._read_ends()
        return self._result(pieces)

    def _block(self, block: LineBlock) -> None:
        if block.too_long:
            self.counts.lines += 1
            self._reject(Reject(block.offset, "too-long", block.data[: block.size]))
            self._problem("E107", limit=LONGEST_LINE)
            return
        view, header = block.view(), self.layout.header
        if header is not None and self.layout.marker is None:
            # The sieve looks for headers as it passes, several times as fast as `find`.
            scan = self.tools.sieve.scan(view, self.layout.clock, header)
            if not any(block.data.startswith(header, start) for start, _ in scan.marked):
                self._segment(block, 0, block.size, replace(scan, marked=[]))
                return
        for start, end in self._segments(block):
            layout = self.layout
            scan = self.tools.sieve.scan(view[start:end], layout.clock, layout.marker or None)
            self._segment(block, start, end, scan)

    def _segments(self, block: LineBlock) -> Iterator[tuple[int, int]]:
        """Yield the parts of `block` that share one layout, setting that layout as it goes."""
        start = 0
        header = self.layout.header
        place = -1 if header is None else header_at(block, header, 0)
        while header is not None and place >= 0:
            end = block.data.find(b"\n", place, block.size) + 1 or block.size
            layout = self.format.relayout(block.data[place:end].rstrip(b"\n"), self.layout)
            if layout is not None:
                if place > start:
                    yield start, place
                start, self.layout = place, layout
            place = header_at(block, header, end)
        if start < block.size:
            yield start, block.size

    def _segment(self, block: LineBlock, start: int, end: int, scan: SieveResult) -> None:
        base = block.offset + start
        self.counts.lines += scan.lines
        self.counts.candidates += len(scan.candidates)
        self.counts.sieved_out += scan.lines
        data = block.data if not start else block.data[start:end]
        layout = self.layout
        self.hours.add(scan.hours, data, layout.clock, self.tools.zone, layout.taken_us)
        wanted: dict[int, tuple[int, bool]] = {s: (e, True) for s, e in scan.candidates}
        # A log of leases has b"" for its marker: each of its lines says who held an address.
        told = filled_lines(data, end - start) if self.layout.marker == b"" else scan.marked
        extra = [*told, *self._head_lines(data, end - start, base)]
        extra += samples(data, end - start, base, self.sample_bytes)
        extra += cut_line(data, end - start)
        for line_start, line_end in extra:
            wanted.setdefault(line_start, (line_end, False))
        ordered = sorted(wanted.items())
        for place in range(0, len(ordered), LINES_AT_ONCE):
            self._lines(data, base, ordered[place : place + LINES_AT_ONCE])

    def _lines(self, data: bytes, base: int, ordered: Sequence[_Wanted]) -> None:
        lines: list[Line] = [(base + s, data[s:e]) for s, (e, _) in ordered]
        candidates = {base + s for s, (_, candidate) in ordered if candidate}
        if self.records is None:
            self._parse(lines, candidates)
        else:
            for whole, among in self.records.add(lines, candidates):
                self._parse(whole, among)

    def _parse(self, lines: list[Line], candidates: set[int]) -> None:
        rows = self.format.parse(lines, self.layout, self.tools.zone)
        self.facts.add(rows.events)
        self.leases.add(rows.events, self.split.file)
        if self.records is not None:
            told = {offset for offset, _ in rows.events} | {one.offset for one in rows.rejects}
            lines, candidates = self.records.by_what_was_told(lines, candidates, told)
        verdict = judge(lines, rows, candidates, self.tools)
        self._count(verdict)
        for reject in rows.rejects:
            self._reject(reject)
        self.rows.add(verdict.sightings)

    def _count(self, verdict: LineOutcome) -> None:
        self.counts.sighting_lines += verdict.sighting_lines
        self.counts.no_match += verdict.no_match
        self.counts.sieved_out -= verdict.sighting_lines + verdict.no_match + verdict.rejects

    def _reject(self, reject: Reject) -> None:
        self.counts.rejects += 1
        self.reasons[reject.reason] = self.reasons.get(reject.reason, 0) + 1
        if len(self.rejects) < MOST_REJECTS:
            self.rejects.append(reject)
        if reject.offset in self._head_offsets:
            self.head_rejects += 1

    def _head_lines(self, data: bytes, size: int, base: int) -> Iterator[tuple[int, int]]:
        """Yield the first lines of a file that were not taken yet."""
        if self.split.offset:
            return
        for start, end in islice(all_lines(data, size), HEAD_LINES - self.head_seen):
            self.head_seen += 1
            self._head_offsets.add(base + start)
            yield start, end

    def _check_head(self) -> None:
        # A few odd lines are rejects; a log that mostly does not read as its form is misread.
        if self.head_rejects * 2 > self.head_seen:
            facts = {"format": self.split.format, "bad": self.head_rejects, "seen": self.head_seen}
            code = "E102" if "no-fields" in self.reasons else "E108"
            self.problems.append(Problem(code, self.split.shown, facts))

    def _read_ends(self) -> None:
        ends = [one[1] for one in (self.hours.first_line, self.hours.last_line) if one]
        rows = self.format.parse(list(enumerate(ends)), self.layout, self.tools.zone)
        self.facts.add_times(rows.events)
        self.hours.first_line = self.hours.last_line = None

    def _problem(self, code: str, **facts: object) -> None:
        if all(problem.code != code for problem in self.problems):
            self.problems.append(Problem(code, self.split.shown, facts))

    def _result(self, pieces: SplitStream) -> SplitResult:
        counts = self.counts
        assert counts.lines == (
            counts.sieved_out + counts.no_match + counts.sighting_lines + counts.rejects
        ), "every line is accounted for"
        return SplitResult(
            file=self.split.file,
            offset=self.split.offset,
            counts=counts,
            raw_bytes=pieces.raw_bytes,
            text_bytes=pieces.text_bytes,
            digest=pieces.sha256,
            layout=self.layout,
            sightings=self.rows.to_ipc(),
            sighting_rows=self.rows.count,
            hours=self.hours,
            facts=self.facts,
            leases=self.leases.to_ipc(),
            rejects=tuple(self.rejects),
            reject_reasons=self.reasons,
            problems=tuple(self.problems),
        )
