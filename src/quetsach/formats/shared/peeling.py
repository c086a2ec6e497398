"""What a line is wrapped in: syslog heads, JSON of collectors, counts; peeled off, layer by layer.

A layer is what one wrapper held, the whole line being the first. Whoever reads a line tries the
innermost layer first: a collector copies the message, and often adds fields of its own.
Source: RFC 6587, 3.4.1 (octet counts); Elastic Beats, Wazuh, journald, Docker json-file, Fluent
Bit, GELF 1.1 and the exports of Splunk and Elasticsearch for the names of the fields.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from quetsach.clocks import Zone
from quetsach.formats.shared import values
from quetsach.formats.shared.syslog import SyslogHeader, split_head
from quetsach.formats.shared.times import read_time

LONGEST = 64 * 1024
"""How much of a line is looked at, in bytes."""

MOST_LAYERS = 6


@dataclass(frozen=True)
class LineLayer:
    """What one wrapper held.

    Shapes: `text` is the message without the heads around it, with its tag as `program[pid]: `
    where a head names the program; `whole` has them still; `document` is its JSON object, where it
    is one. `host` is the machine that a head names: the writer of the line, never the client.
    Units: `when_us` is the time that the nearest wrapper gives, None where there is none;
    `applied` says that the zone of the source had to be applied to it.
    """

    text: str
    whole: str
    document: Mapping[str, Any] | None = None
    when_us: int | None = None
    applied: bool = False
    host: str = ""
    program: str = ""


def peel(line: bytes, zone: Zone, taken_us: int | None) -> list[LineLayer]:
    """Return the layers of `line`, the innermost first; there is always one."""
    layers = list(_layers(values.as_text(line[:LONGEST]).strip("\ufeff \t\r\n"), zone, taken_us))
    return layers[::-1]


def peel_document(document: Mapping[str, Any], zone: Zone, taken_us: int | None) -> list[LineLayer]:
    """Return the layers of a row whose columns have names, the innermost first."""
    return list(_of_document("", document, LineLayer("", ""), zone, taken_us))[::-1]


def _layers(text: str, zone: Zone, taken_us: int | None) -> Iterator[LineLayer]:
    outer = LineLayer("", "")
    document = _document(text)
    if document is None:
        outer = _headed(text, zone, taken_us, outer)
        text = outer.text[_TAG_OF_JSON.match(outer.text).end() :]  # type: ignore[union-attr]  # all optional
        document = _document(text)
    if document is None:
        yield outer
    else:
        yield from _of_document(text, document, outer, zone, taken_us)


def _of_document(
    text: str, document: Mapping[str, Any], outer: LineLayer, zone: Zone, taken_us: int | None
) -> Iterator[LineLayer]:
    """Yield the layer of a JSON object, and those that it wraps."""
    for _ in range(MOST_LAYERS):
        when, applied = _time_of(document, zone)
        if when is None:
            when, applied = outer.when_us, outer.applied
        host = _host_of(document) or outer.host
        layer = LineLayer(text, text, document, when, applied, host, _program_of(document))
        yield layer
        inner = _wrapped(document)
        if inner is None:
            return
        if isinstance(inner, Mapping):
            document, outer, text = inner, layer, ""
            continue
        inside = _document(inner)
        if inside is None:
            headed = _headed(inner, zone, taken_us if when is None else when, layer)
            inside = _document(headed.text)
            if inside is None:
                yield headed
                return
            inner, layer = headed.text, headed
        document, outer, text = inside, layer, inner


_TAG_OF_JSON = re.compile(r"(?:[A-Za-z][\w./\-]{0,47}(?:\[\d{1,10}\])?: ?(?=[{@]))?(?:@cee: ?)?")
_COUNT = re.compile(r"\d{1,6} (?=<\d{1,3}>)")
# A name with a port is a peer: OpenVPN puts `client01/192.0.2.9:59321` behind the time.
_NO_HOST = re.compile(
    r"[|=,{\"%]|::.*::|\A(?:client|rule|TCP|TLS|IP6?|ARP|\d)\Z|\d\.\d{1,3}\]?:\d{1,5}\Z"
    r"|\A(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\Z"
)
_ZONE_WORD = re.compile(r"(?:[A-Z]{2,5}|[+-]\d{4})[.\d]{0,8}: (?:%|DHCPD: )")
_RFC5424 = re.compile(
    r"(?:<\d{1,3}>)?1 (?P<when>\d{4}-\S+) (?P<host>\S+) (?P<program>\S+) (?P<pid>\S+) (?P<id>\S+) "
    r"(?P<data>-|(?:\[(?:[^\]\\\"]|\\.|\"(?:[^\"\\]|\\.)*\")*\])+)? ?(?P<rest>.*)",
    re.DOTALL,
)
_PROGRAM = re.compile(r"([A-Za-z][\w./\-]{0,47})(?:\[\d{1,10}\])?: ?")


def _headed(text: str, zone: Zone, taken_us: int | None, outer: LineLayer) -> LineLayer:
    """Return what is behind the heads of `text`: a relay puts its own before the sender's."""
    when, applied, host = outer.when_us, outer.applied, outer.host
    rest, program = text, outer.program
    for _ in range(MOST_LAYERS):
        count = _COUNT.match(rest)
        rest = rest[count.end() :] if count else rest
        head, named = _one_head(rest, zone, taken_us)
        if head is None:
            break
        rest, program = head.rest, named or program
        if head.when_us is not None:
            when, applied = head.when_us, head.applied
        host = head.host or host
    tag = _PROGRAM.match(rest)
    program = tag[1] if tag is not None else program
    return LineLayer(rest, text, None, when, applied, host, program)


