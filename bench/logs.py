"""Made logs of the size asked for: Zeek dns as TSV, Suricata EVE, FortiGate traffic and web.

Every line has a number of its own, so that two programs can be asked which lines they found.
"""

# ruff: noqa: E501 - a line of a log is long, and is easier to read in one piece

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from bench.columns import Draw, as_bytes, glued, joined
from bench.lists import Pools

ROWS = 1 << 16
"""Lines made at a time."""

START_US = 1_662_700_000_000_000
SPAN_US = 5 * 86_400_000_000
"""A log of any size spans five days."""

EAST_US = 7 * 3_600_000_000

ZEEK_COLUMNS = (
    *("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"),
    *("proto", "trans_id", "rtt", "query", "qclass", "qclass_name"),
    *("qtype", "qtype_name", "rcode", "rcode_name", "AA", "TC"),
    *("RD", "RA", "Z", "answers", "TTLs", "rejected"),
)
ZEEK_TYPES = (
    *("time", "string", "addr", "port", "addr", "port"),
    *("enum", "count", "interval", "string", "count", "string"),
    *("count", "string", "count", "string", "bool", "bool"),
    *("bool", "bool", "count", "vector[string]", "vector[interval]", "bool"),
)
ZEEK_HEAD = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
    "#open\t2022-09-09-12-06-40\n#fields\t" + "\t".join(ZEEK_COLUMNS) + "\n#types\t"
) + ("\t".join(ZEEK_TYPES) + "\n")


@dataclass(frozen=True)
class Kind:
    """One kind of made log: its file's name, first lines, how it is written, its line's number.

    `every` is so chosen that about 800 lines of a gigabyte meet an indicator; `number` is a
    pattern that finds the line's own number in it.
    """

    name: str
    title: str
    file: str
    head: str
    line_bytes: int
    every: int
    number: str
    lines: Callable[["Block"], pa.Array]


@dataclass(frozen=True)
class Block:
    """What the lines of one block have in common, whatever their kind."""

    draw: Draw
    serial: pa.Array
    when_us: pa.Array
    inside: pa.Array
    hosts: pa.Array
    aliases: pa.Array
    peers: pa.Array


@dataclass(frozen=True)
class Knobs:
    """What else of a made log can be chosen: its span, how often and what of the list it meets.

    Units: a line in `every` meets an indicator (None: as the kind has it). With `popular` all hits
    are of one name, and of any machine.
    """

    span_us: int = SPAN_US
    every: int | None = None
    popular: bool = False

    def pools(self, pools: Pools) -> Pools:
        """Return `pools` as they are drawn from."""
        if not self.popular:
            return pools
        one_name = pools.bad_hosts[:1]
        return replace(pools, bad_hosts=one_name, bad_devices=pools.devices)


def write_log(kind: Kind, pools: Pools, size: int, path: Path, knobs: Knobs = Knobs()) -> None:
    """Write a log of about `size` bytes to `path`, in a process of its own.

    What is measured is started from this one, and Linux counts a parent's memory to its children.
    """
    writer = get_context("fork").Process(target=_write, args=(kind, pools, size, path, knobs))
    writer.start()
    writer.join()
    if writer.exitcode:
        raise OSError(f"{path} could not be written")


def _write(kind: Kind, pools: Pools, size: int, path: Path, knobs: Knobs) -> None:
    with path.open("wb") as file:
        for block in log_blocks(kind, pools, size, knobs):
            file.write(block)


