"""What a line is wrapped in: syslog heads, JSON of collectors, counts; peeled off, layer by layer.

A layer is what one wrapper held, the whole line being the first. Whoever reads a line tries the
innermost layer first: a collector copies the message, and often adds fields of its own.
Source: RFC 6587, 3.4.1 (octet counts); Elastic Beats, Wazuh, journald, Docker json-file, Fluent
Bit, GELF 1.1 and the exports of Splunk and Elasticsearch for the names of the fields.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from quetsach.clocks import Zone
from quetsach.formats.shared import values
from quetsach.formats.shared.syslog import split_head
from quetsach.formats.shared.times import read_time

LONGEST = 64 * 1024
"""How much of a line is looked at, in bytes."""

MOST_LAYERS = 6


class LineLayer(NamedTuple):
    """What one wrapper held.

    Shapes: `text` is the message without the heads around it, with its tag as `program[pid]: `
    where a head names the program; `whole` has them still; `document` is its JSON object, where it
    is one. `host` is the machine that a head names: the writer of the line, never the client.
    Units: `when_us` is the time that the nearest wrapper gives, None where there is none;
    `applied` says that the zone of the source had to be applied to it; `is_doubtful` that a word of
    the text may be the name of the host: such a layer is shown to the forms that know none other.
    """

    text: str
    whole: str
    document: Mapping[str, Any] | None = None
    when_us: int | None = None
    applied: bool = False
    host: str = ""
    program: str = ""
    is_doubtful: bool = False


NO_LAYER = LineLayer("", "")
"""What is around a line: nothing."""


def layers_taken(
    layers: Iterable[LineLayer], takes: Callable[[LineLayer], bool]
) -> Iterator[LineLayer]:
    """Yield the layers that `takes` holds for; a doubtful one only where it is the first."""
    is_taken = False
    for layer in layers:
        if not (is_taken and layer.is_doubtful) and takes(layer):
            is_taken = True
            yield layer


def peel(
    line: bytes, zone: Zone, taken_us: int | None, around: LineLayer = NO_LAYER
) -> list[LineLayer]:
    """Return the layers of `line`, the innermost first; there is always one.

    `around` gives time and host where no layer has any.
    """
    text = values.as_text(line[:LONGEST]).strip("\ufeff \t\r\n")
    return list(_layers(text, zone, taken_us, around))[::-1]


def peel_document(document: Mapping[str, Any], zone: Zone, taken_us: int | None) -> list[LineLayer]:
    """Return the layers of a row whose columns have names, the innermost first."""
    return list(_of_document("", document, NO_LAYER, zone, taken_us))[::-1]


def _layers(text: str, zone: Zone, taken_us: int | None, around: LineLayer) -> Iterator[LineLayer]:
    document = _document(text)
    if document is not None:
        yield from _of_document(text, document, around, zone, taken_us)
        return
    headed = _headed(text, zone, taken_us, around)
    for layer in headed if "{" in text else ():
        text = layer.text[_TAG_OF_JSON.match(layer.text).end() :]  # type: ignore[union-attr]  # all optional
        document = _document(text)
        if document is not None:
            yield from _of_document(text, document, layer, zone, taken_us)
            return
    yield from headed


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
            inside = _document(headed[-1].text)
            if inside is None:
                yield from headed
                return
            inner, layer = headed[-1].text, headed[-1]
        document, outer, text = inside, layer, inner


_DATA = r"\[(?:[^\]\\\"]|\\.|\"(?:[^\"\\]|\\.)*\")*\]"
_OF_THE_SENDER = re.compile(rf"(?=\[(?:timeQuality|origin|meta)[ \]]){_DATA}")
_PRIORITY = re.compile(r"<\d{1,3}>")
_TAG_OF_JSON = re.compile(r"(?:[A-Za-z][\w./\-]{0,47}(?:\[\d{1,10}\])?: ?(?=[{@]))?(?:@cee: ?)?")
_COUNT = re.compile(r"\d{1,6} (?=<\d{1,3}>)")
# A name with a port is a peer: OpenVPN puts `client01/192.0.2.9:59321` behind the time.
_NO_HOST = re.compile(
    r"[|=,{\"%]|::.*::|\A(?:RT|APPTRACK|IDP)_[A-Z_]+\Z|\A(?:client|rule|TCP|TLS|IP6?|ARP|\d)\Z|\d\.\d{1,3}\]?:\d{1,5}\Z"
    r"|\A(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\Z"
)
_ZONE_WORD = re.compile(r"(?:[A-Z]{2,5}|[+-]\d{4})[.\d]{0,8}: (?:%|DHCPD: )")
_RFC5424 = re.compile(
    r"(?:<\d{1,3}>)?1 (?P<when>\d{4}-\S+) (?P<host>\S+) (?P<program>\S+) (?P<pid>\S+) (?P<id>\S+) "
    rf"(?P<data>-|(?:{_DATA})+)? ?(?P<rest>.*)",
    re.DOTALL,
)
_PROGRAM = re.compile(r"([A-Za-z][\w./\-]{0,47})(?:\[\d{1,10}\])?: ?")


def _headed(text: str, zone: Zone, taken_us: int | None, outer: LineLayer) -> Sequence[LineLayer]:
    """Return what is behind the heads of `text`: a relay puts its own before the sender's.

    The last layer is the likeliest; before it come the other ways to read the last head.
    """
    when, applied, host = outer.when_us, outer.applied, outer.host
    rest, program = text, outer.program
    bare = named = ""
    for _ in range(MOST_LAYERS):
        count = _COUNT.match(rest) if rest[:1].isdecimal() else None
        rest = rest[count.end() :] if count else rest
        head = _one_head(rest, zone, taken_us)
        if head is None:
            break
        rest, program = head.rest, head.program or program
        bare, named = head.bare, head.host if head.may_be_no_host else ""
        if head.when_us is not None:
            when, applied = head.when_us, head.applied
        host = head.host or host
    program = _tag_of(rest, program)
    layer = LineLayer(rest, text, None, when, applied, host, program)
    if bare:
        tag = _tag_of(bare, program)
        return (LineLayer(bare, text, None, when, applied, host, tag), layer)
    if named:
        other = f"{named} {rest}"
        tag = _tag_of(other, program)
        doubtful = LineLayer(other, text, None, when, applied, outer.host, tag, is_doubtful=True)
        return (doubtful, layer)
    return (layer,)


def _tag_of(text: str, program: str) -> str:
    """Return the program that the tag of `text` names, else `program`."""
    tag = _PROGRAM.match(text)
    return program if tag is None else tag[1]


class _Head(NamedTuple):
    """A head of a line, as SyslogHeader has it.

    Shapes: `program` is the one that a head of RFC 5424 names, `bare` what it holds behind its
    structured data; in one of RFC 3164 the host may be a word of the message.
    """

    when_us: int | None
    applied: bool
    host: str
    rest: str
    program: str = ""
    bare: str = ""
    may_be_no_host: bool = False


def _one_head(text: str, zone: Zone, taken_us: int | None) -> _Head | None:
    """Return the head of `text`; None where there is none."""
    first = text[:1]
    if not ("A" <= first <= "Z" or first == "<" or first.isdecimal()):
        # No head begins otherwise; and most of what is behind one does.
        return None
    new = _RFC5424.match(text) if first in "<1" else None
    if new is not None and len(new["when"]) >= 15:
        return _new_head(new, zone)
    head = split_head(text, zone, taken_us)
    if head is None or _ZONE_WORD.match(head.rest):
        # With the word of a zone behind it, the time is the message's own affair.
        bare = _PRIORITY.match(text)
        return None if bare is None else _Head(None, False, "", text[bare.end() :])
    if head.host and (_NO_HOST.search(head.host) or head.host.endswith(":")):
        # The device leaves its own name out: this word is the message's.
        place = text.find(head.host, len(text) - len(head.rest) - len(head.host) - 1)
        return _Head(head.when_us, head.applied, "", text[place:])
    return _Head(head.when_us, head.applied, head.host, head.rest, may_be_no_host=bool(head.host))


def _new_head(match: re.Match[str], zone: Zone) -> _Head:
    when, applied = read_time(match["when"], zone)
    program = "" if match["program"] == "-" else match["program"]
    pid = "" if match["pid"] == "-" else f"[{match['pid']}]"
    tag = f"{program}{pid}: " if program else ""
    rest = match["rest"].lstrip("\ufeff")
    # What the sender's syslog says of itself and of its clock is no part of the message.
    data = _OF_THE_SENDER.sub("", match["data"] or "")
    parts = [part for part in (match["id"], data) if part not in ("-", "")]
    host = "" if match["host"] == "-" else match["host"]
    bare = tag + rest if parts and rest else ""
    message = " ".join([*parts, rest]).strip()
    return _Head(when, applied, host, tag + message, program, bare)


_decoder = msgspec.json.Decoder()
_TRAILING = ", \t\r\n\v\f]"


def _document(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object that `text` is, or None; a comma of an array may follow it."""
    text = text.lstrip("[, ") if text[:1] in ("[", ",") else text
    if not text.startswith("{"):
        return None
    for written in (text, text.rstrip(_TRAILING)):
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
    if "winlog" in document:
        # The text of a Windows event is prose: any program may write one.
        return None
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
