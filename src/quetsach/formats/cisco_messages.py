"""The messages of Cisco ASA and FTD that tell of connections: their numbers and their forms."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from quetsach.clocks import MICROSECONDS, us_from_iso
from quetsach.formats.cisco_sessions import is_untagged, read_login, tells_of_a_login
from quetsach.formats.shared import values
from quetsach.formats.shared.line_fronts import is_in_anothers
from quetsach.formats.shared.values import page, set_end, set_translation

Record: TypeAlias = dict[str, Any]
Match: TypeAlias = re.Match[str]

_TAG = re.compile(r"%(?:ASA|FTD|PIX|FWSM)-(?:[A-Za-z_]{1,24}-)?\d-(\d{6})(?:: ?| )")
_TAG_BYTES = re.compile(rb"%(?:ASA|FTD|PIX|FWSM)-(?:[A-Za-z_]{1,24}-)?\d-\d{6}(?:: ?| )")
_LOOK_AT = 400

_USER = r"(?: ?\([^()]{1,200}\))?"
_END = r"(?:([^\s:/()]{1,64}):)?([^\s/()]{2,64})(?:/(\d{1,5}))?"
_SEEN = r" \(([^\s/()]{2,64})/(\d{1,5})\)"
_CONNECTION = re.compile(
    rf"Built (inbound|outbound) (\w{{2,8}}) connection \d+ for {_END}{_SEEN}{_USER}"
    rf" to {_END}{_SEEN}"
)
_TEARDOWN = re.compile(
    rf"Teardown (?:stub )?(\w{{2,8}}) connection \d+ (?:for|from) {_END}{_USER}"
    rf" to {_END}{_USER}(?= )"
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
    r"(?:for user \S{1,200} )?[^\s/]{1,64}/([^\s/()]{2,64})\((\d{1,5})\)"
    rf"{_USER} -> [^\s/]{{1,64}}/([^\s/()]{{2,64}})\((\d{{1,5}})\)"
)
_UNTAGGED = (b"Group <", b"TunnelGroup <")
_BARE = r"((?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})"
_DENIED_AT = re.compile(
    rf"\b(?:from|packet:|spoof from) (?:laddr )?\(?{_BARE}\)?(?: on interface \S{{1,64}})?"
    rf"(?: (?:to|==?) (?:[^\s:]{{1,64}}:)?{_BARE}(?:/\d{{1,5}})?)?(?![\w])"
)
_ANSWERED = re.compile(
    rf"Intercepted DNS reply for (?:name|domain) (\S{{1,255}}) from {_END} to {_END}"
)
_COLLISION = re.compile(
    rf"Received ARP \w{{1,12}} collision from {_BARE}/([0-9A-Fa-f.:]{{12,17}}) "
)
_STOPPED = re.compile(
    r"\b(?:den(?:y|ied)|drop(?:ped|ping)?|discarded|reject\w*|exceeded)\b", re.IGNORECASE
)
_SERVER_PORTS = 1024
_ICMP_TYPE = re.compile(r"\btype[ =](\d{1,3})")
_ECHO_REQUESTS = frozenset({"8", "128"})
_URL = re.compile(
    rf"(?:[^\s@]{{1,200}}@)?([^\s@()]{{2,64}}){_USER} Accessed (?:JAVA )?URL "
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
    tag = _TAG_BYTES.search(line[:_LOOK_AT])
    if tag is not None:
        return not is_in_anothers(values.as_text(line[: tag.start()]), tag.start())
    return line.startswith(_UNTAGGED) and is_untagged(values.as_text(line[:_LOOK_AT]))


def split(text: str) -> CiscoMessage | None:
    """Return the message in a line, or None."""
    tag = _TAG.search(text[:_LOOK_AT])
    if tag is None:
        return CiscoMessage("722000", text) if is_untagged(text[:_LOOK_AT]) else None
    if is_in_anothers(text, tag.start()):
        return None
    return CiscoMessage(tag[1], text[tag.end() :])


def read(message: CiscoMessage) -> Record | None:
    """Return the event of a message without its time, None for one about no connection."""
    record: Record = {"event.dataset": "cisco.asa", "event.type": "connection"}
    # 400000 to 400051 are signatures: IPS:2004 ICMP Echo Request from 192.0.2.9 to 198.51.100.5 ..
    number = "400000" if message.number.startswith("4000") else message.number
    find, fill = _STEPS.get(number, (None, None))
    match = None if find is None else find(message.text)
    if match is not None and fill is not None:
        fill(record, match)
    elif find is None and tells_of_a_login(message.number):
        read_login(record, message.text)
    if record.get("source.ip") is None and record.get("destination.ip") is None:
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
    if _may_answer(match.string, transport or "", int(port or 0), int(to_port or 0)):
        return
    set_end(record, "source", ip, port)
    set_translation(record, "source", seen_ip, seen_port)
    set_end(record, "destination", to_ip, to_port)
    _deny(record)


def _may_answer(text: str, transport: str, port: int, to_port: int) -> bool:
    """Return whether a denied packet, by its ports or its type, is an answer or a report."""
    kind = _ICMP_TYPE.search(text)
    if transport.lower() == "icmp" and kind is not None:
        return kind[1] not in _ECHO_REQUESTS and "inbound" not in text
    late = transport.lower() == "udp" or "no connection" in text
    return late and 0 < port < _SERVER_PORTS <= to_port


def _passed(record: Record, match: Match) -> None:
    """Read a packet between two ends; the message says whether it was let through."""
    _denied(record, match)
    if _STOPPED.search(match.string) is None:
        record["event.type"] = "connection"
        record["event.action"] = record["event.outcome"] = None


def _denied_at(record: Record, match: Match) -> None:
    if "ICMP" in match.string:
        record["network.transport"] = "icmp"
        kind = _ICMP_TYPE.search(match.string)
        if match[2] is not None and kind is not None and kind[1] not in _ECHO_REQUESTS:
            return
    set_end(record, "source", match[1])
    set_end(record, "destination", match[2])
    _deny(record)


def _answered(record: Record, match: Match) -> None:
    """Read a reply of a resolver, which goes to who asked."""
    name, _, ip, port, _, to_ip, to_port = match.groups()
    set_end(record, "source", to_ip, to_port)
    set_end(record, "destination", ip, port)
    record["dns.question.name"] = name.rstrip(".")
    record["event.type"] = "protocol"


def _collision(record: Record, match: Match) -> None:
    record["source.ip"] = values.assignable_address(match[1])
    record["source.mac"] = values.hardware(match[2])
    record["event.type"] = "info"


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
    act = pairs.get("AccessControlRuleAction", pairs.get("InlineResult", pairs.get("FileAction")))
    record["event.action"] = values.text(act)
    if act is not None and act.lower().startswith(("block", "drop")):
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
    (_TEARDOWN.match, _teardown): "302014 302016 302018 302023 302025 302304",
    (_ICMP.match, _icmp): "302020 302021",
    (_URL.match, _url): "304001",
    (_URL_DENIED.match, _url_denied): "304002",
    (_XLATE.match, _xlate): "305009 305010 305011 305012",
    (_BLOCK.match, _block): "305014 305015",
    (_search_denied, _denied): (
        "305006 305013 106001 106002 106006 106007 106010 106011 106014 106015 106018 106021 "
        "106023 313009 338005 338006 338007 338008 338203 338204 710003 710005"
    ),
    (_DENIED_AT.search, _denied_at): (
        "106012 106016 106017 106020 106022 106013 313001 313004 313008 401004 401005"
    ),
    (_search_denied, _passed): (
        "201010 303002 338001 338002 338003 338004 338201 338202 419002 420002 420003 421001 "
        "421002 400000 421007 434001 434002 434003 434004 434007 500004 710002 710004"
    ),
    (_ANSWERED.search, _answered): "338301 338302 338303 338304",
    (_COLLISION.search, _collision): "405001",
    (_ACCESS_LIST.match, _access_list): "106100 106102 106103",
    (re.compile("").match, _pairs): "430001 430002 430003 430004 430005",
}
"""How each message is read, by its numbers."""

_STEPS = {number: step for step, numbers in _BY_STEP.items() for number in numbers.split()}
