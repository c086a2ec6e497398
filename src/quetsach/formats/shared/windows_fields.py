"""From the named values of a Windows event to the fields of ours: one row for each kind.

Sources: Sysmon's manifest (ids 1 to 29); Microsoft's pages on the events of the Filtering Platform
(5150 to 5159), of the DNS client (3006 to 3020), of the DNS server's analytic log (256 to 262), of
Defender (1006 to 1119), of BITS (59 to 61), of logons (4624 to 5145, 21 to 25, 1149) and of Remote
Desktop (1024, 1102). In all of them the source is the side that opened the connection, whichever
side the machine is; `Direction` and `Initiated` tell that.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC
from ipaddress import ip_address
from typing import Any, TypeAlias

from quetsach.clocks import Zone, us_from_epoch
from quetsach.formats.shared import values
from quetsach.formats.shared.times import read_time
from quetsach.formats.shared.windows_dns import (
    client_query,
    first_of,
    server_answer,
    server_asks_on,
    server_query,
)
from quetsach.formats.shared.windows_record import WindowsRecord
from quetsach.schema import Event

Put: TypeAlias = Callable[[Event, Mapping[str, str]], None]

_FAMILIES = (
    ("sysmon", "sysmon"),
    ("dns-client", "dns-client"),
    ("dnsserver", "dns"),
    ("dns-server", "dns"),
    ("windows defender", "defender"),
    ("security-auditing", "security"),
    ("bits-client", "bits"),
    ("powershell", "powershell"),
    ("terminalservices-client", "remote-desktop"),
    ("terminalservices-rdpclient", "remote-desktop"),
    ("terminalservices-", "terminal"),
)
_INBOUND = frozenset({"%%14592", "inbound", "ingress", "in"})
_OUTBOUND = frozenset({"%%14593", "outbound", "egress", "out"})
_HASHES = re.compile(r"\b(MD5|SHA1|SHA256)=([0-9A-Fa-f]{32,64})\b")
_DOT_NET = re.compile(r"\\?/Date\((\d{12,14})")
_WEB_FILE = re.compile(r"webfile:_[^|;]{0,1024}\|([a-z]{3,5}://[^|;\s]{1,2048})", re.IGNORECASE)
_PATHS = (
    re.compile(r"(?:^|; ?)file:_([^;|]{1,1024})"),
    re.compile(r"(?:^|; ?)(?:containerfile|process):_([^;|]{1,1024})"),
)
_DOUBLED = re.compile(r"(?<=.)\\\\")
_HEX = re.compile(r"0[xX][0-9a-fA-F]{1,8}")
_LONGEST_HOST = 255


def event_of(record: WindowsRecord, zone: Zone) -> Event:
    """Return the event that a record tells; where it tells no contact, its time and machine."""
    family = family_of(record)
    event: Event = {
        "event.dataset": f"windows.{family}",
        "event.action": f"EventID {record.event_id}",
        "event.type": "info",
    }
    _put_time(event, record, zone)
    machine = record.computer.strip().rstrip(".")[:_LONGEST_HOST]
    if machine:
        # A name server's log tells of its clients: it is not the device itself.
        event["observer.name" if family == "dns" else "host.name"] = machine
    put = _TABLE.get((family, record.event_id))
    if put is not None:
        put(event, record.details)
    if family != "dns":
        _put_process(event, record.details)
        if machine and "quetsach.host.end" not in event and put not in _BOTH_ENDS:
            event["quetsach.host.end"] = "source"
        _put_own_address(event)
    return event


def family_of(record: WindowsRecord) -> str:
    """Return which kind of events a record is one of: sysmon, dns-client, dns, security ..."""
    for written in (record.provider.lower(), record.channel.lower()):
        for part, family in _FAMILIES:
            if part in written:
                return family
    return "security" if record.channel.lower() == "security" else "event"


def _put_time(event: Event, record: WindowsRecord, zone: Zone) -> None:
    for written, is_utc in record.times:
        dot_net = _DOT_NET.match(written) if isinstance(written, str) else None
        if dot_net is not None:
            when, applied = us_from_epoch(dot_net[1]), False
        else:
            when, applied = values.moment(written, UTC if is_utc else zone)
            if when is None:
                when, applied = read_time(written, UTC if is_utc else zone)
        if when is not None:
            event["@timestamp"] = when
            if applied and not is_utc:
                event["event.timezone"] = str(zone)
            return


def _put_own_address(event: Event) -> None:
    """Say which address the machine had then: another log may know it by no more."""
    is_reached = event.get("quetsach.host.end") == "destination"
    own = event.get("destination.ip") if is_reached else event.get("source.ip")
    if own is None or "quetsach.host.end" not in event or "host.name" not in event:
        return
    address = ip_address(own)
    if address.is_loopback or address.is_link_local or address.is_multicast:
        return
    event["host.ip"] = own
    event["quetsach.lease.act"] = "seen"


def _put_process(event: Event, details: Mapping[str, str]) -> None:
    """Put the process in, which is a sign of its own beside the address it spoke to."""
    path = first_of(details, "image", "application", "processname", "newprocessname")
    if path is not None:
        path = _DOUBLED.sub(r"\\", path)[:1024]
        event["process.executable"] = path
        event["process.name"] = base_name(path)
    number = _number(first_of(details, "processid", "newprocessid"))
    if number is not None:
        event["process.pid"] = number


def base_name(path: str) -> str:
    """Return the last part of a path of Windows or Unix."""
    return re.split(r"[\\/]", path)[-1] or path


def _number(text: str | None) -> int | None:
    if text is not None and _HEX.fullmatch(text) is not None:
        return int(text, base=16)
    number = values.count(text)
    return number if number and number < 2**32 else None


def _ends(event: Event, details: Mapping[str, str]) -> None:
    record: dict[str, Any] = {}
    values.set_end(
        record,
        "source",
        values.assignable_address(first_of(details, "sourceip", "sourceaddress", "saddr")),
        first_of(details, "sourceport", "sport"),
    )
    values.set_end(
        record,
        "destination",
        values.assignable_address(
            first_of(details, "destinationip", "destaddress", "destinationaddress", "daddr")
        ),
        first_of(details, "destinationport", "destport", "dport"),
    )
    transport = values.transport(details.get("protocol"))
    if transport is not None:
        record["network.transport"] = transport
    event.update(record)  # type: ignore[typeddict-item]
    if "destination.ip" in event:
        event["event.type"] = "connection"


def _sysmon_connection(event: Event, details: Mapping[str, str]) -> None:
    _ends(event, details)
    initiated = details.get("initiated", "").lower()
    direction = details.get("direction", "").lower()
    if initiated in ("true", "1") or (not initiated and direction in _OUTBOUND):
        event["quetsach.host.end"] = "source"
        # Of the other side it is the name that its address resolves to.
        name = details.get("destinationhostname")
        if name is not None and "." in name:
            event["destination.domain"] = name
    elif initiated in ("false", "0") or direction in _INBOUND:
        event["quetsach.host.end"] = "destination"


def _platform(event: Event, details: Mapping[str, str]) -> None:
    _ends(event, details)
    direction = details.get("direction", "").lower()
    if direction in _OUTBOUND:
        event["quetsach.host.end"] = "source"
    elif direction in _INBOUND:
        event["quetsach.host.end"] = "destination"


def _platform_blocked(event: Event, details: Mapping[str, str]) -> None:
    _platform(event, details)
    event["event.type"] = "denied"


def _platform_bound(event: Event, details: Mapping[str, str]) -> None:
    """A port was opened to listen or to send: there is no other side yet."""
    _ends(event, {name: value for name, value in details.items() if not name.startswith("dest")})
    event["quetsach.host.end"] = "source"


def _logon(event: Event, details: Mapping[str, str]) -> None:
    """Somebody came in over the network, or tried to: who it was is the source, and no more."""
    caller = values.assignable_address(first_of(details, "ipaddress", "clientaddress", "address"))
    if caller is None:
        caller = values.assignable_address(details.get("param3"))
    if caller is None or ip_address(caller).is_loopback:
        return
    event["source.ip"] = caller
    port = values.parse_port(first_of(details, "ipport", "sourceport", "clientport"))
    if port:
        event["source.port"] = port
    event["quetsach.host.end"] = "destination"


def _failed_logon(event: Event, details: Mapping[str, str]) -> None:
    _logon(event, details)
    event["event.outcome"] = "failure"


def _remote_desktop(event: Event, details: Mapping[str, str]) -> None:
    """The machine asked for another one's desktop, by its name or address."""
    server = details.get("value")
    if server is None or " " in server or len(server) > _LONGEST_HOST:
        return
    event["event.type"] = "connection"
    address = values.assignable_address(server)
    if address is not None:
        event["destination.ip"] = address
        event["destination.port"] = 3389
    elif "." in server:
        event["destination.domain"] = server


