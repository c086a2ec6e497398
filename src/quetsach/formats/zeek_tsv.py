r"""Zeek logs as tables: `#fields` names the columns, `#separator` what separates them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats import zeek_fields
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.sieve.contract import LineClock

if TYPE_CHECKING:
    from quetsach.formats.shared.event_columns import EventColumns

_MARKER = b"#fields"
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|\\)")
_BOM = b"\xef\xbb\xbf"


_Record: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class _Plan:
    """The columns of one layout that fill fields, by number, ready to be gone through."""

    separator: str
    set_separator: str
    absent: frozenset[str]
    width: int
    time: int
    direct: tuple[tuple[int, str, Callable[[Any], Any], bool], ...]
    indirect: tuple[tuple[int, str, bool], ...]


class ZeekTsv:
    """Every Zeek log written by `LogAscii` as a table, of known and unknown `#path`."""

    name = "zeek-tsv"
    title = N_("Zeek log, table form")
    reads = N_("every Zeek log with a #fields line: conn, dns, http, ssl, files, dhcp and others")

    def recognise(self, head: bytes) -> bool:
        """Return whether a `#fields` line is in `head`, or at least Zeek's `#separator`."""
        return any(
            _fields_separator(line) is not None or line.startswith((b"#separator ", b"#separator|"))
            for line in _header_lines(head)
        )

    def layout(self, head: bytes) -> LogLayout:
        """Return separators, column names and `#path` as the header in `head` declares them."""
        # When a log was opened is all that differs between the headers of one kind.
        lines = (line for line in _header_lines(head) if not line.startswith((b"#open", b"#close")))
        return _declared(tuple(lines))

    def relayout(self, line: bytes, layout: LogLayout) -> LogLayout | None:
        """Return the layout that a further `#fields` line declares, as in logs glued together.

        Its `#path` is read from the columns: the `#path` line before it is not known here.
        """
        separator = _fields_separator(line)
        if separator is None:
            return None
        # One of several characters shows only its first here; the header said the whole.
        declared = layout.columns[0] if layout.columns else ""
        separator = declared if declared.startswith(separator) else separator
        names = tuple(_header(line, separator)[1].split(separator))
        columns = (separator, *layout.columns[1:4], *names)
        if columns == layout.columns:
            return None
        return _layout(columns, zeek_fields.guess(names))

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return the events of `lines`; a `#fields` line among them changes what follows."""
        rows = ParsedLines()
        plan = _plan(layout.columns)
        path = layout.dataset.partition(".")[2]
        for offset, line in lines:
            stripped = line.strip()
            if not stripped or stripped.startswith(b"#"):
                changed = self.relayout(line, layout) if _MARKER in line else None
                if changed is not None:
                    layout, plan = changed, _plan(changed.columns)
                    path = layout.dataset.partition(".")[2]
                rows.skipped.append(offset)
                continue
            if not plan.width:
                rows.reject(offset, "no-fields", line)
                continue
            parts = values.as_text(line).rstrip("\r").split(plan.separator)
            if len(parts) != plan.width:
                rows.reject(offset, "columns", line)
                continue
            record, rest = _record(parts, plan, zone)
            record["event.dataset"] = layout.dataset
            zeek_fields.complete(record, rest, path)
            rows.add(offset, record)
        return rows

    def parse_columns(
        self, lines: Sequence[Line], layout: LogLayout, zone: Zone
    ) -> "EventColumns | None":
        """Return the events of the plain ones of `lines`; of leases and odd layouts None."""
        plan = _plan(layout.columns)
        path = layout.dataset.partition(".")[2]
        fields = [field for _, field, _, _ in plan.direct]
        is_odd = len(plan.separator) != 1 or len(plan.set_separator) != 1 or plan.time < 0
        # Of two columns that fill one field the later one counts where it has a value.
        if is_odd or path == "dhcp" or len({*fields}) < len(fields):
            return None
        from quetsach.formats.shared.zeek_columns import zeek_columns

        return zeek_columns(lines, plan, layout.dataset, zone)


_OTHERS = {"#set_separator": 0, "#empty_field": 1, "#unset_field": 2}


def _record(parts: list[str], plan: _Plan, zone: Zone) -> tuple[_Record, _Record]:
    """Return the fields that single columns fill, and the columns left to `complete`."""
    record: _Record = {}
    absent = plan.absent
    if plan.time >= 0:
        values.set_time(record, parts[plan.time], zone)
    for number, field, convert, several in plan.direct:
        part = parts[number]
        if part not in absent:
            value = convert(_several(part, plan) if several else _unescaped(part))
            if value is not None:
                record[field] = value
    rest = {
        name: _several(parts[number], plan) if several else _unescaped(parts[number])
        for number, name, several in plan.indirect
        if parts[number] not in absent
    }
    return record, rest


def _several(part: str, plan: _Plan) -> list[str]:
    # A separator inside a value is escaped, so that splitting comes before unescaping.
    return [_unescaped(one) for one in part.split(plan.set_separator) if one not in plan.absent]


def _unescaped(part: str) -> str:
    if "\\" not in part:
        return part
    # Zeek escapes byte by byte, so that what was UTF-8 has to be put together again.
    raw = _ESCAPE.sub(_escaped_byte, part.encode())
    return values.as_text(raw)


def _escaped_byte(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)]) if found[1] else b"\\"


@lru_cache(maxsize=64)
def _plan(columns: tuple[str, ...]) -> _Plan:
    separator, set_separator, empty, unset, *names = columns
    direct, indirect, time = [], [], -1
    for number, raw in enumerate(names):
        name = zeek_fields.canonical(raw)
        target = zeek_fields.target(raw)
        if name == "ts" and time < 0:
            time = number
        elif target is not None:
            direct.append((number, *target, name in zeek_fields.LISTS))
        elif name in zeek_fields.INDIRECT:
            indirect.append((number, name, name in zeek_fields.LISTS))
    return _Plan(
        separator=separator,
        set_separator=set_separator or ",",
        absent=frozenset({empty, unset, ""}),
        width=len(names),
        time=time,
        direct=tuple(direct),
        indirect=tuple(indirect),
    )


def _layout(columns: tuple[str, ...], path: str | None) -> LogLayout:
    names = columns[4:]
    # The hour is read off the line's start only where the time is there.
    clock = (
        LineClock(needle=b"", epoch=True)
        if [*map(zeek_fields.canonical, names[:1])] == ["ts"]
        else None
    )
    return LogLayout(
        dataset=f"zeek.{path or 'log'}",
        columns=columns,
        clock=clock,
        marker=b"" if path == "dhcp" else None,
        header=_MARKER,
    )


@lru_cache(maxsize=256)
def _declared(header: tuple[bytes, ...]) -> LogLayout:
    separator, others, path = "\t", [",", "(empty)", "-"], None
    names: tuple[str, ...] = ()
    for line in header:
        word, rest = _header(line, separator)
        if word == "#separator":
            separator = _unescaped(rest) or separator
        elif word in _OTHERS:
            others[_OTHERS[word]] = _unescaped(rest)
        elif word == "#path":
            path = rest
        elif word == "#fields":
            names = tuple(rest.split(separator))
            break
    columns = (separator, *others, *names)
    return _layout(columns, path or zeek_fields.guess(names))


def _header_lines(head: bytes) -> Iterable[bytes]:
    place, size = (len(_BOM) if head.startswith(_BOM) else 0), len(head)
    while place < size:
        end = head.find(b"\n", place)
        end = size if end < 0 else end
        line = head[place:end].strip()
        place = end + 1
        if line.startswith(b"#"):
            yield line
        elif line:
            return


def _header(line: bytes, separator: str) -> tuple[str, str]:
    r"""Return the word and the value of a header line; only `#separator` parts them by a blank."""
    header = values.as_text(line.strip(b" \t\r"))
    word, _, value = header.partition(" " if header.startswith("#separator ") else separator)
    return word, value


def _fields_separator(line: bytes) -> str | None:
    """Return the separator that a `#fields` line itself shows, or None if it is no such line."""
    stripped = line.strip(b" \t\r")
    following = stripped[len(_MARKER) : len(_MARKER) + 1]
    if not stripped.startswith(_MARKER) or not following or following.isalnum():
        return None
    return following.decode("latin-1")
