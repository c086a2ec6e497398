"""What a person declares of a log: zone, clock, year and inside networks; `sources.toml` is read.

A log that leaves out its zone or its year can only be guessed at. Whoever runs the device knows,
and says it once; the report shows what was declared and what was still assumed.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from quetsach.addresses import Network
from quetsach.clocks import MICROSECONDS, Zone, zone_from_offset
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.evidence.archives import BETWEEN
from quetsach.texts import _

LONGEST_FILE = 1 << 20
"""A file of declarations is short; what is longer is a log that was named by mistake, in bytes."""

MOST_SOURCES = 10_000

FARTHEST_OFF_S = 40 * 366 * 86_400
"""A device without a battery starts in 1970 or 2000; no clock is farther off."""

_OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
_SPAN = re.compile(
    r"([+-]?)\s*(?:(\d{1,5})\s*d)?\s*(?:(\d{1,6})\s*h)?\s*(?:(\d{1,8})\s*m)?"
    r"\s*(?:(\d{1,10}(?:\.\d{1,6})?)\s*s)?"
)
_SOURCE_HEAD = re.compile(r"(?m)^[ \t]*\[\[[ \t]*source[ \t]*\]\]")
SIGN_REVERSED = re.compile(r"Etc/GMT[+-]\d{1,2}")
"""Names of POSIX: Etc/GMT+7 is seven hours *behind* UTC, which nobody who writes it means."""

# They are files of the system's table, but name the zone of this machine or none at all.
_NO_ZONES = frozenset({"localtime", "posixrules", "Factory", ""})


@dataclass(frozen=True)
class DeclaredSource:
    """What holds for the files that one of `path` (globs) meets; made by `declared_source`.

    Shapes: `zone` is an IANA name, `UTC` or an offset such as `+07:00`, "" where it is not
    declared; `taken` is a date or time in ISO 8601, "" likewise; `inside` are networks as text, ()
    where the usual ones hold. `place` says where it was declared, "" for one that was made by a
    program; only a pattern with a place is told when it meets no file.
    Units: `clock_offset_s` is how many seconds the clock of the source is ahead of the true time.
    """

    path: tuple[str, ...]
    name: str = ""
    zone: str = ""
    clock_offset_s: float | None = None
    year: int | None = None
    taken: str = ""
    inside: tuple[str, ...] = ()
    place: str = ""

    @property
    def offset_us(self) -> int:
        """What is added to the times of the source to set its clock right, in us."""
        return -round((self.clock_offset_s or 0) * MICROSECONDS)

    def meets(self, shown: str) -> bool:
        """Return whether one of the patterns meets the file that is shown as `shown`."""
        return any(_meets(pattern, shown) for pattern in self.path)

    def zone_or(self, default: Zone) -> Zone:
        """Return the declared zone, else `default`."""
        return zone_called(self.zone) if self.zone else default

    def taken_us(self, zone: Zone) -> int | None:
        """Return when the log was taken, by `taken` or `year`; None where neither is declared.

        A date alone means the end of its day, a year its end: no line of it is later.
        """
        if self.taken:
            moment = datetime.fromisoformat(self.taken)
            if len(self.taken) == len("2026-09-01"):
                moment = moment.replace(hour=23, minute=59, second=59)
        elif self.year is not None:
            # A line may be a day younger than its file; one of New Year's Day must not be taken
            # for one of the year after.
            moment = datetime(self.year, 12, 30, 23, 59, 59)
        else:
            return None
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        return round(aware.timestamp() * MICROSECONDS)

    def networks(self) -> tuple[Network, ...]:
        """Return the inside networks of the source; () where none are declared."""
        return tuple(ip_network(text) for text in self.inside)


def source_for(shown: str, sources: Sequence[DeclaredSource]) -> DeclaredSource | None:
    """Return the first of `sources` that meets the file shown as `shown`, None for none."""
    return next((source for source in sources if source.meets(shown)), None)


def patterns_unmet(sources: Sequence[DeclaredSource], paths: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem (E131) for each pattern with a place that meets none of `paths`."""
    for source in sources:
        for pattern in source.path if source.place else ():
            if not any(_meets(pattern, shown) for shown in paths):
                yield Problem("E131", f"{source.place}: {pattern}")


