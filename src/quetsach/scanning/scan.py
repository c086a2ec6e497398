"""The scan of one split: a pure function of the split and the job, mapped by every engine.

The split is read part by part, each of one layout; the lines chosen from it go through the parser.
"""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from quetsach.containers.refusal import DamagedDataError
from quetsach.errors.exceptions import Problem
from quetsach.evidence.lines import LONGEST_LINE, SplitFigures
from quetsach.evidence.storage import ShrunkError, StorageError
from quetsach.formats.contract import Format, LogLayout, Reject, relayout
from quetsach.formats.registry import by_name
from quetsach.scanning.activity import HourlyActivity, TrafficPairs
from quetsach.scanning.choosing import choice_for
from quetsach.scanning.day_tokens import DayTokens, SpanTokens
from quetsach.scanning.job import WorkerTools, tools_for
from quetsach.scanning.line_outcomes import LineCounts, SplitAccount
from quetsach.scanning.log_signs import FormCounts
from quetsach.scanning.parsing import LineParser
from quetsach.scanning.plan import HEAD_LINES, HEADER_LINES, Split
from quetsach.scanning.split_reader import SplitReader, TokenReader, open_reader
from quetsach.sieve.contract import LineSigns, SplitPart, SplitWants, TokenWants

if TYPE_CHECKING:
    from quetsach.scanning.staged import StagedRows


@dataclass(frozen=True)
class SplitResult:
    """What one split gave.

    Shapes: `sightings` is an Arrow IPC stream of SIGHTING rows, device columns still null;
    `sighting_rows` counts them but for `mention_rows`, which are lines to look at;
    `leases` is one of LEASE rows, and `facts` are the others; many rows may lie in a file;
    `pieces`, `whole` and `packed_digest` are as in `SplitFigures`; `layout` is the one its last
    line had. `tokens` are the outside tokens of each day, where they are wanted.
    """

    file: int
    offset: int
    counts: LineCounts
    raw_bytes: int
    text_bytes: int
    pieces: tuple[bytes, ...]
    whole: bytes | None
    packed_digest: bytes | None
    layout: LogLayout
    sightings: "bytes | StagedRows"
    sighting_rows: int
    mention_rows: int
    hours: HourlyActivity
    facts: TrafficPairs
    leases: "bytes | StagedRows"
    rejects: tuple[Reject, ...]
    reject_reasons: dict[str, int]
    problems: tuple[Problem, ...]
    forms: FormCounts
    tokens: tuple[SpanTokens, ...] = ()


class StoppedError(Exception):
    """The sweep was stopped: half of a split is no result."""


def scan_split(
    split: Split,
    tools: WorkerTools,
    reader: SplitReader | None = None,
    listening: TokenReader | None = None,
) -> SplitResult:
    """Return what `split` holds. Never raises on what the evidence holds or how it breaks off.

    `reader` has read it already, else it is read here; where it is `listening`, its tokens are
    kept. Errors: StoppedError once `tools.stopped` is set.
    """
    result = _SplitScan(split, tools, reader, listening).run()
    if split.head_lines < HEAD_LINES and not split.offset and looks_odd(result):
        # Few lines may look worse than all: what is told of a file is told of its full head.
        return _SplitScan(replace(split, head_lines=HEAD_LINES), tools).run()
    return result


def looks_odd(result: SplitResult) -> bool:
    """Return whether something is wrong with what was parsed, or may seem so by few lines."""
    tallies = result.facts.records.values()
    return bool(
        result.problems
        or result.counts.rejects
        or result.forms.is_unread_log
        or result.forms.is_no_log
        or not tallies
        or _changes_its_form(result)
        or any(2 * one.timed < one.records or not one.with_client for one in tallies)
    )


def _changes_its_form(result: SplitResult) -> bool:
    """Return whether more lines have no hour than a header explains, while others have one.

    Lines of another form may say who held an address, and the marks of this one pass over them.
    """
    by_hour = result.hours.lines
    # A file in the form of Zeek ends with one more such line.
    header = HEADER_LINES + 1 if result.layout.header else 0
    return len(by_hour) > 1 and by_hour.get(None, 0) > header


