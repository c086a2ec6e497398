"""The import ledger: what each sweep brought of a log that earlier ones have read in part.

That a log is the same as before its chain tells; that it begins with what it was before, the sweep
that compared the two. Where none did, its first line and the sightings of both speak for it, and it
is said that nothing proves it. A text that goes another way than it went before was edited or
damaged: it is named. What both have before that place counts once; behind it sightings have other
numbers, and may count twice.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from quetsach.findings.streams import StreamLog


class StreamChange(StrEnum):
    """What a log is, compared with what was read of it before."""

    SAME = "same"
    GROWN = "grown"
    SHORTER = "shorter"
    NEW = "new"
    DIVERGED = "diverged"


@dataclass(frozen=True)
class TextRead:
    """A text as far as a sweep read it: its digests, its length in bytes and its lines."""

    digests: tuple[str, ...]
    to: int
    lines: int


@dataclass
class LogStream:
    """A log over several sweeps: as it was last, all its earlier ends, what is known of it.

    Shapes: `lines` counts each line once; `numbers` are those of all sightings met in it; `listed`
    tells what the last sweep looked for, `sweep` which one it was; `number` is the caller's.
    """

    number: int
    name: str
    kind: str
    head: str
    first: datetime | None
    last: TextRead
    listed: str = ""
    sweep: int = 0
    ends: list[TextRead] = field(default_factory=list)
    lines: int = 0
    numbers: Set[str] = frozenset()

    def end_with(self, digests: Iterable[str]) -> TextRead | None:
        """Return the end that has one of these digests, the last before earlier ones."""
        asked = set(digests)
        each = (self.last, *reversed(self.ends))
        return next((end for end in each if asked.intersection(end.digests)), None)


@dataclass(frozen=True)
class StreamGrowth:
    """What one sweep brought of a stream: [`start`, `to`) is what no earlier one has read.

    Shapes: `stream` is the `number` of the stream, None for a new one. `lines` and `sightings` are
    those in all, `new_lines` and `new_numbers` those that were not known. Units: bytes, unpacked.
    """

    stream: int | None
    change: StreamChange
    start: int
    to: int
    lines: int
    new_lines: int
    sightings: int
    new_numbers: frozenset[str]
    is_proved: bool = True

    @property
    def new_sightings(self) -> int:
        """How many of its sightings were not known."""
        return len(self.new_numbers)


@dataclass(frozen=True)
class SweepMark:
    """One of several sweeps: its number, and what it looked for (two of the same look alike)."""

    number: int
    listed: str


def compared(log: StreamLog, streams: Sequence[LogStream], sweep: SweepMark) -> StreamGrowth:
    """Return what `log`, of `sweep`, brings beside `streams`, those that it may belong to."""
    for stream in streams:
        end = stream.end_with(log.digests)
        if end is not None:
            change = StreamChange.SAME if end is stream.last else StreamChange.SHORTER
            growth = _part(log, stream, change, log.to, 0)
            # An earlier version gave other numbers to the same sightings.
            is_known = change is StreamChange.SAME and sweep.listed == stream.listed
            return replace(growth, new_numbers=frozenset()) if is_known else growth
    return _continued(log, streams) or _alike(log, streams, sweep) or _new(log)


def _part(
    log: StreamLog,
    stream: LogStream,
    change: StreamChange,
    start: int,
    new_lines: int,
    *,
    is_proved: bool = True,
) -> StreamGrowth:
    return StreamGrowth(
        stream.number,
        change,
        start,
        log.to,
        log.lines,
        max(0, new_lines),
        len(log.numbers),
        log.numbers - stream.numbers,
        is_proved,
    )


def _new(log: StreamLog) -> StreamGrowth:
    return StreamGrowth(
        None, StreamChange.NEW, 0, log.to, log.lines, log.lines, len(log.numbers), log.numbers
    )


def _continued(log: StreamLog, streams: Sequence[LogStream]) -> StreamGrowth | None:
    """Return the part where the sweep itself has compared `log` with an earlier end."""
    for text in sorted(log.begins_with, key=lambda one: -one.to):
        for stream in streams:
            end = stream.end_with([text.chain])
            if end is None or text.to != end.to:
                continue
            more = log.lines - end.lines
            if end is stream.last:
                return _part(log, stream, StreamChange.GROWN, end.to, more)
            if end.lines < _FEW_LINES and not any(_likeness(log, stream)):
                # Many logs have the same header.
                continue
            if _differs(log, stream):
                return _part(log, stream, StreamChange.DIVERGED, end.to, more)
            if log.to < stream.last.to and log.numbers <= stream.numbers:
                return _part(log, stream, StreamChange.SHORTER, log.to, 0, is_proved=False)
            return _part(log, stream, StreamChange.DIVERGED, end.to, more, is_proved=False)
    return None


_FEW_LINES = 16
"""No header is so long."""


def _differs(log: StreamLog, stream: LogStream) -> bool:
    """Return whether the sweep found `log` to differ from an end of the stream."""
    return stream.end_with(one.chain for one in log.differs_from) is not None


def _alike(log: StreamLog, streams: Sequence[LogStream], sweep: SweepMark) -> StreamGrowth | None:
    """Return the part of the stream that shares sightings with `log`, or its name and start."""
    near = [(_likeness(log, stream, sweep), stream) for stream in streams]
    likeness, stream = max(near, key=lambda one: one[0], default=((0, False), None))
    if stream is None or not any(likeness):
        return None
    # What was looked for with another list has other sightings for that reason alone.
    is_same_list = sweep.listed == stream.listed
    more = log.lines - stream.last.lines
    is_longer = more > 0 and (log.to > stream.last.to or not stream.last.to)
    is_shorter = more < 0 and (log.to < stream.last.to or not log.to)
    if (
        is_longer
        and not _differs(log, stream)
        and (not is_same_list or stream.numbers <= log.numbers)
    ):
        change, start = StreamChange.GROWN, stream.last.to
    elif is_shorter and (not is_same_list or log.numbers <= stream.numbers):
        change, start, more = StreamChange.SHORTER, log.to, 0
    else:
        change, start = StreamChange.DIVERGED, 0
    return _part(log, stream, change, start, more, is_proved=_differs(log, stream))


def _likeness(
    log: StreamLog, stream: LogStream, sweep: SweepMark | None = None
) -> tuple[int, bool]:
    """Return how many sightings both have, and whether both have one name and one first time.

    Two files of one sweep are two logs: machines have files of the same name.
    """
    if log.kind != stream.kind or (log.head and stream.head and log.head != stream.head):
        return 0, False
    has_name = log.name == stream.name
    if not has_name and not (log.head and stream.head):
        return 0, False
    is_other = sweep is None or sweep.number != stream.sweep
    is_same_start = has_name and is_other and log.first is not None and log.first == stream.first
    return len(log.numbers & stream.numbers), is_same_start


def grown_by(
    stream: LogStream | None, log: StreamLog, part: StreamGrowth, sweep: SweepMark
) -> LogStream:
    """Return the stream with `part` of it, which `log` brought; a new one where it is None."""
    end = TextRead(log.digests, log.to, log.lines)
    if stream is None:
        return LogStream(
            number=0 if part.stream is None else part.stream,
            name=log.name,
            kind=log.kind,
            head=log.head,
            first=log.first,
            last=end,
            listed=sweep.listed,
            sweep=sweep.number,
            lines=log.lines,
            numbers=log.numbers,
        )
    stream.lines += part.new_lines
    stream.numbers |= part.new_numbers
    if part.change in (StreamChange.GROWN, StreamChange.DIVERGED):
        stream.ends.append(stream.last)
        stream.last, stream.listed, stream.sweep = end, sweep.listed, sweep.number
    return stream


class StreamIndex:
    """Streams, found by the logs that may belong to them; their numbers are their places here."""

    def __init__(self, streams: Iterable[LogStream] = ()) -> None:
        self.streams: list[LogStream] = []
        self._by_key: dict[str, dict[int, LogStream]] = {}
        for stream in streams:
            self._add(stream)

    def take(self, log: StreamLog, sweep: SweepMark) -> tuple[LogStream, StreamGrowth]:
        """Return what `log`, the next one of `sweep`, brings, and the stream that now has it."""
        growth = compared(log, self.streams_near(log), sweep)
        if growth.stream is None:
            stream = grown_by(None, log, growth, sweep)
            self._add(stream)
        else:
            stream = grown_by(self.streams[growth.stream], log, growth, sweep)
            self._index(stream, log.digests)
        return stream, growth

    def streams_near(self, log: StreamLog) -> list[LogStream]:
        """Return the streams that `log` may belong to."""
        near: dict[int, LogStream] = {}
        for key in keys_of(log):
            near.update(self._by_key.get(key, {}))
        return list(near.values())

    def _add(self, stream: LogStream) -> None:
        stream.number = len(self.streams)
        self.streams.append(stream)
        digests = (digest for end in (stream.last, *stream.ends) for digest in end.digests)
        name = f"{stream.kind} {stream.name}"
        own = (f"head {stream.head}", f"named {name}") if stream.head else (f"old {name}",)
        self._index(stream, (*digests, *own))

    def _index(self, stream: LogStream, keys: Iterable[str]) -> None:
        for key in keys:
            self._by_key.setdefault(key, {})[stream.number] = stream


def keys_of(log: StreamLog) -> Iterator[str]:
    """Yield by what the streams are found that `log` may belong to.

    By its name only where one of the two is of an earlier version, which tells no first line.
    """
    yield from log.digests
    yield from (text.chain for text in log.begins_with)
    name = f"{log.kind} {log.name}"
    yield f"old {name}"
    yield f"head {log.head}" if log.head else f"named {name}"
