"""Plain text logs: a router's syslog, conntrack, Squid, and the lease files of two DHCP servers."""

from collections.abc import Iterable, Iterator

from quetsach.demo import stamps
from quetsach.demo.kits import Recorder
from quetsach.demo.nat import nat_port
from quetsach.demo.traffic import Event, Exchange, Handout, Line, Lookup, Part, grade_of

_ENDS = (Part.CLIENT, Part.SERVER)
_FAR = "192.0.2.53"


def syslog(one: Event, recorder: Recorder) -> Iterator[Line]:
    """Yield what a small router sends: dnsmasq, its DHCP, and the firewall's log before NAT."""
    if isinstance(one, Lookup):
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


def _dnsmasq(one: Lookup, recorder: Recorder) -> Iterator[Line]:
    asked = f"dnsmasq[412]: query[A] {one.name} from {one.client}"
    yield _line(one.when_us, recorder, asked, parts=(Part.NAME,))
    # Without `log-queries=extra` these lines do not say for whom.
    forwarded = f"dnsmasq[412]: forwarded {one.name} to {_FAR}"
    yield _line(one.when_us, recorder, forwarded, parts=(Part.NAME,), names_client=False)
    done_us = one.when_us + one.took_us
    for answer in one.answers or ("NXDOMAIN",):
        reply = f"dnsmasq[412]: reply {one.name} is {answer}"
        parts = (Part.NAME, Part.ANSWERS)
        yield _line(done_us, recorder, reply, parts=parts, names_client=False)


def _line(
    when_us: int,
    recorder: Recorder,
    text: str,
    *,
    parts: tuple[Part, ...],
    names_client: bool = True,
) -> Line:
    whole = f"{stamps.syslog(when_us, recorder.utc)} router {text}"
    return Line("syslog", "syslog", whole, when_us, parts, names_client=names_client)


def conntrack(one: Event, public: str) -> Iterator[Line]:
    """Yield the two lines of a translated connection: its start and its end."""
    if not isinstance(one, Exchange):
        return
    there = f"src={one.client} dst={one.server} sport={one.port} dport={one.server_port}"
    back = f"src={one.server} dst={public} sport={one.server_port} dport={nat_port(one)}"
    start = stamps.epoch(one.when_us)
    new = f"[{start}]\t    [NEW] tcp      6 120 SYN_SENT {there} [UNREPLIED] {back}"
    yield Line("conntrack", "conntrack", new, one.when_us, _ENDS)
    done_us = one.when_us + one.took_us
    sent = f"packets={4 + one.sent // 1_200} bytes={one.sent}"
    received = f"packets={3 + one.received // 1_400} bytes={one.received}"
    gone = (
        f"[{stamps.epoch(done_us)}]\t[DESTROY] tcp      6 {there} {sent} {back} {received} "
        "[ASSURED]"
    )
    yield Line("conntrack", "conntrack", gone, done_us, _ENDS, grade_of(one))


def squid(one: Event) -> Iterator[Line]:
    """Yield the proxy's line of a request, stamped at its end, in Squid's native form."""
    if not isinstance(one, Exchange) or not one.host:
        return
    done_us = one.when_us + one.took_us
    stamp = f"{done_us // 1_000_000}.{done_us // 1_000 % 1_000:03d} {one.took_us // 1_000:6d}"
    tail = f"- HIER_DIRECT/{one.server}"
    if one.service == "ssl":
        call = f"TCP_TUNNEL/200 {one.received} CONNECT {one.host}:{one.server_port}"
        text = f"{stamp} {one.client} {call} {tail} -"
        parts: tuple[Part, ...] = (*_ENDS, Part.NAME)
    else:
        call = f"TCP_MISS/200 {one.received} GET http://{one.host}{one.path}"
        kind = one.carried.mime if one.carried else "text/html"
        text = f"{stamp} {one.client} {call} {tail} {kind}"
        parts = (*_ENDS, Part.NAME, Part.URL)
    yield Line("squid", "squid", text, done_us, parts, grade_of(one))


def isc_leases(one: Event) -> Iterator[Line]:
    """Yield the lines of one entry of dhcpd.leases, whose times are UTC."""
    if not isinstance(one, Handout):
        return
    start = one.when_us // 1_000_000
    for text in (
        f"lease {one.address} {{",
        f"  starts {stamps.isc(start)};",
        f"  ends {stamps.isc(start + one.seconds)};",
        "  binding state active;",
        f"  hardware ethernet {one.mac};",
        f'  client-hostname "{one.host_name}";',
        "}",
    ):
        yield Line("isc-leases", "isc-leases", text, one.when_us)


def dnsmasq_leases(given: Iterable[Handout]) -> Iterator[Line]:
    """Yield the lease file as it stands after `given`: the last lease of each address."""
    last = {one.address: one for one in given}
    for address, one in sorted(last.items()):
        expiry = one.when_us // 1_000_000 + one.seconds
        text = f"{expiry} {one.mac} {address} {one.host_name} 01:{one.mac}"
        yield Line("dnsmasq-leases", "dnsmasq-leases", text, one.when_us)
