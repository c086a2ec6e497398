"""Many small files of one kind scanned together, with what each gives alone.

Their text is read by one call of the kernel and their chosen lines are parsed by one call of the
format: both cost some tens of microseconds whatever they are given. A file in which anything is
out of the ordinary goes the way of any other split, with what was read of it.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from quetsach.containers.streams import Codec
from quetsach.evidence.lines import BLOCK_BYTES, LONGEST_LINE, SplitFigures
from quetsach.formats.contract import Format, Line, LogLayout, ParsedLines, relayout
from quetsach.formats.line_forms import second_look
from quetsach.formats.registry import by_name
from quetsach.scanning.activity import HourlyActivity, TrafficPairs
from quetsach.scanning.choosing import choice_for
from quetsach.scanning.job import WorkerTools, tools_for
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.log_signs import tally_forms
from quetsach.scanning.plan import HEAD_LINES, Split
from quetsach.scanning.scan import (
    SplitResult,
    StoppedError,
    looks_odd,
    scan_split,
    signs_of,
)
from quetsach.sieve.contract import LineSigns, SplitHour, SplitPart
from quetsach.sieve.files import FileRead
from quetsach.sieve.kernel import RustSieve

_FILE_BITS = 40
_OFFSET_BITS = (1 << _FILE_BITS) - 1
"""A file that is read at once has less than a terabyte: its number fits before an offset."""


def scan_small(
    splits: Sequence[Split], tools: WorkerTools, scan_alone: Callable[..., SplitResult] = scan_split
) -> list[SplitResult]:
    """Return what each of `splits`, which are small, holds: as `scan_split` does, in order.

    A file in which anything is out of the ordinary goes through `scan_alone`.
    Errors: StoppedError once `tools.stopped` is set.
    """
    results: dict[int, SplitResult] = {}
    for places in _kinds(splits, tools).values():
        if tools.stopped.is_set():
            raise StoppedError
        kind = _Kind(splits[places[0]], tools, scan_alone)
        of_kind = kind.scan([splits[place] for place in places])
        results.update(zip(places, of_kind, strict=True))
    return [
        results[place] if place in results else scan_alone(split, tools)
        for place, split in enumerate(splits)
    ]


def _kinds(splits: Sequence[Split], tools: WorkerTools) -> Mapping[object, list[int]]:
    """Return the places of the splits that can be read together, by what these share."""
    kinds: dict[object, list[int]] = {}
    if not isinstance(tools.sieve, RustSieve) or tools.job.wants_tokens:
        return kinds
    for place, split in enumerate(splits):
        is_whole = not split.offset and split.length >= split.file_size
        if is_whole and split.codec is Codec.PLAIN and split.head_lines < HEAD_LINES:
            key = (split.format, _undated(split.layout), split.line_ends, split.declared)
            kinds.setdefault(key, []).append(place)
    return {key: places for key, places in kinds.items() if len(places) > 1}


def _undated(layout: LogLayout) -> LogLayout:
    """Return what files share that were taken at different times, where lines leave out years."""
    return layout if layout.taken_us is None else replace(layout, taken_us=None)


class ReadFile:
    """A file that was read already, for the scan of its split."""

    def __init__(self, file: FileRead) -> None:
        self._file = file
        self._hours = file.hours

    def turn_to(self, signs: LineSigns) -> None:
        """Do nothing: no header in it changes anything."""

    def parts(self) -> Generator[SplitPart, None, None]:
        """Yield all of it."""
        yield self._file.part

    def take_hours(self) -> list[SplitHour]:
        """Return the tallies the first time, then none."""
        hours, self._hours = self._hours, []
        return hours

    def figures(self) -> SplitFigures:
        """Return what was counted."""
        file = self._file
        return SplitFigures(
            raw_bytes=file.figures.own_bytes,
            text_bytes=file.figures.own_bytes,
            pieces=file.pieces,
            whole=file.whole,
            packed_digest=None,
            lines_begun=file.figures.lines_begun,
            odd_ends=file.figures.odd_ends,
            broke=None,
        )


class _Kind:
    """Files that share format, layout and everything else but their text and when they were taken.

    Shapes: `_layout` is that of the first.
    """

    def __init__(
        self, split: Split, tools: WorkerTools, scan_alone: Callable[..., SplitResult]
    ) -> None:
        self._tools, self._scan_alone = tools, scan_alone
        self._own = tools_for(split.declared, tools)
        self._format: Format = by_name(split.format)
        self._layout: LogLayout = split.layout
        self._ends = split.line_ends
        self._harmless: dict[bytes, bool] = {}

    def scan(self, splits: Sequence[Split]) -> list[SplitResult]:
        """Return what each holds, in order."""
        sieve = self._own.sieve
        assert isinstance(sieve, RustSieve)
        files = [(one.location, one.file_size, choice_for(one)) for one in splits]
        bounds = (BLOCK_BYTES, LONGEST_LINE)
        read = sieve.read_files(files, self._ends, signs_of(self._layout), bounds)
        plain = {
            place: file
            for place, file in enumerate(read)
            if file is not None and self._is_plain(file)
        }
        layouts = {place: splits[place].layout for place in plain}
        hours = {place: self._hours_of(file, layouts[place]) for place, file in plain.items()}
        chosen = {place: file.part.chosen for place, file in plain.items()}
        parsed, odd = self._parsed(chosen, layouts)
        ends = {
            place: _ends_of(hours[place], plain[place].part.chosen)
            for place in plain
            if place not in odd
        }
        times, _odd = self._parsed(ends, layouts)
        return [
            self._result(split, plain[place], hours[place], (parsed[place], times[place]))
            if place in times
            else self._alone(split, read[place])
            for place, split in enumerate(splits)
        ]

    def _is_plain(self, file: FileRead) -> bool:
        """Return whether nothing in the file but its lines has anything to say."""
        counted = file.figures
        return (
            not file.part.candidates
            and not counted.odd_ends
            and counted.lines_begun == file.part.lines
            and self._keeps_layout(file)
        )

    def _keeps_layout(self, file: FileRead) -> bool:
        """Return whether no header in the file changes how its lines are read."""
        if self._layout.record is not None:
            return False
        if self._layout.header is None:
            return True
        # A format may see a header in a line that the reader does not.
        signs = (line for _, line in file.part.chosen if b"#" in line.lstrip()[:4])
        return all(map(self._is_harmless, (*file.headers, *signs)))

    def _is_harmless(self, line: bytes) -> bool:
        if line not in self._harmless:
            self._harmless[line] = relayout(self._format, line, self._layout) is None
        return self._harmless[line]

    def _hours_of(self, file: FileRead, layout: LogLayout) -> HourlyActivity:
        activity = HourlyActivity()
        zone = UTC if layout.utc else self._own.zone
        activity.add(file.hours, layout.clock, zone, layout.taken_us)
        return activity

    def _parsed(
        self, lines: Mapping[int, Sequence[Line]], layouts: Mapping[int, LogLayout]
    ) -> tuple[dict[int, ParsedLines], set[int]]:
        """Return the lines of each file as they are read, and the files that go their own way."""
        of_files = {place: ParsedLines() for place in lines}
        odd: set[int] = set()
        of_times: dict[int | None, list[Line]] = {}
        for place, some in lines.items():
            together = of_times.setdefault(layouts[place].taken_us, [])
            together += ((place << _FILE_BITS | offset, line) for offset, line in some)
        zone = self._own.zone
        for taken_us, some in of_times.items():
            rows = self._format.parse(some, replace(self._layout, taken_us=taken_us), zone)
            rows = second_look(rows, some, zone, taken_us)
            odd.update(reject.offset >> _FILE_BITS for reject in rows.rejects)
            for number, event in rows.events:
                place = number >> _FILE_BITS
                of_files[place].events.append((number & _OFFSET_BITS, event))
                if "host.ip" in event:
                    odd.add(place)
        return of_files, odd

    def _result(
        self,
        split: Split,
        file: FileRead,
        hours: HourlyActivity,
        parsed: tuple[ParsedLines, ParsedLines],
    ) -> SplitResult:
        heads, ends = parsed
        traffic = TrafficPairs()
        traffic.add(heads.events)
        traffic.add_times(ends.events)
        hours.first_line = hours.last_line = None
        lines, size = file.part.lines, file.figures.own_bytes
        result = SplitResult(
            file=split.file,
            offset=0,
            counts=LineCounts(lines=lines, sieved_out=lines),
            raw_bytes=size,
            text_bytes=size,
            pieces=tuple(file.pieces),
            whole=file.whole,
            packed_digest=None,
            layout=split.layout,
            sightings=b"",
            sighting_rows=0,
            mention_rows=0,
            hours=hours,
            facts=traffic,
            leases=b"",
            rejects=(),
            reject_reasons={},
            problems=(),
            forms=tally_forms(heads, dict(file.part.chosen), frozenset()),
        )
        return self._alone(split, file) if looks_odd(result) else result

    def _alone(self, split: Split, file: FileRead | None) -> SplitResult:
        if file is None or not self._keeps_layout(file):
            return self._scan_alone(split, self._tools)
        return self._scan_alone(split, self._tools, ReadFile(file))


def _ends_of(hours: HourlyActivity, chosen: Iterable[Line]) -> list[Line]:
    """Return the first and the last line of a file that has hours, but for `chosen` ones.

    Those are parsed already, and tell their times.
    """
    known = {line for _, line in chosen}
    ends = (hours.first_line, hours.last_line)
    return [(number, end[1]) for number, end in enumerate(ends) if end and end[1] not in known]