def _meets(pattern: str, shown: str) -> bool:
    wanted, parts = _parts(pattern), _parts(shown)
    if pattern.startswith("/"):
        return shown.startswith("/") and _fits(wanted, parts)
    return any(_fits(wanted, parts[start:]) for start in range(len(parts)))


@lru_cache(maxsize=4096)
def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.replace(BETWEEN, "/").split("/") if part not in ("", "."))


def _fits(wanted: Sequence[str], parts: Sequence[str]) -> bool:
    """Return whether the parts of a pattern fit those of a path; `**` stands for any number."""
    reached = {0}
    for part in wanted:
        if part == "**":
            reached = set(range(min(reached, default=len(parts) + 1), len(parts) + 1))
        else:
            reached = {
                place + 1
                for place in reached
                if place < len(parts) and fnmatchcase(parts[place], part)
            }
    return len(parts) in reached


@lru_cache(maxsize=256)
def zone_called(name: str) -> Zone:
    """Return the zone of an IANA name, `UTC` or an offset such as `+07:00`.

    Errors: ValueError for anything else.
    """
    if _OFFSET.fullmatch(name):
        zone = zone_from_offset(name)
        if zone is not None:
            return zone
    try:
        if name not in _NO_ZONES and not SIGN_REVERSED.fullmatch(name):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise ValueError(
        _("%(zone)s is no zone; right are Asia/Ho_Chi_Minh, UTC, +07:00") % {"zone": name}
    )


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    """A table `[[source]]` as it is written."""

    path: str | list[str]
    name: str = ""
    zone: str = ""
    clock_offset: float | str | None = None
    year: int | None = None
    taken: Any = ""
    inside: str | list[str] = []


_KEYS = _Row.__struct_fields__