class _SplitScan:
    """The state of one scan."""

    def __init__(
        self,
        split: Split,
        tools: WorkerTools,
        reader: SplitReader | None = None,
        listening: TokenReader | None = None,
    ) -> None:
        self.split, self.tools = split, tools_for(split.declared, tools)
        self.format: Format = by_name(split.format)
        self.layout = split.layout
        self.hours = HourlyActivity()
        self.head_offsets: set[int] = set()
        self.account = SplitAccount(split, self.head_offsets)
        self.parser = LineParser(split, self.tools, self.account)
        self.tokens: DayTokens | None = None
        if reader is None and tools.job.wants_tokens:
            wants = SplitWants(tokens=TokenWants())
            reader = listening = open_reader(
                split, self.tools.sieve, choice_for(split), wants=wants
            )
        if listening is not None:
            self.tokens = DayTokens(listening, ZoneInfo(tools.job.options.zone))
        self.reader = reader or open_reader(split, self.tools.sieve, choice_for(split))

    def run(self) -> SplitResult:
        self.reader.turn_to(signs_of(self.layout))
        with closing(self.reader.parts()) as parts:
            for part in parts:
                if self.tools.stopped.is_set():
                    raise StoppedError
                self._take(part)
        self._take_hours()
        figures = self.reader.figures()
        self._report_break(figures)
        self.parser.finish(self.layout)
        self.account.check_head()
        self.parser.read_ends(self.hours, self.layout)
        return self._result(figures)

    def _take(self, part: SplitPart) -> None:
        if self.tokens is not None:
            self.tokens.add_part(self._hour_of_key, self.tools.clock_us)
        self.account.sieved(part.lines, len(part.candidates))
        self.head_offsets.update(part.heads)
        self.parser.mark(part.marks)
        self.parser.parse_lines(part.chosen, part.candidates, self.layout)
        if part.too_long is not None:
            self.parser.parse_waiting()
            self.account.counts.lines += 1
            self.account.reject(Reject(part.too_long[0], "too-long", part.too_long[1]))
            self.account.report("E107", limit=LONGEST_LINE)
        if part.is_full:
            self._take_hours()
        if part.header is not None:
            self._turn_at(part.header)

    def _turn_at(self, header: bytes) -> None:
        """Read the lines from `header` on as it says, if it changes the layout."""
        layout = relayout(self.format, header, self.layout)
        if layout is not None:
            self._take_hours()
            self.layout = layout
            self.reader.turn_to(signs_of(layout))

    def _hour_of_key(self, key: bytes, line: bytes) -> int | None:
        layout = self.layout
        zone = UTC if layout.utc else self.tools.zone
        return self.hours.hour(key, line, layout.clock, zone, layout.taken_us)

    def _take_hours(self) -> None:
        layout = self.layout
        zone = UTC if layout.utc else self.tools.zone
        self.hours.add(self.reader.take_hours(), layout.clock, zone, layout.taken_us)

    def _report_break(self, figures: SplitFigures) -> None:
        """Report why the evidence broke off, if it did."""
        broke = figures.broke
        if isinstance(broke, DamagedDataError):
            self.account.report("E106", offset=figures.text_bytes)
        elif isinstance(broke, ShrunkError):
            self.account.report("E109")
        elif isinstance(broke, StorageError):
            self.account.report(broke.code, **broke.facts)
        elif broke is not None:
            self.account.report("E104", reason=broke.strerror or str(broke))
        if figures.odd_ends:
            self.account.report("E128", count=figures.odd_ends)

    def _result(self, figures: SplitFigures) -> SplitResult:
        account, parser = self.account, self.parser
        account.check_sum(figures.lines_begun)
        return SplitResult(
            file=self.split.file,
            offset=self.split.offset,
            counts=account.counts,
            raw_bytes=figures.raw_bytes,
            text_bytes=figures.text_bytes,
            pieces=tuple(figures.pieces),
            whole=figures.whole,
            packed_digest=figures.packed_digest,
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
            tokens=() if self.tokens is None else self.tokens.finish(),
        )


def signs_of(layout: LogLayout) -> LineSigns:
    """Return by which signs lines of this layout are read."""
    return LineSigns(layout.clock, layout.header, layout.marker)
