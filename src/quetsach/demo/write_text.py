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


def syslog(event: Event, recorder: Recorder) -> Iterator[TrafficLine]:
    """Yield what a small router sends: dnsmasq, its DHCP, and the firewall's log before NAT."""
    if isinstance(event, DnsLookup):
        yield from _dnsmasq(event, recorder)
    elif isinstance(event, Exchange):
        yield _line(
            event.when_us,
            recorder,
            "kernel: FW-OUT: IN=br-lan OUT=pppoe-wan "
            f"SRC={event.client} DST={event.server} LEN=60 TOS=0x00 PREC=0x00 TTL=127 "
            f"ID={event.serial % 65_536} DF PROTO=TCP SPT={event.port} DPT={event.server_port} "
            "WINDOW=64240 RES=0x00 SYN URGP=0",
            parts=_ENDS,
        )
    else:
        lease = f"{event.address} {event.mac} {event.host_name}"
        yield _line(
            event.when_us, recorder, f"dnsmasq-dhcp[412]: DHCPACK(br-lan) {lease}", parts=()
        )


def _dnsmasq(lookup: DnsLookup, recorder: Recorder) -> Iterator[TrafficLine]:
    query = f"dnsmasq[412]: query[A] {lookup.name} from {lookup.client}"
    yield _line(lookup.when_us, recorder, query, parts=(EventPart.NAME,))
    # Without `log-queries=extra` these lines do not say for whom.
    forwarded = f"dnsmasq[412]: forwarded {lookup.name} to {_FAR}"
    yield _line(lookup.when_us, recorder, forwarded, parts=(EventPart.NAME,), names_client=False)
    done_us = lookup.when_us + lookup.took_us
    for answer in lookup.answers or ("NXDOMAIN",):
        reply = f"dnsmasq[412]: reply {lookup.name} is {answer}"
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


def conntrack(event: Event, public: str) -> Iterator[TrafficLine]:
    """Yield the two lines of a translated connection: its start and its end."""
    if not isinstance(event, Exchange):
        return
    there = f"src={event.client} dst={event.server} sport={event.port} dport={event.server_port}"
    back = f"src={event.server} dst={public} sport={event.server_port} dport={nat_port(event)}"
    start = times.epoch(event.when_us)
    new = f"[{start}]\t    [NEW] tcp      6 120 SYN_SENT {there} [UNREPLIED] {back}"
    yield TrafficLine("conntrack", "conntrack", new, event.when_us, _ENDS)
    done_us = event.when_us + event.took_us
    sent = f"packets={4 + event.sent // 1_200} bytes={event.sent}"
    received = f"packets={3 + event.received // 1_400} bytes={event.received}"
    gone = (
        f"[{times.epoch(done_us)}]\t[DESTROY] tcp      6 {there} {sent} {back} {received} [ASSURED]"
    )
    yield TrafficLine("conntrack", "conntrack", gone, done_us, _ENDS, grade_of(event))


def squid(event: Event) -> Iterator[TrafficLine]:
    """Yield the proxy's line of a request, stamped at its end, in Squid's native form."""
    if not isinstance(event, Exchange) or not event.host:
        return
    done_us = event.when_us + event.took_us
    stamp = f"{done_us // 1_000_000}.{done_us // 1_000 % 1_000:03d} {event.took_us // 1_000:6d}"
    tail = f"- HIER_DIRECT/{event.server}"
    if event.service == "ssl":
        call = f"TCP_TUNNEL/200 {event.received} CONNECT {event.host}:{event.server_port}"
        text = f"{stamp} {event.client} {call} {tail} -"
        parts: tuple[EventPart, ...] = (*_ENDS, EventPart.NAME)
    else:
        call = f"TCP_MISS/200 {event.received} GET http://{event.host}{event.path}"
        kind = event.carried.mime if event.carried else "text/html"
        text = f"{stamp} {event.client} {call} {tail} {kind}"
        parts = (*_ENDS, EventPart.NAME, EventPart.URL)
    yield TrafficLine("squid", "squid", text, done_us, parts, grade_of(event))


def isc_leases(event: Event) -> Iterator[TrafficLine]:
    """Yield the lines of one entry of dhcpd.leases, whose times are UTC."""
    if not isinstance(event, LeaseGrant):
        return
    start = event.when_us // 1_000_000
    for text in (
        f"lease {event.address} {{",
        f"  starts {times.isc(start)};",
        f"  ends {times.isc(start + event.seconds)};",
        "  binding state active;",
        f"  hardware ethernet {event.mac};",
        f'  client-hostname "{event.host_name}";',
        "}",
    ):
        yield TrafficLine("isc-leases", "isc-leases", text, event.when_us)


def dnsmasq_leases(given: Iterable[LeaseGrant]) -> Iterator[TrafficLine]:
    """Yield the lease file as it is after `given`: the last lease of each address."""
    last = {one.address: one for one in given}
    for address, one in sorted(last.items()):
        expiry = one.when_us // 1_000_000 + one.seconds
        text = f"{expiry} {one.mac} {address} {one.host_name} 01:{one.mac}"
        yield TrafficLine("dnsmasq-leases", "dnsmasq-leases", text, one.when_us)


# FortiGate logs as key=value: traffic, web filter and DNS.

_WRITE_FORTIGATE_ENDS = (EventPart.CLIENT, EventPart.SERVER)


