"""A Windows event out of whatever carries it: JSON of many producers, XML, or its message text.

Sources: the schema of the event log (schemas.microsoft.com/win/2004/08/events/event); the
documentation of Winlogbeat, NXLog (im_msvistalog), Wazuh, EvtxECmd, Velociraptor and Get-WinEvent.
Every producer writes the same two parts in its own way: the system part (provider, id, computer,
time) and the data part (`SourceIp`, `QueryName` ...). Each is told by its names, at any depth.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from quetsach.formats.shared import windows_messages, windows_xml

MOST_VALUES = 2000
"""How many values of one record are looked at."""

_DEEPEST = 10
_LONGEST_VALUE = 64 * 1024
_LONGEST_NAME = 200
# A record with more named values than these has no need of its message.
_FEW = 8
_MOST_WRAPPERS = 3
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
# What stands above the names that count: wrappers of a producer, and the record's own root.
_ABOVE = re.compile(r"^(?:data|winlogbeat|winlog|win|event|system|json|gl2|fields)\.")
_RUN_TOGETHER = re.compile(r"^(?:winlogbeat|winlog|win(?=event|system))+(?=\w{4})")
_DATA_PARTS = frozenset({"eventdata", "userdata", "eventxml"})
# Graylog runs the path together: winlogbeat_winlog_event_data_SourceIp.
_DATA_BEHIND = re.compile(r"(?:event|user)_?data[._]([\w .-]{1,200})$", re.IGNORECASE)
# Where the record has the two parts of the schema, its provider may be any.
_OF_AN_EVENT = ("event.system.eventid", "system.eventid", "win.system.", "data.win.system.")
# In a flat record these belong to the service that wrote the event, not to the event's process.
_OF_THE_WRITER = frozenset({"ProcessID", "ThreadID", "ExecutionProcessID", "ExecutionThreadID"})
# What only a viewer's own record has, whose process is the writer's too.
_OF_A_VIEWER = frozenset({"machinename", "mapdescription"})
_CARRIERS = (
    *("message", "full_log", "fulllog", "original", "syslogmessage", "raw", "_raw", "log", "msg"),
    *("body", "payload", "renderedmessage", "eventxml", "xml"),
)
_IDS = (
    *(
        "eventid",
        "eventid.value",
        "eventidentifier",
        "eventidvalue",
        "eventidtext",
        "eventcode",
        "winlogeventid",
    ),
    *("instanceid", "code", "id"),
)
_PROVIDERS = (
    *(
        "provider.name",
        "providername",
        "provider",
        "sourcename",
        "eventsourcename",
        "eventprovider",
        "source",
    ),
    "eventsource",
)
_CHANNELS = ("channel", "logname", "eventlog", "logfile", "eventchannel")
_COMPUTERS = (
    *("computername", "computer", "machinename", "hostname", "host.hostname", "host.name", "host"),
    *("fqdn", "agent.name"),
)
_UTC_TIMES = (*("timecreated.systemtime", "systemtime", "timecreatedsystemtime", "timecreatedutc"),)
_OTHER_TIMES = ("timestamp", "timecreated", "timegenerated", "eventtime", "time")
_ASKED = frozenset((*_IDS, *_PROVIDERS, *_CHANNELS, *_COMPUTERS, *_UTC_TIMES, *_OTHER_TIMES))
_CARRIED = frozenset(_CARRIERS)
# Fields of ECS that say the same as the data part, which newer Winlogbeats leave out.
_FROM_ECS = {
    "source.ip": "sourceip",
    "source.port": "sourceport",
    "destination.ip": "destinationip",
    "destination.port": "destinationport",
    "network.transport": "protocol",
    "network.direction": "direction",
    "dns.question.name": "queryname",
    "dns.question.type": "querytype",
    "dns.answers": "queryresults",
    "dns.resolvedip": "queryresults",
    "process.executable": "image",
    "process.pid": "processid",
    "process.hash.md5": "md5",
    "process.hash.sha1": "sha1",
    "process.hash.sha256": "sha256",
    "file.path": "targetfilename",
}
_FAMILIAR = re.compile(
    r"microsoft-|linux-sysmon|sysmon|eventlog|windows|powershell|service control manager"
    r"|^(?:security|system|application|setup|forwardedevents)$",
    re.IGNORECASE,
)
# Velociraptor's rows of that server's events name no provider.
_OF_THE_DNS_SERVER = frozenset({"qname", "interfaceip", "xid"})
_SNARE = "MSWinEventLog"
_decoder = msgspec.json.Decoder()


@dataclass(frozen=True)
class WindowsRecord:
    """One event: who wrote it, what kind it is, on which machine, when, and its named values.

    Shapes: `details` has the names of the data part in lower case without marks (`sourceip`).
    `times` are written times, the best first, each with whether it is UTC by definition.
    """

    provider: str
    channel: str
    event_id: int
    computer: str
    times: tuple[tuple[Any, bool], ...]
    details: Mapping[str, str]


@dataclass
class _Parts:
    """The two parts of a record on the way to it."""

    system: dict[str, Any] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    ecs: dict[str, str] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    values: int = 0
    is_event: bool = False

    def put_detail(self, name: str, value: Any) -> None:
        text = text_of(value)
        if text is not None:
            self.details.setdefault(squashed(name), text)


def record_of(document: Mapping[str, Any], wrapped: int = 0) -> WindowsRecord | None:
    """Return the Windows event that a JSON object is, or carries as text; None where it is none."""
    parts = _Parts()
    _walk(document, (), parts)
    record = _built(parts)
    if record is not None or wrapped >= _MOST_WRAPPERS:
        return record
    for name in _CARRIERS:
        inner = parts.carried.get(name)
        record = None if inner is None else record_of_text(inner, wrapped + 1)
        if record is not None:
            return record
    return None


def record_of_text(text: str, wrapped: int = 0) -> WindowsRecord | None:
    """Return the Windows event that a text holds as JSON or as XML; None where it holds none."""
    start = text.find("{", 0, 512)
    if start >= 0 and '"' in text[start : start + 8]:
        try:
            document = _decoder.decode(text[start:].encode("utf-8", "surrogatepass"))
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            document = None
        if isinstance(document, dict):
            return record_of(document, wrapped)
    if windows_xml.is_event(text):
        return record_of_xml(text)
    return record_of_snare(text) if _SNARE in text else None


def record_of_xml(text: str) -> WindowsRecord | None:
    """Return the event of one `<Event>` element; None where it has no number."""
    element = windows_xml.read(text)
    if element is None:
        return None
    details = {squashed(name): value for name, value in element.data if value not in ("", "-")}
    windows_messages.add_to(details, element.provider, element.message)
    times = _times(details, {"systemtime": element.system_time})
    return WindowsRecord(
        element.provider, element.channel, element.event_id, element.computer, times, details
    )


def record_of_snare(text: str) -> WindowsRecord | None:
    """Return the event of a line of Snare: its columns behind `MSWinEventLog`, parted by tabs.

    Source: Snare for Windows, "Event output format".
    """
    columns = text.partition(_SNARE)[2].lstrip("\t ").split("\t")
    if len(columns) < 13 or not (columns[4].isascii() and columns[4].isdigit()):
        return None
    log, when, number, provider, computer = (columns[place] for place in (1, 3, 4, 5, 9))
    if len(number) > 6 or not any(_FAMILIAR.search(one) for one in (provider, log)):
        return None
    details: dict[str, str] = {}
    windows_messages.add_to(details, provider, " ".join(columns[11:]))
    return WindowsRecord(
        provider, log, int(number), computer, _times(details, {"time": when}), details
    )


def squashed(name: str) -> str:
    """Return a name without case and marks, as the names of one value differ by producer."""
    return _NOT_LETTERS.sub("", name.lower())


def text_of(written: Any) -> str | None:
    """Return a value as text; None for what is empty or a dash, and for lists and objects."""
    if isinstance(written, str):
        stripped = written.strip()
        return stripped if stripped not in ("", "-") and len(stripped) <= _LONGEST_VALUE else None
    if isinstance(written, bool):
        return "true" if written else "false"
    return str(written) if isinstance(written, (int, float)) else None


def _walk(node: Any, path: tuple[str, ...], parts: _Parts) -> None:
    """Sort every value below `node` into the two parts."""
    if parts.values > MOST_VALUES or len(path) > _DEEPEST:
        return
    if isinstance(node, dict):
        name = _named_value(node) if path and _is_data(path[-1]) else None
        if name is not None:
            parts.put_detail(*name)
            return
        for key, inner in node.items():
            # Most values are plain: this loop is where the time of a line goes.
            if len(key) > _LONGEST_NAME:
                continue
            if isinstance(inner, (dict, list)):
                _walk(inner, (*path, key), parts)
            elif parts.values <= MOST_VALUES:
                parts.values += 1
                _leaf(inner, (*path, key), parts)
    elif isinstance(node, list):
        if path and squashed(path[-1]) in ("answers", "resolvedip", "hashes", "queryresults"):
            node = ";".join(_leaves(node))
            _leaf(node, path, parts)
            return
        for inner in node[:MOST_VALUES]:
            if isinstance(inner, (dict, list)):
                _walk(inner, path, parts)


@lru_cache(maxsize=1024)
def _is_data(name: str) -> bool:
    return squashed(name) in ("data", "eventdata")


def _leaves(several: list[Any]) -> Iterator[str]:
    for one in several[:MOST_VALUES]:
        text = text_of(one.get("data") if isinstance(one, dict) else one)
        if text is not None:
            yield text


def _named_value(node: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Return name and value of `{"@Name": "SourceIp", "#text": "10.20.3.41"}` and its like."""
    attributes = node.get("#attributes", node.get("$", node))
    if not isinstance(attributes, dict):
        return None
    name = next((attributes[key] for key in ("@Name", "Name", "name") if key in attributes), None)
    texts = [node[key] for key in ("#text", "text", "Value", "value", "_") if key in node]
    if not texts and attributes is node and "@Name" not in node:
        # Values of an event that has one called "name".
        return None
    return (name, texts[0] if texts else "") if isinstance(name, str) else None


