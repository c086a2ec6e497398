"""Plain text logs: a router's syslog, conntrack, Squid, and the lease files of two DHCP servers."""

from collections.abc import Iterable, Iterator

from quetsach.demo import times
from quetsach.demo.kits import Flavour, Recorder
from quetsach.demo.times import nat_port
from quetsach.demo.traffic import (
    ContactGrade,
    DnsLookup,
    Event,
    EventPart,
    Exchange,
    ExchangeEnd,
    LeaseGrant,
    TrafficLine,
    grade_of,
)

_ENDS = (EventPart.CLIENT, EventPart.SERVER)
_FAR = "192.0.2.53"


def syslog(one: Event, recorder: Recorder) -> Iterator[TrafficLine]:
    """Yield what a small router sends: dnsmasq, its DHCP, and the firewall's log before NAT."""
    if isinstance(one, DnsLookup):
        yield from _dnsmasq(one, recorder)
    elif isinstance(one, Exchange):
        yield _line(
            one.when_us,
            recorder,
            "kernel: FW-OUT: IN=br-lan OUT=pppoe-wan "
            f"SRC={one.client} DST={one.server} LEN=60 TOS=0x00 PREC=0x00 TTL=127 "
            f"ID={one.serial % 65_536} DF PROTO=TCP SPT={one.port} DPT={one.server_port} "
            "WINDOW=64240 RES=0x00 SYN URGP=0",
            parts=_ENDS,
        )
    else:
        given = f"{one.address} {one.mac} {one.host_name}"
        yield _line(one.when_us, recorder, f"dnsmasq-dhcp[412]: DHCPACK(br-lan) {given}", parts=())


def _dnsmasq(one: DnsLookup, recorder: Recorder) -> Iterator[TrafficLine]:
    asked = f"dnsmasq[412]: query[A] {one.name} from {one.client}"
    yield _line(one.when_us, recorder, asked, parts=(EventPart.NAME,))
    # Without `log-queries=extra` these lines do not say for whom.
    forwarded = f"dnsmasq[412]: forwarded {one.name} to {_FAR}"
    yield _line(one.when_us, recorder, forwarded, parts=(EventPart.NAME,), names_client=False)
    done_us = one.when_us + one.took_us
    for answer in one.answers or ("NXDOMAIN",):
        reply = f"dnsmasq[412]: reply {one.name} is {answer}"
        parts = (EventPart.NAME, EventPart.ANSWERS)
        yield _line(done_us, recorder, reply, parts=parts, names_client=False)


def _line(
    when_us: int,
    recorder: Recorder,
    text: str,
    *,
    parts: tuple[EventPart, ...],
    names_client: bool = True,
) -> TrafficLine:
    whole = f"{times.syslog(when_us, recorder.utc)} router {text}"
    return TrafficLine("syslog", "syslog", whole, when_us, parts, names_client=names_client)


def conntrack(one: Event, public: str) -> Iterator[TrafficLine]:
    """Yield the two lines of a translated connection: its start and its end."""
    if not isinstance(one, Exchange):
        return
    there = f"src={one.client} dst={one.server} sport={one.port} dport={one.server_port}"
    back = f"src={one.server} dst={public} sport={one.server_port} dport={nat_port(one)}"
    start = times.epoch(one.when_us)
    new = f"[{start}]\t    [NEW] tcp      6 120 SYN_SENT {there} [UNREPLIED] {back}"
    yield TrafficLine("conntrack", "conntrack", new, one.when_us, _ENDS)
    done_us = one.when_us + one.took_us
    sent = f"packets={4 + one.sent // 1_200} bytes={one.sent}"
    received = f"packets={3 + one.received // 1_400} bytes={one.received}"
    gone = (
        f"[{times.epoch(done_us)}]\t[DESTROY] tcp      6 {there} {sent} {back} {received} [ASSURED]"
    )
    yield TrafficLine("conntrack", "conntrack", gone, done_us, _ENDS, grade_of(one))


def squid(one: Event) -> Iterator[TrafficLine]:
    """Yield the proxy's line of a request, stamped at its end, in Squid's native form."""
    if not isinstance(one, Exchange) or not one.host:
        return
    done_us = one.when_us + one.took_us
    stamp = f"{done_us // 1_000_000}.{done_us // 1_000 % 1_000:03d} {one.took_us // 1_000:6d}"
    tail = f"- HIER_DIRECT/{one.server}"
    if one.service == "ssl":
        call = f"TCP_TUNNEL/200 {one.received} CONNECT {one.host}:{one.server_port}"
        text = f"{stamp} {one.client} {call} {tail} -"
        parts: tuple[EventPart, ...] = (*_ENDS, EventPart.NAME)
    else:
        call = f"TCP_MISS/200 {one.received} GET http://{one.host}{one.path}"
        kind = one.carried.mime if one.carried else "text/html"
        text = f"{stamp} {one.client} {call} {tail} {kind}"
        parts = (*_ENDS, EventPart.NAME, EventPart.URL)
    yield TrafficLine("squid", "squid", text, done_us, parts, grade_of(one))


def isc_leases(one: Event) -> Iterator[TrafficLine]:
    """Yield the lines of one entry of dhcpd.leases, whose times are UTC."""
    if not isinstance(one, LeaseGrant):
        return
    start = one.when_us // 1_000_000
    for text in (
        f"lease {one.address} {{",
        f"  starts {times.isc(start)};",
        f"  ends {times.isc(start + one.seconds)};",
        "  binding state active;",
        f"  hardware ethernet {one.mac};",
        f'  client-hostname "{one.host_name}";',
        "}",
    ):
        yield TrafficLine("isc-leases", "isc-leases", text, one.when_us)


