"""Zeek logs as JSON, one object a line, with the names of any site: `id.orig_h` or `id_orig_h`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats import zeek_fields
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.text_lines import first_objects, object_of
from quetsach.sieve.contract import LineClock

# Where a log that carries several kinds names the kind: zeek -C, json-streaming-logs, Corelight.
_STREAM_KEYS = ("_path", "@path", "@stream", "#path", "_stream")
_TIME_KEYS = ("ts", "@timestamp", "timestamp", "_write_ts")
# Keys that, beside the time, only Zeek writes; the pairs are for logs without a connection.
_SIGNS = frozenset(
    {
        *("uid", "uids", "fuid", "conn_uids", "id.orig_h", "client_addr", "suppress_for"),
        *("software_type", "orig_hw", "port_proto", "compile_ts"),
        *("certificate.serial", "ts_delta", "seen.indicator"),
    }
)
_SIGN_PAIRS = (
    frozenset({"node", "filter"}),
    frozenset({"peer", "mem"}),
    frozenset({"note", "actions"}),
    frozenset({"level", "location"}),
)
_LONGEST_KEY = 64
_TIMES = (re.compile(rb'"ts": ?("?)'), re.compile(rb'"@?timestamp": ?("?)'))


class ZeekJson:
    """Every Zeek log written as JSON lines, of known and unknown kind."""

    name = "zeek-json"
    title = N_("Zeek log, JSON form")
    reads = N_("every Zeek log in JSON lines: conn, dns, http, ssl, files, dhcp and others")

    def recognise(self, head: bytes) -> bool:
        """Return whether one of the first lines is an object with `ts` and a key of Zeek's."""
        return any(_is_zeek(one) for one in first_objects(head))

    def layout(self, head: bytes) -> LogLayout:
        """Return the kind of log, from its stream key or its other keys, and where `ts` is."""
        objects = [one for one in first_objects(head) if _is_zeek(one)]
        path = (_path(objects[0]) if objects else None) or "log"
        marker = b"" if path == "dhcp" else None
        if any(_stream(one) for one in objects):
            # Several kinds may come in one file; lines that say who held an address hold this.
            marker = b'"dhcp"'
        return LogLayout(dataset=f"zeek.{path}", clock=_clock(head), marker=marker)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return the events of `lines`, one a line."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            zeek_object = object_of(line)
            if zeek_object is None:
                rows.reject(offset, "not-json", line)
                continue
            record = _record(zeek_object, layout, zone)
            if record is None:
                rows.reject(offset, "no-zeek-field", line)
            else:
                rows.add(offset, record)
        return rows


def _record(zeek_object: Mapping[str, Any], layout: LogLayout, zone: Zone) -> dict[str, Any] | None:
    """Return the event's fields, or None where no key is one that we know."""
    record: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for key, content in zeek_object.items():
        if isinstance(content, dict):
            # Nested records that were not flattened: {"id": {"orig_h": ...}}.
            for inner, one in content.items():
                _take(f"{key}.{inner}", one, record, rest)
        else:
            _take(key, content, record, rest)
    for key in _TIME_KEYS:
        if "@timestamp" not in record and key in zeek_object:
            values.set_time(record, zeek_object[key], zone)
    if not record and not rest and "ts" not in zeek_object:
        return None
    path = _path(zeek_object)
    record["event.dataset"] = layout.dataset if path is None else f"zeek.{path}"
    zeek_fields.complete(record, rest, path or layout.dataset.partition(".")[2])
    return record


def _take(key: str, content: Any, record: dict[str, Any], rest: dict[str, Any]) -> None:
    # A longer key is unknown, and would stay in the cache of `target`.
    target = zeek_fields.target(key) if len(key) <= _LONGEST_KEY else None
    if target is not None:
        typed = target[1](content)
        if typed is not None:
            record[target[0]] = typed
    elif content is not None and (name := zeek_fields.canonical(key)) in zeek_fields.INDIRECT:
        rest[name] = content


def _stream(found: Mapping[str, Any]) -> str | None:
    for key in _STREAM_KEYS:
        value = found.get(key)
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_KEY:
            return value
    return None


def _path(found: Mapping[str, Any]) -> str | None:
    return _stream(found) or zeek_fields.guess(found)


def _is_zeek(zeek_object: Mapping[str, Any]) -> bool:
    if "event_type" in zeek_object or _is_ecs(zeek_object):
        return False
    if any(key in zeek_object for key in _STREAM_KEYS) and any(
        key in zeek_object for key in _TIME_KEYS
    ):
        return True
    names = {zeek_fields.canonical(key) for key in zeek_object if len(key) <= _LONGEST_KEY}
    id_record = zeek_object.get("id")
    if isinstance(id_record, dict) and "orig_h" in id_record:
        names.add("id.orig_h")
    return "ts" in names and (
        not _SIGNS.isdisjoint(names) or any(pair <= names for pair in _SIGN_PAIRS)
    )


def _is_ecs(zeek_object: Mapping[str, Any]) -> bool:
    """Return whether it is an ECS document, with dots in its names and none of Zeek's own."""
    if "@timestamp" not in zeek_object or any(
        key in zeek_object for key in ("ts", "_path", "uid", "id")
    ):
        return False
    return "event.dataset" in zeek_object or "source.ip" in zeek_object


def _clock(head: bytes) -> LineClock | None:
    match = next((one for form in _TIMES if (one := form.search(head)) is not None), None)
    if match is None:
        return None
    if match[1]:
        return LineClock(needle=match[0], length=len("2026-09-01T08"))
    return LineClock(needle=match[0], epoch=True)
