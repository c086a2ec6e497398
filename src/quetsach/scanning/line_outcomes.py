"""Records of several lines kept whole, where a block or a batch would cut them.

An event of such a record has the offset of the line that begins it, which stands for all of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quetsach.evidence.lines import LineBlock
from quetsach.formats.contract import Line, ParsedLines
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.matching import EventMatch, match_event
from quetsach.schema import Event

MOST_LINES = 4096
"""A record with more lines than this is none; what came so far is handed on."""


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

    def by_what_was_told(
        self, lines: Sequence[Line], candidates: set[int], told: set[int]
    ) -> tuple[list[Line], set[int]]:
        """Return the lines that belong to one event as one line, and the candidates among those.

        Shapes: `told` are the offsets of events and rejects; a line that carries no information by itself
        belongs to the one told before it in its record, which is a candidate where any of its
        lines is.
        """
        joined: list[tuple[int, list[bytes]]] = []
        among: set[int] = set()
        for offset, line in lines:
            begins = offset in told or line.startswith(self.starts)
            if not joined or begins or joined[-1][0] not in told:
                joined.append((offset, []))
            joined[-1][1].append(line)
            if offset in candidates:
                among.add(joined[-1][0])
        return [(offset, b"\n".join(parts)) for offset, parts in joined], among

    def _take(self, count: int) -> tuple[list[Line], set[int]]:
        lines, self._lines = self._lines[:count], self._lines[count:]
        offsets = {offset for offset, _ in lines}
        taken, self._candidates = self._candidates & offsets, self._candidates - offsets
        return lines, taken


# What became of the lines that were parsed: sighting, no match, or reject.


@dataclass(frozen=True)
class RecordSighting:
    """One record that meets one indicator."""

    offset: int
    line: bytes
    event: Event
    hit: EventMatch


@dataclass
class LineOutcome:
    """The sightings of some lines, and how many lines ended how; the rest stays sieved out."""

    sightings: list[RecordSighting] = field(default_factory=list)
    sighting_lines: int = 0
    no_match: int = 0
    rejects: int = 0


def judge(
    lines: Sequence[Line], rows: ParsedLines, candidates: set[int], tools: WorkerTools
) -> LineOutcome:
    """Return what became of `lines`, of which the sieve let `candidates` (offsets) through.

    Only candidates can be sightings: what the sieve did not let through holds no indicator.
    """
    verdict = LineOutcome(rejects=len(rows.rejects))
    met: dict[int, dict[str, RecordSighting]] = {}
    raw = dict(lines)
    for offset, event in rows.events:
        if offset not in candidates or not _in_span(event, tools):
            continue
        line = raw[offset]
        for hit in match_event(event, line, tools.lookup):
            _keep_best(met.setdefault(offset, {}), RecordSighting(offset, line, event, hit))
    rejected = {reject.offset for reject in rows.rejects}
    verdict.sightings = [one for by_key in met.values() for one in by_key.values()]
    verdict.sighting_lines = len(met)
    verdict.no_match = len(candidates - met.keys() - rejected)
    return verdict


def _keep_best(by_key: dict[str, RecordSighting], sighting: RecordSighting) -> None:
    """Keep one sighting per line and indicator, the strongest, when a line holds many records."""
    key = sighting.hit.indicator.key
    known = by_key.get(key)
    if known is None or sighting.hit.grade.rank > known.hit.grade.rank:
        by_key[key] = sighting


def _in_span(event: Event, tools: WorkerTools) -> bool:
    options = tools.job.options
    when = event.get("@timestamp")
    if when is None:
        return True
    return not (
        (options.since_us is not None and when < options.since_us)
        or (options.until_us is not None and when >= options.until_us)
    )


# Which lines of a block are parsed besides the candidates, as (start, end) in the block.


def header_at(block: LineBlock, header: bytes, start: int) -> int:
    """Return where the next line from the line start `start` on begins with `header`, or -1."""
    if block.data.startswith(header, start, block.size):
        return start
    found = block.data.find(b"\n" + header, start, block.size)
    return found + 1 if found >= 0 else -1


def all_lines(data: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield every line of the first `size` bytes."""
    place = 0
    while place < size:
        end = data.find(b"\n", place, size)
        end = size if end < 0 else end
        yield place, end
        place = end + 1


def filled_lines(data: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that are not empty; a log may hold millions that are."""
    return ((start, end) for start, end in all_lines(data, size) if start < end)


def cut_line(data: bytes, size: int) -> list[tuple[int, int]]:
    """Return the last line where it has no end: what broke off must not pass as a quiet line."""
    return [] if data.endswith(b"\n", 0, size) else [(data.rfind(b"\n", 0, size) + 1, size)]


def samples(data: bytes, size: int, base: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold a byte at a multiple of `step` in the evidence."""
    for place in range(-base % step, size, step):
        end = data.find(b"\n", place, size)
        yield data.rfind(b"\n", 0, place) + 1, size if end < 0 else end
