"""Measure the sieve: gigabytes a second over made logs, with one thread and with two.

The logs are made in memory, names and addresses too; some lines hold an indicator.
"""

# ruff: noqa: E501 - a log line is long, and is easier to read in one piece

import argparse
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from quetsach.sieve.contract import LineClock, Sieve, SieveKeys
from quetsach.sieve.kernel import build_sieve

MEGABYTE = 1_000_000
BLOCK = 4 << 20
INSIDE = (0x0A000000, 8)
START = 1_662_915_600
TAILS = ("com", "net", "org", "vn", "com.vn", "gov.vn", "edu.vn", "info", "co.uk", "io")
HOSTS = ("www", "api", "cdn", "mail", "img", "update", "static-1", "a.b.telemetry")
SYLLABLES = ("ba", "to", "mi", "xu", "an", "phe", "rol", "tin", "goo", "ck", "ver", "sen", "duy")


def name(rng: random.Random) -> str:
    """Return a registered domain that somebody could own."""
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 5))) + "." + rng.choice(TAILS)


def address(rng: random.Random) -> int:
    """Return a public-looking IPv4 address."""
    return rng.randint(0x0B000000, 0xDF000000)


def shown(value: int) -> str:
    """Return `value` as people write an address."""
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def zeek(rng: random.Random, second: float, host: str, peer: str) -> str:
    """Return a line of Zeek's dns.log."""
    return (
        f"{second:.6f}\tC{rng.getrandbits(80):x}\t10.{rng.randint(0, 3)}.3.{rng.randint(1, 254)}"
        f"\t{rng.randint(1024, 65535)}\t10.20.1.53\t53\tudp\t{rng.randint(0, 65535)}\t0.0{rng.randint(10000, 99999)}"
        f"\t{host}\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t{peer}\t{rng.randint(20, 3600)}.000000\tF"
    )


def eve(rng: random.Random, second: float, host: str, peer: str) -> str:
    """Return a dns event of Suricata."""
    clock = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
    return (
        f'{{"timestamp":"{clock}.{rng.randint(0, 999999):06}+0700","flow_id":{rng.getrandbits(50)},'
        f'"in_iface":"eth0","event_type":"dns","src_ip":"10.{rng.randint(0, 3)}.3.{rng.randint(1, 254)}",'
        f'"src_port":{rng.randint(1024, 65535)},"dest_ip":"10.20.1.53","dest_port":53,"proto":"UDP",'
        f'"dns":{{"version":2,"type":"answer","id":{rng.randint(0, 65535)},"flags":"8180","qr":true,"rd":true,'
        f'"ra":true,"rrname":"{host}","rrtype":"A","rcode":"NOERROR","answers":[{{"rrname":"{host}",'
        f'"rrtype":"A","ttl":{rng.randint(20, 3600)},"rdata":"{peer}"}}],"grouped":{{"A":["{peer}"]}}}}}}'
    )


def fortigate(rng: random.Random, second: float, host: str, peer: str) -> str:
    """Return a traffic line of a FortiGate."""
    clock = time.strftime("date=%Y-%m-%d time=%H:%M:%S", time.gmtime(second))
    return (
        f'{clock} devname="FGT-TV" devid="FG100E0000000001" eventtime={int(second)}000000000 tz="+0700" '
        f'logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" '
        f"srcip=10.{rng.randint(0, 3)}.3.{rng.randint(1, 254)} srcport={rng.randint(1024, 65535)} "
        f'srcintf="lan" srcintfrole="lan" dstip={peer} dstport=443 dstintf="wan1" dstintfrole="wan" '
        f'sessionid={rng.randint(1, 99999999)} proto=6 action="close" policyid=1 policytype="policy" '
        f'service="HTTPS" dstcountry="Vietnam" srccountry="Reserved" trandisp="snat" transip=203.0.113.7 '
        f"transport={rng.randint(1024, 65535)} duration=5 sentbyte={rng.randint(100, 99999)} "
        f'rcvdbyte={rng.randint(100, 99999)} sentpkt=11 rcvdpkt=10 appcat="unscanned" hostname="{host}"'
    )


KINDS: dict[str, tuple[Callable[..., str], LineClock]] = {
    "zeek": (zeek, LineClock(epoch=True)),
    "eve": (eve, LineClock(b'"timestamp":"', length=13)),
    "fortigate": (fortigate, LineClock(b"eventtime=", epoch=True)),
}


def blocks(kind: str, keys: SieveKeys, megabytes: int) -> list[bytes]:
    """Return blocks of whole lines of `kind`; one line in 5,000 holds a key."""
    rng = random.Random(7)
    line = KINDS[kind][0]
    hosts = [f"{rng.choice(HOSTS)}.{name(rng)}" for _ in range(50_000)]
    peers = [shown(address(rng)) for _ in range(20_000)]
    listed = sorted(keys.names)[:1000]
    made: list[bytes] = []
    second = float(START)
    while sum(map(len, made)) < min(megabytes, 40) * MEGABYTE:
        lines: list[str] = []
        size = 0
        while size < BLOCK:
            second += 0.05
            host = rng.choice(listed).decode() if rng.random() < 0.0002 else rng.choice(hosts)
            lines.append(line(rng, second, host, rng.choice(peers)))
            size += len(lines[-1]) + 1
        made.append(("\n".join(lines) + "\n").encode())
    return made * max(1, megabytes // 40)


def seconds(sieve: Sieve, work: list[bytes], clock: LineClock, threads: int) -> tuple[float, int]:
    """Return how long `threads` took for `work`, and the count of candidates."""
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        scans = list(pool.map(lambda block: sieve.scan(block, clock, None), work))
    return time.perf_counter() - started, sum(len(scan.candidates) for scan in scans)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=320)
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--sieve", choices=["auto", "rust", "python"], default="auto")
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    options = parser.parse_args()
    rng = random.Random(1)
    listed = {f"{rng.choice(HOSTS)}.bad{number}{name(rng)}" for number in range(options.names // 2)}
    listed |= {f"bad{number}{name(rng)}" for number in range(options.names - len(listed))}
    keys = SieveKeys(
        names=frozenset(one.encode() for one in listed),
        addresses=frozenset(address(rng) for _ in range(20_000)),
        inside=(INSIDE,),
    )
    started = time.perf_counter()
    sieve = build_sieve(keys, options.sieve)
    print(f"{sieve.name}: {len(listed)} names compiled in {time.perf_counter() - started:.2f} s")
    for kind in options.kinds:
        work = blocks(kind, keys, options.megabytes)
        size = sum(map(len, work))
        for threads in (1, 2):
            took, candidates = min(seconds(sieve, work, KINDS[kind][1], threads) for _ in range(3))
            rate = size / took / threads / 1e9
            print(f"{kind}: {threads} threads, {rate:.2f} GB/s a thread, {candidates} candidates")


if __name__ == "__main__":
    main()
