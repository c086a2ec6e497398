"""Lists swapped under load: no line lost, each sighting by the list in force, how long it takes.

python -m bench.watch_swap [--rate 5000] [--swaps 20] [--every 3] [--listed 100000]

Each version lists a name of its own. From its SIGHUP on, lines with the name are written; the first
that is told shows that it is in force. At the end the state has to hold every line, and a sighting
of each line with the name that all versions have.
"""

import argparse
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.watch import line
from quetsach.watch.state import STATE_FILE

_TICK_S = 0.05


def main(words: Sequence[str] | None = None) -> int:
    """Swap, write and print the figures; return 1 where a line is lost or a swap is late."""
    parser = argparse.ArgumentParser(prog="bench.watch_swap", description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=5_000)
    parser.add_argument("--swaps", type=int, default=20)
    parser.add_argument("--every", type=float, default=3.0, help="seconds from swap to swap")
    parser.add_argument("--listed", type=int, default=100_000)
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that a swap may take")
    asked = parser.parse_args(words)
    with TemporaryDirectory(prefix="watch-swap-") as name:
        folder = Path(name)
        log, listed = folder / "eve.json", folder / "list.txt"
        log.write_bytes(line(1, "good.example"))
        _write_list(listed, 0, asked.listed)
        words = ["watch", "run", str(log), "-i", str(listed), "--state", str(folder / "state")]
        child = subprocess.Popen(
            [sys.executable, "-m", "quetsach", *words, "--json", "--quiet"], stdout=subprocess.PIPE
        )
        told: dict[str, float] = {}
        reading = threading.Thread(target=_read, args=(child, told))
        reading.start()
        time.sleep(4)
        swapped, lines, common = _write(log, listed, child, asked)
        last = time.monotonic() + 60
        while _kept(folder)[0] < lines and time.monotonic() < last:
            time.sleep(0.2)
        child.send_signal(signal.SIGTERM)
        child.wait()
        reading.join()
        kept_lines, kept_common = _kept(folder)
    delays = sorted(told[key] - at for key, at in swapped.items() if key in told)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{lines} lines, {lines - kept_lines} lost; {common - kept_common} of {common} not met")
    print(f"{len(delays)} of {len(swapped)} versions came in force: ", end="")
    print(f"median {delays[len(delays) // 2]:.2f} s, latest {delays[-1]:.2f} s")
    print(f"processor: {used.ru_utime + used.ru_stime:.1f} s; load {os.getloadavg()[0]:.1f}")
    is_well = (kept_lines, kept_common, len(delays)) == (lines, common, len(swapped))
    return 0 if is_well and delays[-1] <= asked.limit else 1


def _write_list(path: Path, version: int, count: int) -> None:
    aside = path.with_name("list.new")
    names = "".join(f"bad{n}.example\n" for n in range(count))
    aside.write_text(f"{names}v{version}.example\n", encoding="ascii")
    aside.replace(path)


def _write(
    log: Path, listed: Path, child: "subprocess.Popen[bytes]", asked: argparse.Namespace
) -> tuple[dict[str, float], int, int]:
    """Return when each version was asked for, the lines, and those with the common name."""
    swapped: dict[str, float] = {}
    lines, common, begun = 1, 0, time.monotonic()
    for tick in range(int((asked.swaps + 1) * asked.every / _TICK_S)):
        if len(swapped) < asked.swaps and tick * _TICK_S >= (len(swapped) + 1) * asked.every:
            version = len(swapped) + 1
            _write_list(listed, version, asked.listed)
            swapped[f"v{version}.example"] = time.monotonic()
            child.send_signal(signal.SIGHUP)
        count = int(asked.rate * _TICK_S)
        names = ["bad1.example", f"v{len(swapped)}.example"]
        names += [f"good{n % 997}.example" for n in range(count - len(names))]
        with log.open("ab") as file:
            file.write(b"".join(line(lines + n + 1, name) for n, name in enumerate(names)))
        lines, common = lines + count, common + 1
        time.sleep(max(begun + (tick + 1) * _TICK_S - time.monotonic(), 0))
    return swapped, lines, common


def _read(child: "subprocess.Popen[bytes]", told: dict[str, float]) -> None:
    assert child.stdout is not None
    for row in child.stdout:
        told.setdefault(json.loads(row)["quetsach.indicator.key"], time.monotonic())


def _kept(folder: Path) -> tuple[int, int]:
    """Return the lines that were read, and the sightings of the common name."""
    with sqlite3.connect(folder / "state" / STATE_FILE, timeout=30) as base:
        lines = base.execute("SELECT COALESCE(SUM(lines), 0) FROM stream").fetchone()[0]
        met = base.execute(
            "SELECT COALESCE(SUM(count), 0) FROM told WHERE key = 'bad1.example'"
        ).fetchone()[0]
    return int(lines), int(met)


if __name__ == "__main__":
    sys.exit(main())