def _hashes(event: Event, details: Mapping[str, str]) -> None:
    written = dict(_HASHES.findall(details.get("hashes", details.get("hash", ""))))
    for name in ("MD5", "SHA1", "SHA256"):
        digest = written.get(name, details.get(name.lower(), ""))
        is_hex = len(digest) == _DIGITS[name] and not digest.strip("0123456789abcdefABCDEF")
        if is_hex and digest.strip("0"):
            event[f"file.hash.{name.lower()}"] = digest.lower()  # type: ignore[literal-required]
    path = first_of(details, "imageloaded", "targetfilename", "image")
    if path is not None:
        event["file.name"] = base_name(path)[:255]


_DIGITS = {"MD5": 32, "SHA1": 40, "SHA256": 64}


def _defender(event: Event, details: Mapping[str, str]) -> None:
    threat = first_of(details, "threatname", "threat")
    if threat is not None:
        event["rule.name"] = threat[:200]
    written = details.get("path", "")
    path = next((hit for one in _PATHS if (hit := one.search(written))), None)
    if path is not None:
        event["file.name"] = base_name(path[1])[:255]
    web = _WEB_FILE.search(written)
    if web is not None:
        event["event.type"] = "protocol"
        event["url.full"] = web[1]
        domain = values.page(None, web[1])[1]
        if domain is not None:
            event["url.domain"] = domain