def _leaf(written: Any, path: tuple[str, ...], parts: _Parts) -> None:
    text = text_of(written)
    if text is None or not path:
        return
    place = _place_of(path)
    if place.detail:
        parts.details.setdefault(place.detail, text)
        return
    if place.last in _DATA_PARTS and text.startswith("<"):
        for name, inner in windows_xml.data_of(text):
            parts.put_detail(name, inner)
        return
    if place.ecs:
        parts.ecs.setdefault(place.ecs, text)
    if place.is_event:
        parts.is_event = True
    if place.system:
        parts.system.setdefault(place.system, text if isinstance(written, str) else written)
    if place.last in _CARRIED:
        parts.carried.setdefault(place.last, text)
    if place.is_plain:
        parts.plain.setdefault(place.last, text)


@dataclass(frozen=True)
class _NamePlace:
    """What the path of a value says: `detail` is its name in the data part, "" outside of it.

    Shapes: `ecs` and `system` are "" where a value of this name is never asked for.
    """

    detail: str
    last: str
    ecs: str = ""
    system: str = ""
    is_event: bool = False
    is_plain: bool = False


@lru_cache(maxsize=8192)
def _place_of(path: tuple[str, ...]) -> _NamePlace:
    """Return what a path says; the same few come again in every record of a log."""
    names = [squashed(one) for one in path]
    behind = _DATA_BEHIND.search(path[-1])
    if behind is not None:
        return _NamePlace(squashed(behind[1]), names[-1])
    if any(one in _DATA_PARTS for one in names[:-1]):
        return _NamePlace(names[-1] if names[-1] != "text" else names[-2], names[-1])
    whole = bare = ".".join(one for one in ".".join(_steps(path)).split(".") if one)
    while (above := _ABOVE.match(bare)) is not None and above.end() < len(bare):
        bare = bare[above.end() :]
    if "." not in bare:
        bare = _RUN_TOGETHER.sub("", bare)
    is_plain = len(path) == 1 and path[0].lstrip("_") not in _OF_THE_WRITER
    ecs, system = whole if whole in _FROM_ECS else "", bare if bare in _ASKED else ""
    return _NamePlace("", names[-1], ecs, system, whole.startswith(_OF_AN_EVENT), is_plain)


