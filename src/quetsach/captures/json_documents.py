"""JSON that is not one object a line: pretty-printed, arrays, batches, Elastic's answers.

Each record becomes one line. Objects within a batch are told by the name of their list and by the
batch having no time of its own.
Source: RFC 8259; Elasticsearch, Search API (`hits.hits[]._source`); Microsoft, Azure Monitor
(`records`) and Graph (`value`); Amazon, CloudWatch Logs (`logEvents`) and CloudTrail (`Records`);
Google, Logging API (`entries`); Graylog, search (`messages[].message`).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from quetsach.captures.contract import CaptureDamaged, CaptureSource, LineSink, UnreadReason
from quetsach.errors.catalogue import N_

MOST_BYTES = 256 << 20
"""A larger document is not read: it is held in memory as a whole."""

LONGEST_RECORD = 15 << 20
"""A longer record is no line of a log, in bytes."""

_LISTS = (
    *("records", "Records", "value", "hits", "events", "Events", "logs", "entries", "results"),
    *("rows", "messages", "items", "data", "logEvents", "alerts", "resultsPage", "response"),
)
_TIMES = frozenset(
    {
        *("@timestamp", "timestamp", "time", "ts", "datetime", "date", "eventTime", "Timestamp"),
        *("TimeCreated", "EventTime", "event_time", "UtcTime", "startTime", "TimeGenerated"),
        "epochTime",
    }
)
_LOOK_AT = 20
_TEXT = rb'"(?:[^"\\]|\\.)*"'
_ARRAY = re.compile(rb'\[\s*(?:\{\s*["}]|\[\s*[\["{\]]|\]\s*$|' + _TEXT + rb"\s*[,\]])")
_OBJECT = re.compile(rb"\{\s*[\"}]")
_BATCH = re.compile(
    rb"\{\s*(?:" + _TEXT + rb"\s*:\s*(?:" + _TEXT + rb"|[\d.eE+-]+|true|false|null)\s*,\s*){0,12}"
    rb'"(?:' + "|".join(_LISTS).encode() + rb')"\s*:\s*[\[{]'
)
_NOT_BLANK = re.compile(r"[^\s,]")
_NEXT = re.compile(r"\n(?=[{\[])")
_BREAKS = re.compile(rb"[\r\n]+")
_DEPTH = 4


class JsonDocuments:
    """Reads JSON documents of many lines, and lines that hold many records."""

    kind = "json"
    title = N_("JSON documents")
    reads = N_("objects over several lines, arrays, batches and Elastic answers: a line a record")
    wants_beside = False

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `head` begins JSON that is not simply one object a line."""
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if text.startswith(b"["):
            return _ARRAY.match(text) is not None
        if _OBJECT.match(text) is None:
            return False
        lines = text.split(b"\n", _LOOK_AT)[:_LOOK_AT]
        first = _decoded(lines[0].rstrip(b"\r"))
        if isinstance(first, dict):
            return batch_in(first) is not None
        if len(lines) == 1:
            # A long line is cut off in the head; so may be a batch.
            return _BATCH.match(text) is not None or _is_several(lines[0])
        if any(isinstance(_decoded(line), dict) for line in lines[1:] if line[:1] == b"{"):
            # A damaged line among lines that are objects.
            return False
        return _BATCH.match(text) is not None or _is_several(lines[0]) or _is_spread(lines)

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write each record as one line."""
        if source.path.stat().st_size > MOST_BYTES:
            raise CaptureDamaged(UnreadReason.TOO_LONG)
        text = source.path.read_bytes().decode("utf-8-sig", "replace")
        for outer in _values(text, sink):
            for record in _records(outer):
                _write(record, sink)


def batch_in(outer: Mapping[str, Any], depth: int = 0) -> list[Any] | None:
    """Return the records of a batch, or None where `outer` is a record itself."""
    if _TIMES & outer.keys() or depth > _DEPTH:
        return None
    for name in _LISTS:
        inner = outer.get(name)
        if isinstance(inner, dict) and name in ("hits", "data", "response", "logs"):
            batch = batch_in(inner, depth + 1)
            if batch is not None:
                return batch
        if isinstance(inner, list) and inner and (_are_records(inner) or _are_texts(inner)):
            return inner
    return None


def _are_records(outer: list[Any]) -> bool:
    return all(isinstance(each, dict) for each in outer)


def _are_texts(outer: list[Any]) -> bool:
    return all(isinstance(each, str) for each in outer)


def _decoded(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _is_several(line: bytes) -> bool:
    """Return whether several objects stand in one line, one behind the other."""
    try:
        text = line.decode("utf-8", "replace")
        outer, end = _decoder.raw_decode(text)
        return isinstance(outer, dict) and text[end:].lstrip(" ,")[:1] == "{"
    except (ValueError, RecursionError):
        return False


def _is_spread(lines: list[bytes]) -> bool:
    """Return whether an object goes on in the second line."""
    rest = b"\n".join(lines[1:]).lstrip()
    first = lines[0].strip()
    if first in (b"{", b"{}"):
        return rest[:1] in (b'"', b"}", b"{")
    return first.endswith((b",", b"{", b"[", b"}")) and rest[:1] in (b'"', b"{", b"[", b"}", b"]")


_decoder = json.JSONDecoder()


def _values(text: str, sink: LineSink) -> Iterator[Any]:
    """Yield the values of `text` one after the other; an array gives its elements.

    Behind a place that is no JSON it goes on with the next line that begins an object.
    """
    place = depth = 0
    while (blank := _NOT_BLANK.search(text, place)) is not None:
        place = blank.start()
        if text[place] == "]" or (text[place] == "[" and not depth):
            depth = int(text[place] == "[")
            place += 1
            continue
        try:
            outer, place = _decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            sink.miss(UnreadReason.NOT_JSON)
            again = _NEXT.search(text, place)
            if again is None:
                return
            place = again.end()
            continue
        yield outer


def _records(outer: Any) -> Iterator[Any]:
    """Yield the records in one value."""
    batch: list[Any] | None = None
    if isinstance(outer, dict):
        batch = batch_in(outer)
    elif isinstance(outer, list) and _are_records(outer):
        batch = outer
    # A row of a table stays whole.
    for record in [outer] if batch is None else batch:
        yield _unwrapped(record) if isinstance(record, dict) else record


def _unwrapped(record: dict[str, Any]) -> Any:
    """Return the document inside what Elastic and Graylog put around it."""
    if isinstance(record.get("_source"), dict):
        return record["_source"]
    if "_index" in record and isinstance(record.get("fields"), dict):
        return record["fields"]
    if "index" in record and isinstance(record.get("message"), dict):
        return record["message"]
    return record


def _write(record: Any, sink: LineSink) -> None:
    if isinstance(record, str):
        # A log line kept as a text; one that holds breaks stays one record.
        line = _BREAKS.sub(b" ", record.strip().encode("utf-8", "replace"))
    elif isinstance(record, (dict, list)):
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
    else:
        sink.miss(UnreadReason.NOT_JSON)
        return
    if len(line) > LONGEST_RECORD:
        sink.miss(UnreadReason.TOO_LONG)
    elif line:
        sink.text(line, 1)