def dnsmasq_leases(given: Iterable[LeaseGrant]) -> Iterator[TrafficLine]:
    """Yield the lease file as it stands after `given`: the last lease of each address."""
    last = {one.address: one for one in given}
    for address, one in sorted(last.items()):
        expiry = one.when_us // 1_000_000 + one.seconds
        text = f"{expiry} {one.mac} {address} {one.host_name} 01:{one.mac}"
        yield TrafficLine("dnsmasq-leases", "dnsmasq-leases", text, one.when_us)


# FortiGate logs as key=value: traffic, web filter and DNS.

_WRITE_FORTIGATE_ENDS = (EventPart.CLIENT, EventPart.SERVER)


def fortigate(one: Event, recorder: Recorder, public: str) -> Iterator[TrafficLine]:
    """Yield the lines of `one`; a session is written at its end; `public` is the NAT address."""
    if isinstance(one, DnsLookup):
        if recorder.flavour is not Flavour.SECONDS:
            yield _lookup(one, recorder)
    elif isinstance(one, Exchange):
        if one.service and one.end is ExchangeEnd.CLOSED:
            yield _web(one, recorder)
        yield _traffic(one, recorder, public)


def _head(when_us: int, recorder: Recorder, kind: str) -> str:
    day, hour = times.date_and_time(when_us, recorder.utc)
    if recorder.flavour is Flavour.SECONDS:
        clock = f"eventtime={when_us // 1_000_000}"
        return f'date={day} time={hour} devname="FG60E" devid="FGT60EDEMO0001" {kind} {clock}'
    clock = f'eventtime={when_us}123 tz="{"+0000" if recorder.utc else "+0700"}"'
    return f'date={day} time={hour} devname="FG60F" devid="FGT60FDEMO0002" {clock} {kind}'


def _lookup(one: DnsLookup, recorder: Recorder) -> TrafficLine:
    when_us = one.when_us + one.took_us
    kind = 'logid="1501054802" type="utm" subtype="dns" eventtype="dns-response" level="notice"'
    answers = f' ipaddr="{", ".join(one.answers)}"' if one.answers else ""
    text = (
        f'{_head(when_us, recorder, kind)} vd="root" policyid=1 sessionid={one.serial} '
        f'srcip={one.client} srcport={one.port} srcintf="lan" srcintfrole="lan" '
        f'dstip={one.server} dstport=53 dstintf="root" dstintfrole="undefined" proto=17 '
        f'profile="default" xid={one.serial % 65_536} qname="{one.name}" qtype="A" qtypeval=1 '
        f'qclass="IN"{answers} msg="Domain is monitored" action="pass"'
    )
    grade = ContactGrade.ANSWERED if one.answers else ContactGrade.ASKED
    return TrafficLine(
        "fortigate",
        "fortigate.utm",
        text,
        when_us,
        (EventPart.NAME, EventPart.ANSWERS, EventPart.SERVER),
        grade,
    )


def _web(one: Exchange, recorder: Recorder) -> TrafficLine:
    when_us = one.when_us + min(40_000, one.took_us)
    kind = 'logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice"'
    service = "HTTPS" if one.service == "ssl" else "HTTP"
    path = "/" if one.service == "ssl" else one.path
    text = (
        f'{_head(when_us, recorder, kind)} vd="root" policyid=1 sessionid={one.serial} '
        f'srcip={one.client} srcport={one.port} srcintf="lan" srcintfrole="lan" '
        f'dstip={one.server} dstport={one.server_port} dstintf="wan1" dstintfrole="wan" proto=6 '
        f'service="{service}" hostname="{one.host}" profile="default" action="passthrough" '
        f'reqtype="direct" url="{path}" sentbyte={one.sent} rcvdbyte={one.received} '
        f'direction="outgoing" msg="URL belongs to an allowed category in policy"'
    )
    # Of a page fetched over TLS the firewall knows the host only.
    parts = (
        (*_WRITE_FORTIGATE_ENDS, EventPart.NAME, EventPart.URL)
        if one.service == "http"
        else (*_WRITE_FORTIGATE_ENDS, EventPart.NAME)
    )
    return TrafficLine("fortigate", "fortigate.utm", text, when_us, parts, ContactGrade.MOVED)


def _traffic(one: Exchange, recorder: Recorder, public: str) -> TrafficLine:
    when_us = one.when_us + one.took_us
    kind = 'logid="0000000013" type="traffic" subtype="forward" level="notice"'
    denied = one.end is ExchangeEnd.DENIED
    nat = (
        'trandisp="noop"'
        if denied
        # `transport` is the port after translation, not a protocol.
        else f'trandisp="snat" transip={public} transport={nat_port(one)}'
    )
    service = {443: "HTTPS", 80: "HTTP"}.get(one.server_port, f"tcp/{one.server_port}")
    packets = (0, 0) if denied else (4 + one.sent // 1_200, 3 + one.received // 1_400)
    text = (
        f'{_head(when_us, recorder, kind)} vd="root" srcip={one.client} srcport={one.port} '
        f'srcintf="lan" srcintfrole="lan" dstip={one.server} dstport={one.server_port} '
        f'dstintf="wan1" dstintfrole="wan" sessionid={one.serial} proto=6 '
        f'action="{"deny" if denied else "close"}" policyid={0 if denied else 1} '
        f'policytype="policy" service="{service}" dstcountry="Reserved" srccountry="Reserved" '
        f"{nat} duration={one.took_us // 1_000_000} sentbyte={one.sent} rcvdbyte={one.received} "
        f'sentpkt={packets[0]} rcvdpkt={packets[1]} appcat="unscanned"'
    )
    return TrafficLine(
        "fortigate", "fortigate.traffic", text, when_us, _WRITE_FORTIGATE_ENDS, grade_of(one)
    )
