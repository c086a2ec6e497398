"""A watch under load: lines written at a steady rate, each sighting's delay, what was lost.

python -m bench.watch [--rate 20000] [--seconds 30] [--hits 0.001] [--listed 100000] [--flood]

The delay is from the write of a line to the line of JSON that tells of it. Processor time is that
of the watch alone, as others may work on the same cores.

With --flood every line holds the same listed name, and a few a second another one, of another
machine: those are measured. What is read in its turn is waited for to the end.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_PARTS = 20
"""The lines of a second are written in so many parts."""


def line(number: int, name: str) -> bytes:
    """Return a question in Suricata's form, of about 374 bytes."""
    return (
        f'{{"timestamp":"2026-11-30T08:{number // 60 % 60:02}:{number % 60:02}.{number % 10**6:06}'
        f'+0700","flow_id":{number + 10**15},"in_iface":"eth0","event_type":"dns","src_ip":'
        f'"10.{number % 7}.{number // 250 % 250}.{number % 250 + 1}","src_port":53000,'
        f'"dest_ip":"10.1.0.53","dest_port":53,"proto":"UDP","pkt_src":"wire/pcap","dns":{{"type":'
        f'"query","id":{number % 65536},"rrname":"{name}","rrtype":"A","tx_id":0,"opcode":0}},'
        f'"community_id":"1:{number:027}="}}\n'
    ).encode()


def main(words: Sequence[str] | None = None) -> int:
    """Write, watch and print the figures; return 1 where a sighting is missing."""
    parser = argparse.ArgumentParser(prog="bench.watch", description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--hits", type=float, default=0.001)
    parser.add_argument("--listed", type=int, default=100_000, help="names (1,000 or more)")
    parser.add_argument("--flood", action="store_true")
    parser.add_argument("--wait", type=int, default=60)
    arguments = parser.parse_args(words)
    every = max(round(1 / arguments.hits), 1)
    with TemporaryDirectory(prefix="watch-bench-") as name:
        folder = Path(name)
        log = folder / "eve.json"
        log.write_bytes(line(1, "good.example"))
        listed = folder / "list.txt"
        names = "".join(f"bad{n}.example\n" for n in range(max(arguments.listed, 1000)))
        listed.write_text(names, encoding="ascii")
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "quetsach", "watch", "run", str(log), "-i", str(listed)),
                *("--state", str(folder / "state"), "--json", "--quiet"),
            ],
            stdout=subprocess.PIPE,
        )
        told: dict[int, float] = {}
        reading = threading.Thread(target=_read, args=(child, told))
        reading.start()
        time.sleep(3)
        loud = "bad0.example" if arguments.flood else ""
        written = _write(log, arguments.rate, arguments.seconds, every, loud)
        last = time.monotonic() + arguments.wait
        while len(told) < len(written) and time.monotonic() < last:
            time.sleep(0.1)
        child.send_signal(15)
        child.wait()
        reading.join()
    return _report(arguments, written, told)


def _read(child: "subprocess.Popen[bytes]", told: dict[int, float]) -> None:
    assert child.stdout is not None
    for row in child.stdout:
        number = json.loads(json.loads(row)["event.original"])["flow_id"] - 10**15
        told.setdefault(number, time.monotonic())


def _write(log: Path, rate: int, seconds: int, every: int, loud: str) -> dict[int, float]:
    """Return when each line with a listed name was written; all others hold `loud`, if any."""
    part, begun = rate // _PARTS, time.monotonic()
    written: dict[int, float] = {}
    with log.open("ab", buffering=0) as file:
        for count in range(seconds * _PARTS):
            first = 2 + count * part
            numbers = range(first, first + part)
            texts = [
                line(n, f"bad{n % 997 + 1}.example" if n % every == 0 else loud or _good(n))
                for n in numbers
            ]
            file.write(b"".join(texts))
            now = time.monotonic()
            written.update((n, now) for n in numbers if n % every == 0)
            time.sleep(max(begun + (count + 1) / _PARTS - time.monotonic(), 0))
    return written


def _good(number: int) -> str:
    return f"good{number % 997}.example"


def _report(
    arguments: argparse.Namespace, written: dict[int, float], told: dict[int, float]
) -> int:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = arguments.rate * arguments.seconds
    seconds = used.ru_utime + used.ru_stime
    delays = sorted(told[n] - when for n, when in written.items() if n in told)
    lost = len(written) - len(delays)
    print(f"{lines} lines, {len(written)} with a listed name, {lost} lost")
    if delays:
        print(f"delay: p50 {delays[len(delays) // 2]:.2f} s, ", end="")
        print(f"p99 {delays[min(len(delays) * 99 // 100, len(delays) - 1)]:.2f} s")
    print(f"processor: {seconds:.2f} s, {lines / seconds:.0f} lines a second of a core")
    print(f"peak memory: {used.ru_maxrss / 1024:.0f} MB; load {os.getloadavg()[0]:.1f}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
