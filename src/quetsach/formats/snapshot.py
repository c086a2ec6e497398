"""Tables without a time of their own: a comment line before them, or else their file, dates them.

`(echo "# $(date -Is)"; ip neigh) >> neigh.log` every few minutes makes a history of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from quetsach.clocks import MICROSECONDS, Zone, us_from_iso, within
from quetsach.formats import values
from quetsach.formats.contract import Layout
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
class Taken:
    """When a table was taken: `us` is None where untold; `zone` where one had to be applied."""

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


def layout_of(dataset: str, columns: tuple[str, ...] = ()) -> Layout:
    """Return the layout of a table of `dataset` whose time is still to be told."""
    return Layout(dataset, columns=columns, marker=b"", header=HEADER, needs_date=True)


def relayout(line: bytes, layout: Layout) -> Layout | None:
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


def taken(layout: Layout, zone: Zone) -> Taken:
    """Return when the rows under `layout` were taken."""
    when = layout.taken_us
    if when is None or _LOCAL not in layout.columns:
        return Taken(when, rough=not layout.taken_from_name)
    return Taken(us_in(when, zone), rough=False, zone=zone)


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
