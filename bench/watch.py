"""A watch under load: lines written at a steady rate, each sighting's delay, what was lost.

python -m bench.watch [--rate 20000] [--seconds 30] [--hits 0.001] [--listed 100000]
                      [--flood] [--machines 1]

The delay is from the write of a line to the line of JSON that tells of it. Processor time is that
of the watch alone, as others may work on the same cores.

With --flood every line of a few loud machines holds the same listed name. A few a second are of
other machines, each of its own: half of them with another listed name, half with that of the flood.
Those are measured.
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
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_PARTS = 20
"""The lines of a second are written in so many parts."""

LOUD_NAME = "bad0.example"
LATE_S = 2.0


def line(number: int, name: str, client: str | None = None) -> bytes:
    """Return a question in Suricata's form, of about 374 bytes."""
    client = client or f"10.{number % 7}.{number // 250 % 250}.{number % 250 + 1}"
    return (
        f'{{"timestamp":"2026-11-30T08:{number // 60 % 60:02}:{number % 60:02}.{number % 10**6:06}'
        f'+0700","flow_id":{number + 10**15},"in_iface":"eth0","event_type":"dns","src_ip":'
        f'"{client}","src_port":53000,'
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
    parser.add_argument("--machines", type=int, default=1, help="loud ones in the flood")
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
        load = Load(arguments.rate, every, arguments.machines if arguments.flood else 0)
        written = load.write(log, arguments.seconds)
        last = time.monotonic() + arguments.wait
        while not written.keys() <= told.keys() and time.monotonic() < last:
            time.sleep(0.1)
        child.send_signal(15)
        child.wait()
        reading.join()
    return _report(arguments, load, written, told)


def _read(child: "subprocess.Popen[bytes]", told: dict[int, float]) -> None:
    assert child.stdout is not None
    for row in child.stdout:
        number = json.loads(json.loads(row)["event.original"])["flow_id"] - 10**15
        told.setdefault(number, time.monotonic())


@dataclass(frozen=True)
class Load:
    """What is written: so many lines a second, each `every` th measured, the rest of `loud`
    machines with one listed name, or without any where there are none."""

    rate: int
    every: int
    loud: int

    def write(self, log: Path, seconds: int) -> dict[int, float]:
        """Return when each line was written that is measured."""
        part, begun = self.rate // _PARTS, time.monotonic()
        written: dict[int, float] = {}
        with log.open("ab", buffering=0) as file:
            for count in range(seconds * _PARTS):
                first = 2 + count * part
                numbers = range(first, first + part)
                file.write(b"".join(map(self.line, numbers)))
                now = time.monotonic()
                written.update((n, now) for n in numbers if n % self.every == 0)
                time.sleep(max(begun + (count + 1) / _PARTS - time.monotonic(), 0))
        return written

    def line(self, number: int) -> bytes:
        """Return a line by its number."""
        if number % self.every == 0:
            place = number // self.every
            if self.is_of_flood(number):
                return line(number, LOUD_NAME, f"10.20.{place // 250}.{place % 250 + 1}")
            return line(number, f"bad{number % 997 + 1}.example")
        if not self.loud:
            return line(number, f"good{number % 997}.example")
        machine = number % self.loud
        return line(number, LOUD_NAME, f"10.30.{machine // 250}.{machine % 250 + 1}")

    def is_of_flood(self, number: int) -> bool:
        """Return whether a measured line holds the name of the flood."""
        return bool(self.loud) and number // self.every % 2 == 1


def _report(
    arguments: argparse.Namespace, load: Load, written: dict[int, float], told: dict[int, float]
) -> int:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = arguments.rate * arguments.seconds
    seconds = used.ru_utime + used.ru_stime
    lost = len(written.keys() - told.keys())
    print(f"{lines} lines, {len(written)} measured, {lost} not told")
    for kind, is_of_flood in (("another name", False), ("the flood's own name", True)):
        numbers = [n for n in written if load.is_of_flood(n) is is_of_flood and n in told]
        delays = sorted(told[n] - written[n] for n in numbers)
        if delays:
            late = sum(delay > LATE_S for delay in delays)
            print(f"{kind}: p50 {delays[len(delays) // 2]:.2f} s, ", end="")
            print(f"p99 {delays[min(len(delays) * 99 // 100, len(delays) - 1)]:.2f} s, ", end="")
            print(f"{late} of {len(delays)} later than {LATE_S:.0f} s")
    print(f"processor: {seconds:.2f} s, {lines / seconds:.0f} lines a second of a core")
    print(f"peak memory: {used.ru_maxrss / 1024:.0f} MB; load {os.getloadavg()[0]:.1f}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
