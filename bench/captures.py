"""How fast captures are read, beside tshark on the same file: `python -m bench.captures [FILE]`.

Prints ratios of processor time alone; without a file a capture of an office is made.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from quetsach.captures.contract import CaptureSource, LineSink
from quetsach.captures.pcap import Pcap
from tests.captures import packets
from tests.captures.packets import Frame

CONVERSATIONS = 20_000
LIMIT_BYTES = 8 << 30
# What we tell, as fields of tshark: it need not look further for them.
FIELDS = (
    *("frame.time_epoch", "ip.src", "ip.dst", "tcp.stream", "tcp.len", "dns.qry.name", "dns.a"),
    *("tls.handshake.extensions_server_name", "http.request.full_uri", "http.response.code"),
)


def main() -> None:
    """Read the capture with both, and print how many times faster we are."""
    parser = argparse.ArgumentParser(prog="python -m bench.captures", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    given = parser.parse_args().file
    with tempfile.TemporaryDirectory() as folder:
        path = given or _office(Path(folder) / "office.pcap")
        ours = _ours(path)
        print(f"{path.stat().st_size / 1e6 / ours:,.0f} MB a second of processor time")
        if shutil.which("tshark") is None:
            sys.exit("There is no tshark here to compare with.")
        for what, options in (
            ("the same fields", ["-T", "fields", *(f"-e{field}" for field in FIELDS)]),
            ("conversations alone", ["-q", "-z", "conv,tcp"]),
        ):
            print(f"tshark, {what}: {_theirs(path, options) / ours:.1f} times as long")


def _ours(path: Path) -> float:
    started = time.process_time()
    Pcap().decode(CaptureSource(path, path.name), LineSink(BytesIO(), LIMIT_BYTES))
    return time.process_time() - started


def _theirs(path: Path, options: Iterable[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["tshark", "-n", "-r", str(path), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _office(path: Path) -> Path:
    request = b"GET /index.html HTTP/1.1\r\nHost: www.office.example\r\n\r\n"
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + b"x" * 4000
    frames: list[Frame] = []
    for number in range(CONVERSATIONS):
        client = f"10.20.{number // 250 % 250}.{number % 250 + 1}"
        us = packets.START_US + number * 100_000
        asked = packets.question("www.office.example", number=number % 65_536)
        datagram = packets.ip(client, packets.RESOLVER, 17, packets.udp(53124, 53, asked))
        frames.append(Frame(packets.ethernet(datagram), us))
        said = [(True, request), (False, response)]
        ends = (client, 50_000 + number % 10_000), (packets.SERVER, 80)
        frames += packets.conversation(said, *ends, us=us)
    path.write_bytes(packets.pcap(frames))
    return path


if __name__ == "__main__":
    main()