def _one_head(text: str, zone: Zone, taken_us: int | None) -> tuple[SyslogHeader | None, str]:
    """Return the head of `text`, and the program that a head of RFC 5424 names."""
    new = _RFC5424.match(text)
    if new is not None and len(new["when"]) >= 15:
        when, applied = read_time(new["when"], zone)
        parts = [part for part in (new["id"], new["data"]) if part not in ("-", None)]
        program = "" if new["program"] == "-" else new["program"]
        pid = "" if new["pid"] == "-" else f"[{new['pid']}]"
        tag = f"{program}{pid}: " if program else ""
        message = " ".join([*parts, new["rest"].lstrip("\ufeff")]).strip()
        host = "" if new["host"] == "-" else new["host"]
        return SyslogHeader(when, applied, host, tag + message), program
    head = split_head(text, zone, taken_us)
    if head is None or _ZONE_WORD.match(head.rest):
        # With the word of a zone behind it, the time is the message's own affair.
        bare = re.match(r"<\d{1,3}>", text)
        return (
            (None, "") if bare is None else (SyslogHeader(None, False, "", text[bare.end() :]), "")
        )
    if head.host and (_NO_HOST.search(head.host) or head.host.endswith(":")):
        # The device leaves its own name out: this word is the message's.
        place = text.find(head.host, len(text) - len(head.rest) - len(head.host) - 1)
        return SyslogHeader(head.when_us, head.applied, "", text[place:]), ""
    return head, ""


_decoder = msgspec.json.Decoder()
_TRAILING = re.compile(r"[,\s\]]+\Z")


def _document(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object that `text` is, or None; a comma of an array may follow it."""
    text = text.lstrip("[, ") if text[:1] in ("[", ",") else text
    if not text.startswith("{"):
        return None
    for written in (text, _TRAILING.sub("", text)):
        try:
            decoded = _decoder.decode(written)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            continue
        return decoded if isinstance(decoded, dict) and decoded else None
    return None


def value_at(document: Mapping[str, Any], path: str) -> Any:
    """Return what is at a dotted `path`: a key of that very name, else key by key; None else."""
    at: Any = document.get(path)
    if at is not None or "." not in path or path in document:
        return at
    at = document
    for key, rest in _keys_of(path):
        if type(at) is dict or isinstance(at, Mapping):
            if rest in at:
                return at[rest]
            at = at.get(key)
        elif isinstance(at, list):
            at = at[int(key)] if key.isdigit() and int(key) < len(at) else None
        else:
            return None
    return at


@lru_cache(maxsize=4096)
def _keys_of(path: str) -> tuple[tuple[str, str], ...]:
    """Return the keys of a dotted path, each with the path from it on."""
    keys = path.split(".")
    return tuple((key, ".".join(keys[number:])) for number, key in enumerate(keys))


_MESSAGES = (
    "event.original",
    "full_log",
    "_raw",
    "MESSAGE",
    "message",
    "log.original",
    "log",
    "full_message",
    "short_message",
    "raw",
    "rawEvent",
    "raw_message",
    "msg",
    "payload",
    "line",
    "syslog",
    "result._raw",
    "data.full_log",
)
_INNER = ("_source", "result", "fields", "event", "json", "content")
_TIMES = (
    "@timestamp",
    "timestamp",
    "_time",
    "time",
    "date",
    "__REALTIME_TIMESTAMP",
    "receivedAt",
    "timereported",
    "result._time",
)
_HOSTS = (
    "host.name",
    "host.hostname",
    "observer.name",
    "agent.hostname",
    "hostname",
    "host",
    "_HOSTNAME",
    "source_host",
    "predecoder.hostname",
)
_PROGRAMS = ("SYSLOG_IDENTIFIER", "process.name", "program", "ident", "predecoder.program_name")
_SHORTEST = 12


def _wrapped(document: Mapping[str, Any]) -> str | Mapping[str, Any] | None:
    """Return the message that a collector's document holds, or the document in it."""
    for path in _MESSAGES:
        inner = value_at(document, path)
        if isinstance(inner, str) and len(inner) >= _SHORTEST:
            return inner.strip()
    for key in _INNER:
        inner = document.get(key)
        if isinstance(inner, Mapping) and len(document) <= MOST_LAYERS + 2:
            return inner
    return None


def _time_of(document: Mapping[str, Any], zone: Zone) -> tuple[int | None, bool]:
    for path in _TIMES:
        written = value_at(document, path)
        if written is None:
            continue
        when, applied = read_time(written, zone)
        if when is not None:
            return when, applied
    return None, False


def _host_of(document: Mapping[str, Any]) -> str:
    for path in _HOSTS:
        name = value_at(document, path)
        if isinstance(name, str) and 0 < len(name) < 256:
            return name
    return ""


def _program_of(document: Mapping[str, Any]) -> str:
    for path in _PROGRAMS:
        name = value_at(document, path)
        if isinstance(name, str) and 0 < len(name) < 64:
            return name
    return ""