def _transfer(event: Event, details: Mapping[str, str]) -> None:
    url = first_of(details, "url", "remotename")
    if url is None or "://" not in url:
        return
    event["event.type"] = "protocol"
    event["url.full"] = url[:2048]
    domain = values.page(None, url)[1]
    if domain is not None:
        event["url.domain"] = domain


# Logons (4624, 4648), tickets (4768 to 4770), sessions (4778, 4779), shares (5140, 5145).
_CALLERS = (4624, 4648, 4768, 4769, 4770, 4778, 4779, 5140, 5145)

_TABLE: Mapping[tuple[str, int], Put] = {
    ("sysmon", 3): _sysmon_connection,
    ("sysmon", 22): client_query,
    **{("sysmon", number): _hashes for number in (1, 6, 7, 11, 15, 23, 24, 26, 29)},
    **{("security", number): _platform for number in (5156, 5154)},
    **{("security", number): _platform_bound for number in (5154, 5158)},
    **{
        ("security", number): _platform_blocked
        for number in (5150, 5151, 5152, 5153, 5155, 5157, 5159)
    },
    **{("security", number): _logon for number in _CALLERS},
    **{("security", number): _failed_logon for number in (4625, 4771)},
    **{("terminal", number): _logon for number in (21, 22, 24, 25, 1149)},
    **{("remote-desktop", number): _remote_desktop for number in (1024, 1102)},
    **{("dns-client", number): client_query for number in range(3006, 3021)},
    **{("dns", number): server_query for number in (256, 259)},
    **{("dns", number): server_answer for number in (257, 258)},
    **{("dns", number): server_asks_on for number in (260, 261, 262)},
    **{("defender", number): _defender for number in (1006, 1007, 1015, 1116, 1117, 1118, 1119)},
    **{("bits", number): _transfer for number in (3, 4, 59, 60, 61)},
}
"""What fills the fields of each kind of event; of any other only time and machine are written."""

_BOTH_ENDS = (_sysmon_connection, _platform, _platform_blocked)
