"""A day of a watch in some minutes: kills, rotations, and hours that are sealed.

python -m bench.watch_day [--speed 240] [--kills 50] [--rotations 30] [--mode create]

The watch is the real command in a process of its own, whose clock runs so many times faster. It is
killed and its log rotated by logrotate, a third of the times while no watch runs. In the end each
line has to be told once, and the sealed folders together have to hold each line and sighting once.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.watch_whole import MODES, _kept_in_the_end, _wait_for_first_look

DAY_S = 86_400
_TICK_S = 0.1
_ZONE = timezone(timedelta(hours=7))


@dataclass
class FastClock:
    """A clock that runs `speed` times faster from `begun` on (seconds since 1970)."""

    speed: float
    begun: float = field(default_factory=time.time)
    begun_monotonic: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        """Return the time of the day that runs."""
        return self.begun + (time.monotonic() - self.begun_monotonic) * self.speed


def run_child(words: Sequence[str]) -> int:
    """Run `quetsach` with a fast clock; the first three words are those of FastClock."""
    clock = FastClock(*map(float, words[:3]))
    time.time = clock.now
    from quetsach.cli.main import main as quetsach
    from quetsach.watch import running

    # What it waits for by its clock has to span several rounds, as it does in a slow day.
    running.POLL_S = 0.01

    sys.argv = ["quetsach", *words[3:]]
    quetsach()
    return 0


@dataclass
class WatchedDay:
    """The log of a day, and the watch that follows it."""

    folder: Path
    clock: FastClock
    rng: random.Random
    lines: int = 0
    hits: int = 0

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the watch."""
        clock = (self.clock.speed, self.clock.begun, self.clock.begun_monotonic)
        words = [sys.executable, "-m", "bench.watch_day", "--child", *map(repr, clock)]
        words += ["watch", "run", str(self.log), "-i", str(self.folder / "list.txt"), "--quiet"]
        words += ["--state", str(self.folder / "state"), "--seal", str(self.folder / "sealed")]
        return subprocess.Popen(words, stdout=subprocess.DEVNULL)

    @property
    def log(self) -> Path:
        """The log that is followed."""
        return self.folder / "logs" / "eve.json"

    def append(self) -> None:
        """Write some lines, one in three with a listed name."""
        rows = []
        for _ in range(self.rng.randrange(1, 20)):
            is_hit = self.rng.random() < 1 / 3
            self.hits += is_hit
            rows.append(self._line("bad.example" if is_hit else "good.example"))
        with self.log.open("ab") as file:
            file.write(b"".join(rows))
        self._stamp()

    def _line(self, name: str) -> bytes:
        self.lines += 1
        at = datetime.fromtimestamp(self.clock.now(), _ZONE).strftime("%Y-%m-%dT%H:%M:%S.%f%z")
        row = {
            "timestamp": at,
            "flow_id": 10**15 + self.lines,
            "event_type": "dns",
            "src_ip": f"10.0.0.{self.rng.randrange(1, 40)}",
            "src_port": 53_000,
            "dest_ip": "10.0.0.53",
            "dest_port": 53,
            "proto": "UDP",
            "dns": {"type": "query", "id": self.lines % 65_536, "rrname": name, "rrtype": "A"},
        }
        return json.dumps(row, separators=(",", ":")).encode() + b"\n"

    def rotate(self) -> None:
        """Let logrotate do it now."""
        rules = ["logrotate", "-f", "-s", str(self.folder / "rotated"), str(self.folder / "rules")]
        subprocess.run(rules, check=True, stderr=subprocess.DEVNULL)
        self.log.touch()
        self._stamp()

    def _stamp(self) -> None:
        """Give what was written now the time of the fast clock."""
        for path in self.log.parent.iterdir():
            if path.stat().st_mtime < self.clock.begun or path == self.log:
                os.utime(path, (self.clock.now(), self.clock.now()))


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 where a line is lost or told twice."""
    parser = argparse.ArgumentParser(prog="bench.watch_day", description=__doc__.splitlines()[0])
    parser.add_argument("--speed", type=float, default=240.0)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rotations", type=int, default=30)
    parser.add_argument("--mode", choices=list(MODES), default="create, packed")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    if shutil.which("logrotate") is None:
        print("SKIPPED: no logrotate here (apt-get install logrotate)")
        return 0
    with TemporaryDirectory(prefix="watch-day-") as name:
        clock = FastClock(asked.speed, time.time() + DAY_S)
        day = WatchedDay(Path(name), clock, random.Random(asked.seed))
        _prepare(day, asked.mode)
        child = _live_through(day, asked.kills, asked.rotations)
        kept = _kept_in_the_end(day.folder, day.hits)
        child.send_signal(signal.SIGTERM)
        child.wait()
        lines, sightings, folders = _sealed(day)
    print(
        f"{asked.mode}: {day.lines} lines, {asked.kills} kills, {asked.rotations} rotations; "
        f"of {day.hits} sightings {kept} kept; {folders} sealed folders hold {lines} lines, "
        f"{sightings} sightings"
    )
    return 0 if (kept, lines, sightings) == (day.hits, day.lines, day.hits) else 1


def _prepare(day: WatchedDay, mode: str) -> None:
    day.log.parent.mkdir(mode=0o755)
    day.log.touch()
    (day.folder / "list.txt").write_text("bad.example\n", encoding="ascii")
    rules = day.folder / "rules"
    rules.write_text(f"{day.log} {{\n rotate 99\n {MODES[mode]}\n}}\n", encoding="ascii")
    rules.chmod(0o644)


def _live_through(day: WatchedDay, kills: int, rotations: int) -> "subprocess.Popen[bytes]":
    """Return the watch that runs at the end of the day."""
    end = day.clock.begun_monotonic + DAY_S / day.clock.speed
    span = end - time.monotonic()
    moments = sorted(
        [(time.monotonic() + day.rng.uniform(3, span), "kill") for _ in range(kills)]
        + [(time.monotonic() + day.rng.uniform(3, span), "rotate") for _ in range(rotations)]
    )
    child = day.start()
    _wait_for_first_look(day.folder)
    for number, (moment, act) in enumerate(moments):
        while time.monotonic() < moment:
            day.append()
            time.sleep(_TICK_S)
        if act == "rotate" and number % 3:
            day.rotate()
            continue
        child.kill()
        child.wait()
        day.append()
        if act == "rotate":
            day.rotate()
            day.append()
        child = day.start()
    return child


def _sealed(day: WatchedDay) -> tuple[int, int, int]:
    """Return lines, sightings and folders, as the ledger of all sealed folders adds them up."""
    folders = sorted(map(str, (day.folder / "sealed").glob("[!.]*")))
    words = [sys.executable, "-m", "quetsach", "ledger", *folders, "--json"]
    printed = subprocess.run(words, check=False, stdout=subprocess.PIPE).stdout
    ledger = json.loads(printed or '{"lines": 0, "sightings": 0}')
    return ledger["lines"], ledger["sightings"], len(folders)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        sys.exit(run_child(sys.argv[2:]))
    sys.exit(main())