def _steps(path: tuple[str, ...]) -> Iterator[str]:
    """Yield the steps of a path that say something, dotted keys taken apart."""
    for one in path:
        for step in one.replace("_attributes", "").split("."):
            if step not in ("#attributes", "#text", "$", "@attributes", "_source"):
                yield squashed(step)


def _built(parts: _Parts) -> WindowsRecord | None:
    system = parts.system
    number = _first(system, _IDS)
    provider = str(_first(system, _PROVIDERS) or "")
    channel = str(_first(system, _CHANNELS) or "")
    is_familiar = any(_FAMILIAR.search(one) for one in (provider, channel))
    is_familiar = is_familiar or (parts.is_event and bool(provider or channel))
    if not is_familiar and parts.plain.keys() >= _OF_THE_DNS_SERVER:
        is_familiar, provider = True, "Microsoft-Windows-DNSServer"
    if number is None or not is_familiar:
        return None
    event_id = str(number).partition(".")[0]
    if not (event_id.isascii() and event_id.isdigit() and len(event_id) <= 6):
        return None
    details = parts.details
    payload = parts.carried.get("payload", "")
    if payload.startswith("{"):
        details = {**_payload(payload), **details}
    if not details:
        # NXLog and its like write the data part beside the system part.
        details = dict(parts.plain)
        if not _OF_A_VIEWER.isdisjoint(details):
            details.pop("processid", None)
    for name, same in _FROM_ECS.items():
        if name in parts.ecs:
            details.setdefault(same, parts.ecs[name])
    if "processid" not in details or len(details) < _FEW:
        windows_messages.add_to(details, provider or channel, parts.carried.get("message", ""))
    computer = str(_first(system, _COMPUTERS) or "")
    times = _times(details, system, is_utc="payload" in parts.carried)
    return WindowsRecord(provider, channel, int(event_id), computer, times, details)


def _payload(text: str) -> dict[str, str]:
    """Return the data part that EvtxECmd writes as JSON within a text."""
    inner = _Parts()
    try:
        document = _decoder.decode(text.encode("utf-8", "surrogatepass"))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    _walk(document, (), inner)
    return inner.details


def _first(system: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((system[name] for name in names if name in system), None)


def _times(
    details: Mapping[str, str], system: Mapping[str, Any], *, is_utc: bool = False
) -> tuple[tuple[Any, bool], ...]:
    """Return the written times, the event's own first: Sysmon's is UTC by definition."""
    own = [(details["utctime"], True)] if "utctime" in details else []
    utc = [(system[name], True) for name in _UTC_TIMES if system.get(name)]
    other = [(system[name], is_utc) for name in _OTHER_TIMES if system.get(name)]
    return tuple(own + utc + other)