def log_blocks(kind: Kind, pools: Pools, size: int, knobs: Knobs = Knobs()) -> Iterator[bytes]:
    """Yield a log of at most `size` bytes in blocks of whole lines."""
    yield kind.head.encode()
    left = size - len(kind.head)
    step_us = max(1, knobs.span_us * kind.line_bytes // size)
    pools = knobs.pools(pools)
    number = 0
    while left > 0:
        data = as_bytes(kind.lines(_block(kind, pools, number, step_us, knobs)))
        number += 1
        if len(data) > left:
            data = data[: data.rfind(b"\n", 0, left) + 1]
            left = 0
        left -= len(data)
        yield data


def _block(kind: Kind, pools: Pools, number: int, step_us: int, knobs: Knobs) -> Block:
    every = knobs.every or kind.every
    draw = Draw(f"{kind.name} {number}", ROWS)
    serial = pa.array(range(number * ROWS, (number + 1) * ROWS), pa.int64())
    when_us = pc.add(pc.multiply(serial, step_us), draw.numbers(0, min(step_us, 1 << 30)))
    hosts, peers = draw.popular(pools.hosts), draw.popular(pools.peers)
    bad_hosts = draw.planted(hosts, pools.bad_hosts, every)
    bad_peers = peers if knobs.popular else draw.planted(peers, pools.bad_peers, 2 * every)
    is_bad = pc.or_(pc.not_equal(hosts, bad_hosts), pc.not_equal(peers, bad_peers))
    return Block(
        draw=draw,
        serial=serial.cast(pa.string()),
        when_us=pc.add(when_us, START_US),
        inside=pc.if_else(is_bad, draw.of(pools.bad_devices), draw.of(pools.devices)),
        hosts=draw.planted(bad_hosts, pools.near_hosts, 4 * kind.every),
        aliases=draw.popular(pools.hosts),
        peers=bad_peers,
    )


def _zeek(block: Block) -> pa.Array:
    draw = block.draw
    pieces = pa.array([f"{one * 7919 % 1_048_576:05x}" for one in range(4096)])
    uid = glued("C", draw.of(pieces), draw.of(pieces), pc.utf8_lpad(block.serial, 8, "0"))
    resolver = draw.of(pa.array(["10.0.1.53", "10.0.2.53"]))
    chain = joined(",", block.aliases, block.peers)
    answers = draw.mixed((60, 25, 15), (block.peers, chain, pa.array(["-"] * ROWS)))
    kinds = draw.of(pa.array(["1\tA", "1\tA", "28\tAAAA", "65\tHTTPS"]))
    ttl = glued(draw.digits(20, 3600), ".000000")
    rtt = glued("0.0", draw.digits(10_000, 99_999))
    who = (uid, block.inside, draw.digits(1024, 65536), resolver, "53\tudp", draw.digits(0, 65536))
    what = (rtt, block.hosts, "1\tC_INTERNET", kinds, "0\tNOERROR\tF\tF\tT\tT\t0", answers, ttl)
    return joined("\t", _epoch(block.when_us), *who, *what, "F\n")


def _epoch(when_us: pa.Array) -> pa.Array:
    text = when_us.cast(pa.string())
    return joined(".", pc.utf8_slice_codeunits(text, 0, 10), pc.utf8_slice_codeunits(text, 10, 16))


def _local(when_us: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return date and time of day at +07:00 as text, the time with six decimals."""
    text = pc.add(when_us, EAST_US).cast(pa.timestamp("us")).cast(pa.string())
    return pc.utf8_slice_codeunits(text, 0, 10), pc.utf8_slice_codeunits(text, 11, 26)


def _eve(block: Block) -> pa.Array:
    draw, hosts, peers = block.draw, block.hosts, block.peers
    date, clock = _local(block.when_us)
    ttl, port = draw.digits(20, 3600), draw.digits(1024, 65536)
    size, more = draw.digits(60, 9000), draw.digits(60, 90_000)
    flow = glued('"flow_id":1', pc.utf8_lpad(block.serial, 15, "0"), ',"in_iface":"eth0"')
    outside = ('","dest_ip":"', peers, '","dest_port":443,"proto":"TCP","community_id":"1:', more)
    dns = glued(
        '"dns","src_ip":"', block.inside, '","src_port":', port,
        ',"dest_ip":"10.0.1.53","dest_port":53,"proto":"UDP","dns":{"version":2,"type":"answer","id":', size,
        ',"flags":"8180","qr":true,"rd":true,"ra":true,"rrname":"', hosts,
        '","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"', hosts, '","rrtype":"A","ttl":', ttl,
        ',"rdata":"', peers, '"}],"grouped":{"A":["', peers, '"]}}}\n',
    )  # fmt: skip
    tls = glued(
        '"tls","src_ip":"', block.inside, *outside,
        'rNpVQ=","tls":{"subject":"CN=*.example.net","issuerdn":"C=US, O=Example, CN=R3","serial":"04:5C:11","fingerprint":"3a:9f:00:17:a4:b2:c3:d4:e5:f6","sni":"', hosts,
        '","version":"TLS 1.3","notbefore":"2022-07-01T00:00:00","notafter":"2022-10-01T00:00:00"}}\n',
    )  # fmt: skip
    http = glued(
        '"http","src_ip":"', block.inside, *outside,
        'kQz0=","tx_id":0,"http":{"hostname":"', hosts, '","url":"/api/v1/items/', ttl,
        '","http_user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64)","http_content_type":"text/html","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":', size, "}}\n",
    )  # fmt: skip
    flows = glued(
        '"flow","src_ip":"', block.inside, *outside,
        'Lp9w=","app_proto":"tls","flow":{"pkts_toserver":12,"pkts_toclient":14,"bytes_toserver":', size,
        ',"bytes_toclient":', more, ',"start":"', date, "T", clock, '+0700","end":"', date, "T", clock,
        '+0700","age":3,"state":"closed","reason":"timeout","alerted":false},"tcp":{"tcp_flags":"1b","syn":true,"fin":true,"psh":true,"ack":true,"state":"closed"}}\n',
    )  # fmt: skip
    event = draw.mixed((50, 15, 15, 20), (dns, tls, http, flows))
    return glued(
        '{"timestamp":"', date, "T", clock, '+0700",', flow, ',"event_type":', event
    )  # fmt: skip


def _fortigate(block: Block) -> pa.Array:
    draw, hosts, peers = block.draw, block.hosts, block.peers
    date, clock = _local(block.when_us)
    head = glued(
        "date=", date, " time=", pc.utf8_slice_codeunits(clock, 0, 8),
        ' devname="FGT-TV" devid="FG100E0000000001" eventtime=', block.when_us.cast(pa.string()), '000 tz="+0700" logid=',
    )  # fmt: skip
    ends = glued(
        'vd="root" srcip=', block.inside, " srcport=", draw.digits(1024, 65536),
        ' srcintf="lan" srcintfrole="lan" dstip=', peers,
        ' dstport=443 dstintf="wan1" dstintfrole="wan" sessionid=', block.serial,
        ' proto=6 policyid=1 policytype="policy" ',
    )  # fmt: skip
    sent, received = draw.digits(100, 99_999), draw.digits(100, 999_999)
    traffic = glued(
        '"0000000013" type="traffic" subtype="forward" level="notice" ', ends,
        'action="close" service="HTTPS" dstcountry="Vietnam" srccountry="Reserved" trandisp="snat" transip=10.255.0.7 transport=', draw.digits(1024, 65536),
        " duration=5 sentbyte=", sent, " rcvdbyte=", received, ' sentpkt=11 rcvdpkt=10 appcat="unscanned"\n',
    )  # fmt: skip
    web = glued(
        '"0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice" ', ends,
        'service="HTTPS" hostname="', hosts, '" profile="default" action="passthrough" reqtype="direct" url="/" sentbyte=', sent, " rcvdbyte=", received,
        ' direction="outgoing" msg="URL belongs to an allowed category in policy" method="domain" cat=52 catdesc="Information Technology"\n',
    )  # fmt: skip
    return glued(head, draw.mixed((60, 40), (traffic, web)))


def _zeek_json(block: Block) -> pa.Array:
    draw = block.draw
    uid = glued("C", pc.utf8_lpad(block.serial, 14, "0"))
    resolver = draw.of(pa.array(["10.0.1.53", "10.0.2.53"]))
    return glued(
        '{"ts":', _epoch(block.when_us), ',"uid":"', uid, '","id.orig_h":"', block.inside, '","id.orig_p":', draw.digits(1024, 65536),
        ',"id.resp_h":"', resolver, '","id.resp_p":53,"proto":"udp","trans_id":', draw.digits(0, 65536), ',"rtt":0.0', draw.digits(10_000, 99_999),
        ',"query":"', block.hosts, '","qclass":1,"qclass_name":"C_INTERNET","qtype":1,"qtype_name":"A","rcode":0,"rcode_name":"NOERROR","AA":false,"TC":false,"RD":true,"RA":true,"Z":0,"answers":["',
        block.aliases, '","', block.peers, '"],"TTLs":[', draw.digits(20, 3600), ".0,60.0],", '"rejected":false}\n',
    )  # fmt: skip


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _syslog(block: Block) -> pa.Array:
    draw, hosts = block.draw, block.hosts
    date, clock = _local(block.when_us)
    month = pc.subtract(pc.utf8_slice_codeunits(date, 5, 7).cast(pa.int64()), 1)
    day = pc.utf8_lpad(pc.utf8_ltrim(pc.utf8_slice_codeunits(date, 8, 10), "0"), 2, " ")
    head = glued(
        pa.array(MONTHS).take(month), " ", day, " ", pc.utf8_slice_codeunits(clock, 0, 8), " gw-tracu "
    )  # fmt: skip
    asked = glued("dnsmasq[", block.serial, "]: query[A] ", hosts, " from ", block.inside, "\n")
    told = glued("dnsmasq[", block.serial, "]: reply ", block.aliases, " is ", block.peers, "\n")
    dropped = glued(
        "kernel: [", block.serial, ".000001] FW-DROP IN=br0 OUT=eth1 MAC=00:11:22:33:44:55:66:77:88:99:aa:bb:08:00 SRC=", block.inside, " DST=", block.peers,
        " LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=", draw.digits(1, 65536), " DF PROTO=TCP SPT=", draw.digits(1024, 65536), " DPT=443 WINDOW=64240 RES=0x00 SYN URGP=0\n",
    )  # fmt: skip
    login = glued(
        "sshd[", block.serial, "]: Accepted publickey for can.bo from ", block.inside, " port ", draw.digits(1024, 65536), " ssh2\n",
    )  # fmt: skip
    return glued(head, draw.mixed((50, 25, 20, 5), (asked, told, dropped, login)))


KINDS = (
    Kind("zeek", "Zeek dns, TSV", "dns.log", ZEEK_HEAD, 181, 8_000, r"\t(C[0-9a-f]+)\t", _zeek),
    Kind("eve", "Suricata EVE", "eve.json", "", 495, 3_000, r'"flow_id":(\d+)', _eve),
    Kind("fortigate", "FortiGate", "forti.log", "", 615, 1_400, r" sessionid=(\d+)", _fortigate),
)
MORE_KINDS = (
    *KINDS,
    Kind("zeek-json", "Zeek dns, JSON", "dns.json", "", 415, 3_500, r'"uid":"(C\d+)"', _zeek_json),
    Kind("syslog", "mixed syslog", "messages", "", 105, 14_000, r"(?:\w\[|: \[)(\d+)", _syslog),
)
"""All kinds: the three that are compared one by one, and those that the grid adds."""
