"""The scan of one split: a pure function of the split and the job, mapped by every engine.

The split is read block by block; each part of a block that shares one layout goes through the
sieve, and the lines chosen from it through the parser.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC

from quetsach.containers.refusal import DamagedDataError
from quetsach.errors.exceptions import Problem
from quetsach.evidence.lines import LONGEST_LINE, LineBlock, ShrunkError, SplitStream, line_blocks
from quetsach.formats.contract import Format, LogLayout, Reject, relayout
from quetsach.formats.registry import by_name
from quetsach.scanning.activity import HourlyActivity, TrafficPairs
from quetsach.scanning.choosing import LineChooser, header_at
from quetsach.scanning.job import WorkerTools, tools_for
from quetsach.scanning.line_outcomes import LineCounts, SplitAccount
from quetsach.scanning.log_signs import FormCounts
from quetsach.scanning.parsing import LineParser
from quetsach.scanning.plan import Split
from quetsach.sieve.contract import SieveResult


@dataclass(frozen=True)
class SplitResult:
    """What one split gave.

    Shapes: `sightings` is an Arrow IPC stream of SIGHTING rows, device columns still null;
    `sighting_rows` counts them but for `mention_rows`, which are lines to look at;
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
    mention_rows: int
    hours: HourlyActivity
    facts: TrafficPairs
    leases: bytes
    rejects: tuple[Reject, ...]
    reject_reasons: dict[str, int]
    problems: tuple[Problem, ...]
    forms: FormCounts


class StoppedError(Exception):
    """The sweep was stopped: half of a split is no result."""


def scan_split(split: Split, tools: WorkerTools) -> SplitResult:
    """Return what `split` holds. Never raises on what the evidence holds or how it breaks off.

    Errors: StoppedError once `tools.stopped` is set.
    """
    return _SplitScan(split, tools).run()


class _SplitScan:
    """The state of one scan."""

    def __init__(self, split: Split, tools: WorkerTools) -> None:
        self.split, self.tools = split, tools_for(split.declared, tools)
        self.format: Format = by_name(split.format)
        self.layout = split.layout
        self.hours = HourlyActivity()
        self.chooser = LineChooser.of_split(split)
        self.account = SplitAccount(split, self.chooser.head_offsets)
        self.parser = LineParser(split, self.tools, self.account)

    def run(self) -> SplitResult:
        split = self.split
        pieces = SplitStream(
            split.location, split.codec, split.offset, split.length, split.line_ends
        )
        blocks = line_blocks(
            pieces.read(file_size=split.file_size),
            max(split.offset - 1, 0),
            end=split.offset + split.length if split.length < split.file_size else None,
            skip_first=split.offset > 0,
        )
        for block in blocks:
            if self.tools.stopped.is_set():
                raise StoppedError
            self._scan_block(block)
        self._report_break(pieces)
        self.parser.finish(self.layout)
        self.account.check_head()
        self.parser.read_ends(self.hours, self.layout)
        return self._result(pieces)

    def _scan_block(self, block: LineBlock) -> None:
        if block.too_long:
            self.account.counts.lines += 1
            self.account.reject(Reject(block.offset, "too-long", block.data[: block.size]))
            self.account.report("E107", limit=LONGEST_LINE)
            return
        view, header = block.view(), self.layout.header
        if header is not None and self.layout.marker is None:
            # The sieve looks for headers as it passes, several times as fast as `find`.
            scan = self.tools.sieve.scan(view, self.layout.clock, header)
            if not any(block.data.startswith(header, start) for start, _ in scan.marked):
                self._scan_segment(block, 0, block.size, replace(scan, marked=[]))
                return
        for start, end in self._segments(block):
            layout = self.layout
            scan = self.tools.sieve.scan(view[start:end], layout.clock, layout.marker or None)
            self._scan_segment(block, start, end, scan)

    def _segments(self, block: LineBlock) -> Iterator[tuple[int, int]]:
        """Yield the parts of `block` that share one layout, setting that layout as it goes."""
        start = 0
        header = self.layout.header
        place = -1 if header is None else header_at(block, header, 0)
        while header is not None and place >= 0:
            end = block.data.find(b"\n", place, block.size) + 1 or block.size
            line = block.data[place:end].rstrip(b"\n")
            layout = relayout(self.format, line, self.layout)
            if layout is not None:
                if place > start:
                    yield start, place
                start, self.layout = place, layout
            place = header_at(block, header, end)
        if start < block.size:
            yield start, block.size

    def _scan_segment(self, block: LineBlock, start: int, end: int, scan: SieveResult) -> None:
        segment = block.data if not start else block.data[start:end]
        base, layout = block.offset + start, self.layout
        self.account.sieved(scan)
        zone = UTC if layout.utc else self.tools.zone
        self.hours.add(scan.hours, segment, layout.clock, zone, layout.taken_us)
        chosen = self.chooser.choose(segment, end - start, base, scan, layout)
        self.parser.parse_chosen(segment, base, chosen, layout)

    def _report_break(self, pieces: SplitStream) -> None:
        """Report why the evidence broke off, if it did."""
        if isinstance(pieces.broke, DamagedDataError):
            self.account.report("E106", offset=pieces.text_bytes)
        elif isinstance(pieces.broke, ShrunkError):
            self.account.report("E109")
        elif pieces.broke is not None:
            self.account.report("E104", reason=pieces.broke.strerror or str(pieces.broke))
        if pieces.odd_ends:
            self.account.report("E128", count=pieces.odd_ends)

    def _result(self, pieces: SplitStream) -> SplitResult:
        account, parser = self.account, self.parser
        account.check_sum(pieces.lines_begun)
        return SplitResult(
            file=self.split.file,
            offset=self.split.offset,
            counts=account.counts,
            raw_bytes=pieces.raw_bytes,
            text_bytes=pieces.text_bytes,
            digest=pieces.sha256,
            layout=self.layout,
            sightings=parser.sightings.to_ipc(),
            sighting_rows=parser.sightings.count,
            mention_rows=parser.sightings.mentions,
            hours=self.hours,
            facts=parser.traffic,
            leases=parser.leases.to_ipc(),
            rejects=tuple(account.rejects),
            reject_reasons=account.reasons,
            problems=tuple(account.problems),
            forms=account.forms,
        )
