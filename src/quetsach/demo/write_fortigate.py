"""FortiGate logs as key=value: traffic, web filter and DNS.

Source: FortiOS log reference, types traffic/forward, utm/webfilter and utm/dns.
"""

from collections.abc import Iterator

from quetsach.demo import stamps
from quetsach.demo.kits import Flavour, Recorder
from quetsach.demo.nat import nat_port
from quetsach.demo.traffic import End, Event, Exchange, Grade, Line, Lookup, Part, grade_of

_ENDS = (Part.CLIENT, Part.SERVER)


def fortigate(one: Event, recorder: Recorder, public: str) -> Iterator[Line]:
    """Yield the lines of `one`; a session is written at its end; `public` is the NAT address."""
    if isinstance(one, Lookup):
        if recorder.flavour is not Flavour.SECONDS:
            yield _lookup(one, recorder)
    elif isinstance(one, Exchange):
        if one.service and one.end is End.CLOSED:
            yield _web(one, recorder)
        yield _traffic(one, recorder, public)


def _head(when_us: int, recorder: Recorder, kind: str) -> str:
    day, hour = stamps.date_and_time(when_us, recorder.utc)
    if recorder.flavour is Flavour.SECONDS:
        clock = f"eventtime={when_us // 1_000_000}"
        return f'date={day} time={hour} devname="FG60E" devid="FGT60EDEMO0001" {kind} {clock}'
    clock = f'eventtime={when_us}123 tz="{"+0000" if recorder.utc else "+0700"}"'
    return f'date={day} time={hour} devname="FG60F" devid="FGT60FDEMO0002" {clock} {kind}'


def _lookup(one: Lookup, recorder: Recorder) -> Line:
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
    grade = Grade.ANSWERED if one.answers else Grade.ASKED
    return Line(
        "fortigate", "fortigate.utm", text, when_us, (Part.NAME, Part.ANSWERS, Part.SERVER), grade
    )


def _web(one: Exchange, recorder: Recorder) -> Line:
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
    parts = (*_ENDS, Part.NAME, Part.URL) if one.service == "http" else (*_ENDS, Part.NAME)
    return Line("fortigate", "fortigate.utm", text, when_us, parts, Grade.MOVED)


def _traffic(one: Exchange, recorder: Recorder, public: str) -> Line:
    when_us = one.when_us + one.took_us
    kind = 'logid="0000000013" type="traffic" subtype="forward" level="notice"'
    denied = one.end is End.DENIED
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
    return Line("fortigate", "fortigate.traffic", text, when_us, _ENDS, grade_of(one))