def read_sources(path: Path) -> tuple[DeclaredSource, ...]:
    """Return what the file of declarations at `path` says, in its order.

    Errors: QuetsachError E267, with the place, for whatever is not understood: a word that is
    passed over here would move times by hours.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_FILE + 1)
    except OSError as error:
        raise _refused(str(path), error.strerror or str(error)) from error
    if len(content) > LONGEST_FILE:
        raise _refused(str(path), _("it is too long"))
    try:
        text = content.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(str(path), str(error)) from error
    rows = table.pop("source", [])
    if table:
        reason = _("unknown key %(key)s") % {"key": ", ".join(sorted(table))}
        raise _refused(str(path), reason)
    if not isinstance(rows, list) or not rows or len(rows) > MOST_SOURCES:
        raise _refused(str(path), _("it needs at least one table [[source]]"))
    heads = [text.count("\n", 0, head.start()) + 1 for head in _SOURCE_HEAD.finditer(text)]
    return tuple(
        declared_source(declaration, _place(str(path), number, heads, len(rows)))
        for number, declaration in enumerate(rows)
    )


def _place(path: str, number: int, heads: Sequence[int], count: int) -> str:
    # A `[[source]]` inside a text over several lines would shift the lines; then none is said.
    line = f":{heads[number]}" if len(heads) == count else ""
    return f"{path}{line} [[source]] {number + 1}"


def read_declared(sources: Sequence[DeclaredSource] | Path) -> tuple[DeclaredSource, ...]:
    """Return what is declared of the sources, checked; a path is that of a `sources.toml`.

    Errors: QuetsachError E267 for whatever is not understood.
    """
    if isinstance(sources, Path):
        return read_sources(sources)
    return tuple(source if source.place else checked(source) for source in sources)


def declared_source(declaration: Mapping[str, Any], place: str = "") -> DeclaredSource:
    """Return what `declaration` says, which has the keys of a table in `sources.toml`.

    Errors: QuetsachError E267 for an unknown key or a value that is not understood.
    """
    try:
        unknown = sorted(set(map(str, declaration)) - set(_KEYS))
        if unknown:
            facts = {"key": ", ".join(unknown), "keys": ", ".join(_KEYS)}
            raise ValueError(_("unknown key %(key)s; there are %(keys)s") % facts)
        if "path" not in declaration:
            raise ValueError(_("it names no path"))
        table = msgspec.convert(dict(declaration), _Row)
        paths = [table.path] if isinstance(table.path, str) else table.path
        named = [table.inside] if isinstance(table.inside, str) else table.inside
        source = DeclaredSource(
            path=tuple(map(_checked_pattern, paths)),
            name=table.name.strip(),
            zone=table.zone.strip(),
            clock_offset_s=_seconds(table.clock_offset),
            year=table.year,
            taken=_checked_moment(table.taken),
            inside=tuple(map(_checked_network, named)),
            place=place,
        )
        _check_whole(source)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise _refused(place or "sources", str(error)) from error
    return source


def checked(source: DeclaredSource) -> DeclaredSource:
    """Return `source`, made by a program, as it would be read from a file. Errors: E267."""
    declaration = {
        "path": list(source.path),
        "name": source.name,
        "zone": source.zone,
        "clock_offset": source.clock_offset_s,
        "year": source.year,
        "taken": source.taken,
        "inside": list(source.inside),
    }
    return replace(declared_source(declaration, source.place or source.name), place=source.place)


def _check_whole(source: DeclaredSource) -> None:
    if not source.path:
        raise ValueError(_("it names no path"))
    if source.zone:
        zone_called(source.zone)
    if source.year is not None and not 1990 <= source.year <= 2099:
        raise ValueError(_("no year: %(value)s") % {"value": source.year})
    if source.year is not None and source.taken:
        raise ValueError(_("year and taken both say which year it is; give one"))


def _checked_pattern(pattern: str) -> str:
    parts = _parts(pattern)
    is_wrong = any("**" in part and part != "**" for part in parts)
    is_wrong |= not parts or not pattern.isprintable() or "\\" in pattern
    is_wrong |= any(_is_open(part) for part in parts)
    if is_wrong:
        raise ValueError(_("no pattern of a path: %(value)s") % {"value": repr(pattern)})
    return pattern


def _is_open(part: str) -> bool:
    """Return whether a class of letters is begun and not ended: `[ab`."""
    begun = part.find("[")
    return begun >= 0 and part.find("]", begun + 2) < 0


def _checked_network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError as error:
        raise ValueError(_("no network: %(value)s") % {"value": repr(text)}) from error


def _checked_moment(written: object) -> str:
    # TOML has dates and times of its own.
    text = written.isoformat() if isinstance(written, date) else written
    if text == "":
        return ""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise ValueError(_("no date: %(value)s") % {"value": repr(text)}) from error
    if not 1990 <= moment.year <= 2099:
        raise ValueError(_("no date: %(value)s") % {"value": repr(text)})
    return moment.isoformat() if ":" in str(text) else moment.date().isoformat()


def _seconds(written: float | str | None) -> float | None:
    """Return an offset in seconds: a number, or a text such as `-1h 02m 03s`."""
    if written is None:
        return None
    seconds = _span_seconds(written) if isinstance(written, str) else float(written)
    # What is no number compares as False.
    if seconds is None or not abs(seconds) <= FARTHEST_OFF_S:
        raise ValueError(
            _('no difference of clocks: %(value)s; right are 90, -90, "1h 02m 03s"')
            % {"value": repr(written)}
        )
    return seconds


def _span_seconds(text: str) -> float | None:
    found = _SPAN.fullmatch(text.strip())
    if found is None or not any(found.groups()[1:]):
        return None
    sign, days, hours, minutes, seconds = found.groups(default="0")
    span = timedelta(
        days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds)
    ).total_seconds()
    return -span if sign == "-" else span


def _refused(place: str, reason: str) -> QuetsachError:
    return QuetsachError("E267", place, reason=reason)