def fortigate(event: Event, recorder: Recorder, public: str) -> Iterator[TrafficLine]:
    """Yield the lines of `event`; a session is written at its end; `public` is the NAT address."""
    if isinstance(event, DnsLookup):
        if recorder.flavour is not Flavour.SECONDS:
            yield _lookup(event, recorder)
    elif isinstance(event, Exchange):
        if event.service and event.end is ExchangeEnd.CLOSED:
            yield _web(event, recorder)
        yield _traffic(event, recorder, public)


def _head(when_us: int, recorder: Recorder, kind: str) -> str:
    day, hour = times.date_and_time(when_us, recorder.utc)
    if recorder.flavour is Flavour.SECONDS:
        clock = f"eventtime={when_us // 1_000_000}"
        return f'date={day} time={hour} devname="FG60E" devid="FGT60EDEMO0001" {kind} {clock}'
    clock = f'eventtime={when_us}123 tz="{"+0000" if recorder.utc else "+0700"}"'
    return f'date={day} time={hour} devname="FG60F" devid="FGT60FDEMO0002" {clock} {kind}'


def _lookup(lookup: DnsLookup, recorder: Recorder) -> TrafficLine:
    when_us = lookup.when_us + lookup.took_us
    kind = 'logid="1501054802" type="utm" subtype="dns" eventtype="dns-response" level="notice"'
    answers = f' ipaddr="{", ".join(lookup.answers)}"' if lookup.answers else ""
    text = (
        f'{_head(when_us, recorder, kind)} vd="root" policyid=1 sessionid={lookup.serial} '
        f'srcip={lookup.client} srcport={lookup.port} srcintf="lan" srcintfrole="lan" '
        f'dstip={lookup.server} dstport=53 dstintf="root" dstintfrole="undefined" proto=17 '
        f'profile="default" xid={lookup.serial % 65_536} qname="{lookup.name}" '
        f'qtype="A" qtypeval=1 qclass="IN"{answers} msg="Domain is monitored" action="pass"'
    )
    grade = ContactGrade.ANSWERED if lookup.answers else ContactGrade.ASKED
    return TrafficLine(
        "fortigate",
        "fortigate.utm",
        text,
        when_us,
        (EventPart.NAME, EventPart.ANSWERS, EventPart.SERVER),
        grade,
    )


def _web(exchange: Exchange, recorder: Recorder) -> TrafficLine:
    when_us = exchange.when_us + min(40_000, exchange.took_us)
    kind = 'logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice"'
    service = "HTTPS" if exchange.service == "ssl" else "HTTP"
    path = "/" if exchange.service == "ssl" else exchange.path
    text = (
        f'{_head(when_us, recorder, kind)} vd="root" policyid=1 sessionid={exchange.serial} '
        f'srcip={exchange.client} srcport={exchange.port} srcintf="lan" srcintfrole="lan" '
        f'dstip={exchange.server} dstport={exchange.server_port} dstintf="wan1" '
        f'dstintfrole="wan" proto=6 service="{service}" hostname="{exchange.host}" '
        f'profile="default" action="passthrough" reqtype="direct" url="{path}" '
        f'sentbyte={exchange.sent} rcvdbyte={exchange.received} direction="outgoing" '
        f'msg="URL belongs to an allowed category in policy"'
    )
    # Of a page fetched over TLS the firewall knows the host only.
    parts = (
        (*_WRITE_FORTIGATE_ENDS, EventPart.NAME, EventPart.URL)
        if exchange.service == "http"
        else (*_WRITE_FORTIGATE_ENDS, EventPart.NAME)
    )
    return TrafficLine("fortigate", "fortigate.utm", text, when_us, parts, ContactGrade.MOVED)


def _traffic(exchange: Exchange, recorder: Recorder, public: str) -> TrafficLine:
    when_us = exchange.when_us + exchange.took_us
    kind = 'logid="0000000013" type="traffic" subtype="forward" level="notice"'
    denied = exchange.end is ExchangeEnd.DENIED
    nat = (
        'trandisp="noop"'
        if denied
        # `transport` is the port after translation, not a protocol.
        else f'trandisp="snat" transip={public} transport={nat_port(exchange)}'
    )
    service = {443: "HTTPS", 80: "HTTP"}.get(exchange.server_port, f"tcp/{exchange.server_port}")
    packets = (0, 0) if denied else (4 + exchange.sent // 1_200, 3 + exchange.received // 1_400)
    text = (
        f'{_head(when_us, recorder, kind)} vd="root" srcip={exchange.client} '
        f'srcport={exchange.port} srcintf="lan" srcintfrole="lan" '
        f"dstip={exchange.server} dstport={exchange.server_port} "
        f'dstintf="wan1" dstintfrole="wan" sessionid={exchange.serial} proto=6 '
        f'action="{"deny" if denied else "close"}" policyid={0 if denied else 1} '
        f'policytype="policy" service="{service}" dstcountry="Reserved" srccountry="Reserved" '
        f"{nat} duration={exchange.took_us // 1_000_000} sentbyte={exchange.sent} "
        f"rcvdbyte={exchange.received} "
        f'sentpkt={packets[0]} rcvdpkt={packets[1]} appcat="unscanned"'
    )
    return TrafficLine(
        "fortigate", "fortigate.traffic", text, when_us, _WRITE_FORTIGATE_ENDS, grade_of(exchange)
    )
