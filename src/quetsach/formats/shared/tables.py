"""Tables without a time of their own: a comment line before them, or else their file, dates them.

`(echo "# $(date -Is)"; ip neigh) >> neigh.log` every few minutes makes a history of them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from quetsach.addresses import is_nobody, parse_address
from quetsach.clocks import MICROSECONDS, Zone, us_from_iso, within
from quetsach.formats.contract import LogLayout
from quetsach.formats.shared import collected, values
from quetsach.formats.shared.values import hardware
from quetsach.schema import Event

HEADER = b"# "
"""What begins a comment line; one that is a time dates the lines behind it."""

LONGEST_ROW = 1024
"""No row of such a table is longer, in bytes."""

_LOOK_AT = 200
# Marks in the columns of a layout that its time was written without an offset: what it holds is
# that time as if it were UTC, for the zone is only known to `parse`.
_LOCAL = "local-time"


@dataclass(frozen=True)
class SnapshotTime:
    """When a table was taken: `us` is None where unknown; `zone` where one had to be applied."""

    us: int | None
    rough: bool
    zone: Zone | None = None

    def dated(self, event: Event) -> Event:
        """Return `event` with this time."""
        if self.us is not None:
            event["@timestamp"] = self.us
            if self.rough:
                event["quetsach.time.rough"] = True
            if self.zone is not None:
                event["event.timezone"] = str(self.zone)
        return event


def layout_of(dataset: str, columns: tuple[str, ...] = ()) -> LogLayout:
    """Return the layout of a table of `dataset` whose time is not known yet."""
    return LogLayout(dataset, columns=columns, marker=b"", header=HEADER, needs_date=True)


def relayout(line: bytes, layout: LogLayout) -> LogLayout | None:
    """Return the layout from a comment line on that is a time in ISO 8601, else None."""
    if not line.startswith(HEADER) or len(line) > LONGEST_ROW:
        return None
    text = values.as_text(line.removeprefix(HEADER).strip())
    when = us_from_iso(text, None)
    local = when is None
    when = us_from_iso(text, UTC) if local else when
    if when is None:
        return None
    columns = tuple(one for one in layout.columns if one != _LOCAL)
    columns = (*columns, _LOCAL) if local else columns
    changed = replace(layout, columns=columns, taken_us=when, taken_from_name=True)
    return None if changed == layout else changed


def snapshot_time(layout: LogLayout, zone: Zone) -> SnapshotTime:
    """Return when the rows under `layout` were taken."""
    when = layout.taken_us
    if when is None or _LOCAL not in layout.columns:
        return SnapshotTime(when, rough=not layout.taken_from_name)
    return SnapshotTime(us_in(when, zone), rough=False, zone=zone)


def us_in(as_utc_us: int, zone: Zone) -> int | None:
    """Return the time that reads in `zone` as `as_utc_us` reads in UTC; us since 1970 UTC."""
    moment = datetime.fromtimestamp(as_utc_us / MICROSECONDS, tz=UTC).replace(tzinfo=zone)
    return within(round(moment.timestamp() * MICROSECONDS))


def first_lines(head: bytes) -> Iterator[bytes]:
    """Yield the first lines of `head` that are neither blank nor comments; the last may be cut."""
    for line in head.split(b"\n", _LOOK_AT)[:_LOOK_AT]:
        stripped = line.strip()
        if stripped and not line.startswith(b"#"):
            yield stripped


_HEAD_LINES = 8
_LONGEST_ROW = 64 * 1024
_MOST_COLUMNS = 64
_BOM = b"\xef\xbb\xbf"


def heading_of(head: bytes, needed: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the delimiter and the names of the columns, if all that are `needed` are there."""
    for line in head.removeprefix(_BOM).split(b"\n", _HEAD_LINES)[:_HEAD_LINES]:
        if collected.is_comment(line):
            continue
        for delimiter in ("\t", ",", ";"):
            names = _cells(line, delimiter)
            if names and len(names) <= _MOST_COLUMNS and set(needed) <= set(names):
                return (delimiter, *names)
        return None
    return None


def row_of(line: bytes, heading: tuple[str, ...]) -> dict[str, str] | None:
    """Return the cells of a row by the name of their column, or None if their number differs."""
    cells = _cells(line, heading[0])
    names = heading[1:]
    if cells is None or len(cells) != len(names):
        return None
    return dict(zip(names, cells, strict=True))


def _cells(line: bytes, delimiter: str) -> list[str] | None:
    if len(line) > _LONGEST_ROW:
        return None
    text = values.as_text(line.removeprefix(_BOM).rstrip(b"\r"))
    if delimiter == "\t":
        return text.split("\t")
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None


# Commas and semicolons are not among them: they make a list of a table.
_AROUND = '()<>[]"'
# No address of either kind is shorter, or without one of these: a quick test of most words.
_SHORTEST = 2
_MARKS = frozenset(".:-")
# An address further back is part of a sentence, not of a row.
_FIRST_WORDS = 4


@dataclass(frozen=True)
class LineWords:
    """What a line holds: its words, the IP addresses and the hardware addresses among them.

    Shapes: `addresses` and `macs` are in canonical form, each once, in the order written; masks
    and the unspecified address are left out; `leading` says that an address is among the first
    words.
    """

    words: tuple[str, ...]
    addresses: tuple[str, ...]
    macs: tuple[str, ...]
    leading: bool

    @property
    def is_row(self) -> bool:
        """Whether exactly one address is beside exactly one hardware address."""
        return len(self.addresses) == len(self.macs) == 1


def words_of(line: bytes) -> LineWords | None:
    """Return what `line` holds, or None where it is too long for a row."""
    if len(line) > LONGEST_ROW:
        return None
    words = tuple(values.as_text(line).split())
    addresses: dict[str, None] = {}
    macs: dict[str, None] = {}
    leading = False
    for place, word in enumerate(words):
        # RouterOS writes address=10.20.3.41 mac-address=00:17:A4:B2:C3:D4.
        bare = word.rpartition("=")[2].strip(_AROUND)
        if len(bare) < _SHORTEST or not _MARKS.intersection(bare):
            continue
        mac = hardware(bare)
        if mac is not None:
            macs[mac] = None
            continue
        found = parse_address(bare)
        if found is None or is_nobody(found) or str(found).startswith("255."):
            continue
        addresses[str(found)] = None
        leading = leading or place < _FIRST_WORDS
    return LineWords(words, tuple(addresses), tuple(macs), leading)
