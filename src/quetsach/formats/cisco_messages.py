"""The messages of Cisco ASA and FTD that tell of connections: their numbers and their forms."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from quetsach.clocks import MICROSECONDS, us_from_iso
from quetsach.formats.shared import values
from quetsach.formats.shared.values import page, set_end, set_translation

Record: TypeAlias = dict[str, Any]
Match: TypeAlias = re.Match[str]

_TAG = re.compile(r"%(?:ASA|FTD|PIX|FWSM)-(?:[A-Za-z_]{1,24}-)?\d-(\d{6}): ?")
_TAG_BYTES = re.compile(rb"%(?:ASA|FTD|PIX|FWSM)-(?:[A-Za-z_]{1,24}-)?\d-\d{6}: ?")
_LOOK_AT = 400

_USER = r"(?: ?\([^()]{1,200}\))?"
_END = r"(?:([^\s:/()]{1,64}):)?([^\s/()]{2,64})(?:/(\d{1,5}))?"
_SEEN = r" \(([^\s/()]{2,64})/(\d{1,5})\)"
_CONNECTION = re.compile(
    rf"Built (inbound|outbound) (\w{{2,8}}) connection \d+ for {_END}{_SEEN}{_USER}"
    rf" to {_END}{_SEEN}"
)
_TEARDOWN = re.compile(
    rf"Teardown (\w{{2,8}}) connection \d+ for {_END}{_USER} to {_END}{_USER}(?= )"
)
_ICMP = re.compile(
    r"(Built|Teardown)(?: (inbound|outbound))? ICMP connection(?: \d+)? for "
    rf"faddr ([^\s/()]{{2,64}})/(\d{{1,5}}){_USER} gaddr ([^\s/()]{{2,64}})/(\d{{1,5}}) "
    r"laddr ([^\s/()]{2,64})/(\d{1,5})"
)
_XLATE = re.compile(
    r"(Built|Teardown) (?:static|dynamic|identity) (?:(\w{2,8}) )?translation"
    rf" from {_END}{_USER} to {_END}"
)
_BLOCK = re.compile(
    r"(Allocated|Released) (\w{2,8}) block of ports for translation from "
    r"[^\s:]{1,64}:([^\s/()]{2,64})(?:/\d+)? to [^\s:]{1,64}:([^\s/()]{2,64})/(\d{1,5})-(\d{1,5})"
)
_DENY = re.compile(
    r"\b(?:(tcp|udp|icmp|sctp|IP|TCP|UDP|ICMP)\b.{0,120}?)?"
    rf"(?:src|from) {_END}(?:{_SEEN})?{_USER},? (?:dst|to) {_END}"
)
_ACCESS_LIST = re.compile(
    r"access-list \S{1,128} (permitted|denied|est-allowed) (\w{1,8}) "
    r"[^\s/]{1,64}/([^\s/()]{2,64})\((\d{1,5})\)"
    rf"{_USER} -> [^\s/]{{1,64}}/([^\s/()]{{2,64}})\((\d{{1,5}})\)"
)
_URL = re.compile(
    r"(?:[^\s@]{1,200}@)?([^\s@]{2,64}) Accessed (?:JAVA )?URL "
    r"([^\s:]{2,64}|[\da-fA-F:]{2,45}):(.*)"
)
_URL_DENIED = re.compile(r"Access denied URL (.*?) SRC (\S{2,64}) DEST (\S{2,64})")
_DURATION = re.compile(r" duration (\d{1,5}):(\d\d):(\d\d)")
_BYTES = re.compile(r" bytes (\d{1,18})")
_PAIR = re.compile(r"([A-Za-z_]{2,40}): ([^,]*)(?:, |$)")
_PAIRS_AT_MOST = 200


@dataclass(frozen=True)
class CiscoMessage:
    """A message by its number, and what it says."""

    number: str
    text: str


def is_ours(line: bytes) -> bool:
    """Return whether `line` carries a message number of ASA, FTD, PIX or FWSM."""
    return _TAG_BYTES.search(line[:_LOOK_AT]) is not None


def split(text: str) -> CiscoMessage | None:
    """Return the message in a line, or None."""
    tag = _TAG.search(text[:_LOOK_AT])
    return None if tag is None else CiscoMessage(tag[1], text[tag.end() :])


def read(message: CiscoMessage) -> Record | None:
    """Return the event of a message without its time, None for one about no connection."""
    find, fill = _STEPS.get(message.number, (None, None))
    match = None if find is None else find(message.text)
    if match is None or fill is None:
        return None
    record: Record = {"event.dataset": "cisco.asa", "event.type": "connection"}
    fill(record, match)
    if "source.ip" not in record:
        return None
    return {field: content for field, content in record.items() if content is not None}


def set_span(record: Record) -> None:
    """Put start and end into `record`, once its time is known: a teardown comes at the end."""
    when = record.get("@timestamp")
    if when is None or "quetsach.time.rough" in record:
        return
    action = record.get("event.action")
    if action in {"built", "allocated"}:
        record["event.start"] = when
    elif action in {"teardown", "released"}:
        record["event.end"] = when
        if "event.duration" in record:
            record["event.start"] = when - record["event.duration"] // 1000


def _built(record: Record, match: Match) -> None:
    way, transport = match[1], match[2]
    first, second = match.groups()[2:7], match.groups()[7:12]
    # The first end is on the less trusted side; who opened the connection depends on the way.
    source, destination = (first, second) if way == "inbound" else (second, first)
    _transport(record, transport)
    _set_source(record, source)
    # What was reached for is the address as it is seen; the machine behind it is the translation.
    _, ip, port, seen_ip, seen_port = destination
    set_end(record, "destination", seen_ip, seen_port)
    set_translation(record, "destination", ip, port)
    record["event.action"] = "built"


def _set_source(record: Record, end: tuple[Any, ...]) -> None:
    _, ip, port, seen_ip, seen_port = end
    set_end(record, "source", ip, port)
    set_translation(record, "source", seen_ip, seen_port)


def _teardown(record: Record, match: Match) -> None:
    _transport(record, match[1])
    ends = [(match[3], match[4]), (match[6], match[7])]
    # No direction is logged: the higher port, else the trusted side, is taken as the client's.
    ends.sort(key=lambda end: int(end[1] or 0))
    if ends[0][1] == ends[1][1]:
        ends = [(match[3], match[4]), (match[6], match[7])]
    set_end(record, "destination", *ends[0])
    set_end(record, "source", *ends[1])
    record["event.action"] = "teardown"
    _set_duration(record, match.string)
    count = _BYTES.search(match.string)
    if count is not None:
        # One number for both ways: that something went says that somebody answered.
        record["event.outcome"] = "success" if int(count[1]) else "failure"


def _icmp(record: Record, match: Match) -> None:
    act, way, foreign, foreign_id, mapped, mapped_id, local, local_id = match.groups()
    record["network.transport"] = "icmp"
    if way == "inbound":
        set_end(record, "source", foreign, foreign_id)
        set_end(record, "destination", mapped)
        set_translation(record, "destination", local)
    else:
        set_end(record, "source", local, local_id)
        set_translation(record, "source", mapped, mapped_id)
        set_end(record, "destination", foreign)
    record["event.action"] = act.lower()
    _set_duration(record, match.string)


def _xlate(record: Record, match: Match) -> None:
    act, transport, _, ip, port, _, seen_ip, seen_port = match.groups()
    record["event.type"] = "info"
    if transport:
        _transport(record, transport)
    set_end(record, "source", ip, port)
    set_translation(record, "source", seen_ip, seen_port)
    record["event.action"] = act.lower()
    _set_duration(record, match.string)


def _block(record: Record, match: Match) -> None:
    act, transport, ip, public, first, last = match.groups()
    record["event.type"] = "info"
    _transport(record, transport)
    set_end(record, "source", ip)
    set_translation(record, "source", public, first)
    record["quetsach.nat.last_port"] = values.parse_port(last)
    record["event.action"] = act.lower()


def _denied(record: Record, match: Match) -> None:
    transport, _, ip, port, seen_ip, seen_port, _, to_ip, to_port = match.groups()
    if transport and transport != "IP":
        _transport(record, transport)
    set_end(record, "source", ip, port)
    set_translation(record, "source", seen_ip, seen_port)
    set_end(record, "destination", to_ip, to_port)
    _deny(record)


def _access_list(record: Record, match: Match) -> None:
    act, transport, ip, port, to_ip, to_port = match.groups()
    _transport(record, transport)
    set_end(record, "source", ip, port)
    set_end(record, "destination", to_ip, to_port)
    record["event.action"] = act
    if act == "denied":
        _deny(record)


def _url(record: Record, match: Match) -> None:
    set_end(record, "source", match[1])
    set_end(record, "destination", match[2])
    server = record.get("destination.ip")
    record["url.full"], record["url.domain"] = page(server, match[3].strip())
    record["event.type"], record["event.action"] = "protocol", "accessed"


def _url_denied(record: Record, match: Match) -> None:
    set_end(record, "source", match[2])
    set_end(record, "destination", match[3])
    record["url.full"], record["url.domain"] = page(record.get("destination.ip"), match[1].strip())
    _deny(record)


def _pairs(record: Record, match: Match) -> None:
    """Read 430002 and 430003 of FTD: a connection as `Key: value, Key: value`."""
    pairs = dict(_PAIR.findall(match.string)[:_PAIRS_AT_MOST])
    set_end(record, "source", pairs.get("SrcIP"), pairs.get("SrcPort"))
    set_end(record, "destination", pairs.get("DstIP"), pairs.get("DstPort"))
    set_translation(record, "source", pairs.get("NAT_InitiatorIP"), pairs.get("NAT_InitiatorPort"))
    set_translation(
        record, "destination", pairs.get("NAT_ResponderIP"), pairs.get("NAT_ResponderPort")
    )
    record["network.transport"] = values.transport(pairs.get("Protocol"))
    record["source.bytes"] = values.count(pairs.get("InitiatorBytes"))
    record["destination.bytes"] = values.count(pairs.get("ResponderBytes"))
    record["dns.question.name"] = values.text(pairs.get("DNSQuery"))
    if "URL" in pairs:
        record["url.full"], record["url.domain"] = page(None, pairs["URL"])
    act = pairs.get("AccessControlRuleAction")
    record["event.action"] = values.text(act)
    if act is not None and act.lower().startswith("block"):
        record["event.type"], record["event.outcome"] = "denied", "failure"
    seconds = values.count(pairs.get("ConnectionDuration"))
    begun = us_from_iso(pairs.get("FirstPacketSecond", ""), None)
    record["event.start"] = begun
    if begun is not None:
        record["@timestamp"] = begun
        if seconds is not None and seconds < 10**8:
            record["event.end"] = begun + seconds * MICROSECONDS


def _deny(record: Record) -> None:
    record["event.action"] = "denied"
    record["event.type"], record["event.outcome"] = "denied", "failure"


def _transport(record: Record, text: str) -> None:
    record["network.transport"] = values.transport(text)


def _set_duration(record: Record, text: str) -> None:
    found = _DURATION.search(text)
    if found is not None:
        hours, minutes, seconds = (int(part) for part in found.groups())
        record["event.duration"] = (hours * 3600 + minutes * 60 + seconds) * 10**9


_Step: TypeAlias = tuple[Callable[[str], Match | None], Callable[[Record, Match], None]]


def _search_denied(text: str) -> Match | None:
    return _DENY.search(text[:1000])


_BY_STEP: Mapping[_Step, str] = {
    (_CONNECTION.match, _built): "302013 302015 302017 302303",
    (_TEARDOWN.match, _teardown): "302014 302016 302018 302304",
    (_ICMP.match, _icmp): "302020 302021",
    (_URL.match, _url): "304001",
    (_URL_DENIED.match, _url_denied): "304002",
    (_XLATE.match, _xlate): "305009 305010 305011 305012",
    (_BLOCK.match, _block): "305014 305015",
    (_search_denied, _denied): (
        "305013 106001 106006 106007 106010 106014 106015 106021 106023 338006 338007 338008 710003"
    ),
    (_ACCESS_LIST.match, _access_list): "106100",
    (re.compile("").match, _pairs): "430002 430003",
}
"""How each message is read, by its numbers."""

_STEPS = {number: step for step, numbers in _BY_STEP.items() for number in numbers.split()}
