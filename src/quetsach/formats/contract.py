"""What a log format is: it recognises a head, reads its layout, and turns lines into events."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

from quetsach.clocks import Zone
from quetsach.schema import Event
from quetsach.sieve.contract import LineClock

HEAD_BYTES = 64 * 1024
"""How much of a file's start `recognise` and `layout` are given, in bytes."""

EXCERPT_BYTES = 200
"""How much of a rejected line is kept, in bytes."""

Line: TypeAlias = tuple[int, bytes]
"""A line's offset in the (unpacked) evidence, and its bytes without the newline."""


@dataclass(frozen=True)
class Reject:
    """A line that could not be read: where, why (a short fixed word), and how it begins."""

    offset: int
    reason: str
    excerpt: bytes


@dataclass
class ParsedLines:
    """What became of the lines given to `parse`: each is in exactly one of the three.

    Shapes: `events` are (offset of the line, event), one or more for a line that was read;
    `skipped` are the offsets of blank lines, comments and headers.
    """

    events: list[tuple[int, Event]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)

    def filled(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Yield the lines that are not blank, and count the others as skipped."""
        for offset, line in lines:
            if line.strip():
                yield offset, line
            else:
                self.skipped.append(offset)

    def add(self, offset: int, record: Mapping[str, object]) -> None:
        """Count a line as read; `record` is its event."""
        self.events.append((offset, cast("Event", record)))

    def reject(self, offset: int, reason: str, line: bytes) -> None:
        """Count `line` as one that could not be read."""
        self.rejects.append(Reject(offset, reason, line[:EXCERPT_BYTES]))


@dataclass(frozen=True)
class LogLayout:
    """How the lines of one file are laid out; small, comparable, and fit to be sent elsewhere.

    `columns` is the format's own business: names in order for a table, anything hashable else.
    `marker` is a byte string; lines that hold it are parsed although they hold no indicator,
    because they say who held an address (DHCP). b"" means every line. `header` begins the lines
    that may change the layout in the middle of a file, as logs put behind one another do.
    `record` (one beginning, or several) begins the first line of a record of several lines;
    `parse` is then given whole records, makes its event at the first line's offset and calls the
    others skipped.
    `needs_date` says that the lines leave out their year, or all of their time; the plan then sets
    `taken_us`, when the file was written, from a date in its name or from the file system, and
    `taken_from_name` to say which. `translates` says that the lines tell address translations.
    `utc` says that by the definition of the form a time without an offset is UTC. `ours` says that
    the lines were written by a decoder of ours; nobody else may write events in our own words.
    """

    dataset: str
    columns: tuple[Any, ...] = ()
    clock: LineClock | None = None
    marker: bytes | None = None
    header: bytes | None = None
    record: bytes | tuple[bytes, ...] | None = None
    needs_date: bool = False
    taken_us: int | None = None
    taken_from_name: bool = False
    translates: bool = False
    utc: bool = False
    ours: bool = False


class Format(Protocol):
    """Anything that can read one kind of log. It opens nothing and keeps nothing."""

    name: str
    """Short and fixed, as in `event.dataset` and `quetsach formats`: `zeek-tsv`."""
    title: str
    """What a person calls it, in English; a message id."""
    reads: str
    """Which records it reads, in English; a message id."""

    def recognise(self, head: bytes) -> bool:
        """Return whether a file that begins with `head` is of this format; quick and strict."""
        ...

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout that `head` declares. Called only when `recognise` said yes."""
        ...

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return the events of `lines`; a line is one or more events, a reject, or skipped.

        `zone` applies where the line itself carries none. Never raises on what a line holds.
        """
        ...


@runtime_checkable
class ChangingFormat(Protocol):
    """A format whose layout a header line may change in the middle of a file."""

    def relayout(self, line: bytes, layout: LogLayout) -> LogLayout | None:
        """Return the layout from `line` on, if this header line changes it, else None."""
        ...


def relayout(form: Format, line: bytes, layout: LogLayout) -> LogLayout | None:
    """Return the layout of `form` from `line` on, if this header line changes it, else None."""
    return form.relayout(line, layout) if isinstance(form, ChangingFormat) else None


def read_each(
    lines: Iterable[Line],
    read: Callable[[bytes], Mapping[str, object] | None],
    is_remark: Callable[[bytes], object],
    reason: str,
) -> ParsedLines:
    """Return one event a line; a line that cannot be read is skipped as a remark or a reject."""
    rows = ParsedLines()
    for offset, line in lines:
        record = read(line)
        if record is not None:
            rows.add(offset, record)
        elif not line.strip() or is_remark(line):
            rows.skipped.append(offset)
        else:
            rows.reject(offset, reason, line)
    return rows
