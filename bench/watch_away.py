"""A portal that is away for a day while a watch goes on: nothing is lost, all is caught up.

`python -m bench.watch_away [--speed 480]` starts the real portal, the real `quetsach watch run
--portal` whose clock runs so many times faster, and takes the portal away for 24 of its hours: for
a third nothing listens, for a third nobody answers, for a third all is answered with status 500.
Then the clock is slow again and the portal comes back. It prints how long catching up took, whether
each line and sighting is there once, and from a line in the log to its case and to its mail.
"""

import argparse
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.alert_mails import MailSink, free_port
from quetsach.watch.state import STATE_FILE

DAY_S = 86_400
MACHINES = 12
CAUGHT_UP_S, CASE_S, MAIL_S = 300, 20, 60
_PATIENCE_S = 900
_ZONE = timezone(timedelta(hours=7))


@dataclass
class SlowingClock:
    """A clock that runs `speed` times faster between two moments, and never jumps.

    Shapes: the moments stand in the files `fast` and `slow` of `folder` once they have come.
    """

    speed: float
    begun: float
    begun_monotonic: float
    folder: Path
    moments: dict[str, float] = field(default_factory=dict)

    def now(self) -> float:
        """Return the time of the day that runs."""
        monotonic = time.monotonic()
        fast_s = self._moment("slow", monotonic) - self._moment("fast", monotonic)
        return self.begun + monotonic - self.begun_monotonic + fast_s * (self.speed - 1)

    def mark(self, name: str) -> None:
        """Let the moment come now."""
        aside = self.folder / f"{name}.new"
        aside.write_text(repr(time.monotonic()))
        aside.replace(self.folder / name)

    def _moment(self, name: str, monotonic: float) -> float:
        if name not in self.moments and (path := self.folder / name).exists():
            self.moments[name] = float(path.read_text())
        return self.moments.get(name, monotonic)


def run_child(words: Sequence[str]) -> int:
    """Run `quetsach` with a clock; the first four words are those of SlowingClock."""
    clock = SlowingClock(*map(float, words[:3]), folder=Path(words[3]))
    time.time = clock.now
    from quetsach.cli.main import main as quetsach
    from quetsach.watch import running

    running.POLL_S = 0.05
    sys.argv = ["quetsach", *words[4:]]
    quetsach()
    return 0


@dataclass
class GrowingLog:
    """The log that is followed, and how many of its lines are sightings."""

    path: Path
    clock: SlowingClock
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    lines: int = 0
    hits: int = 0

    def append(self, count: int, client: str = "") -> None:
        """Write so many lines; a client that is named asks for the listed name, else one in ten."""
        rows = []
        for _ in range(count):
            is_hit = bool(client) or self.rng.random() < 0.1
            self.hits += is_hit
            self.lines += 1
            row = {
                "timestamp": datetime.fromtimestamp(self.clock.now(), _ZONE).isoformat(),
                "flow_id": 10**15 + self.lines,
                "event_type": "dns",
                "src_ip": client or f"10.0.0.{self.rng.randrange(1, 1 + MACHINES)}",
                "src_port": 53_000,
                "dest_ip": "10.0.0.53",
                "dest_port": 53,
                "proto": "UDP",
                "dns": {
                    "type": "query",
                    "id": self.lines % 65_536,
                    "rrname": "bad.example" if is_hit else "good.example",
                    "rrtype": "A",
                },
            }
            rows.append(json.dumps(row, separators=(",", ":")) + "\n")
        with self.path.open("a", encoding="ascii") as file:
            file.write("".join(rows))
        os.utime(self.path, (self.clock.now(), self.clock.now()))


@dataclass
class BenchPortal:
    """The portal in a home of its own, which can be taken away and come back."""

    home: Path
    port: int
    mail_port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        """What its programs are started with."""
        return {
            **os.environ,
            "QUETSACH_HOME": str(self.home),
            "QUETSACH_SECOND_FACTOR": "off",
            "QUETSACH_URL": f"http://127.0.0.1:{self.port}",
            "QUETSACH_SMTP_HOST": "127.0.0.1",
            "QUETSACH_SMTP_PORT": str(self.mail_port),
            "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
        }

    def run(self, *words: str) -> str:
        """Run a program of it to its end; return what it prints."""
        command = [sys.executable, *words]
        return subprocess.run(
            command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def start(self) -> None:
        """Start it and wait until it answers."""
        words = [sys.executable, "-m", "quetsach_portal.manage", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(words, env=self.environment, stdout=subprocess.DEVNULL)
        wait_until(self.answers, _PATIENCE_S)

    def answers(self) -> bool:
        """Return whether it takes connections."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1):
                return True
        except OSError:
            return False

    def stop(self) -> None:
        """Take it away."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.process = None

    def let_mails_grow_old(self) -> None:
        """Let all mails about alerts have been written twenty minutes earlier."""
        with sqlite3.connect(self.home / "portal.sqlite3", timeout=60) as base:
            base.execute("UPDATE alerts_alertmail SET made_at = datetime(made_at, '-20 minutes')")

    def ask(self, statement: str) -> Any:
        """Return the one value that a question to its database has."""
        with sqlite3.connect(f"file:{self.home / 'portal.sqlite3'}?mode=ro", uri=True) as base:
            return base.execute(statement).fetchone()[0]


def wait_until(is_so: Callable[[], bool], seconds: float) -> float:
    """Return after how many seconds something was so. Errors: TimeoutError."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.1)
    return time.monotonic() - begun


@contextmanager
def silent_server(port: int) -> Iterator[None]:
    """Take connections at `port` and answer none of them."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(16)
        yield


@contextmanager
def failing_server(port: int) -> Iterator[None]:
    """Answer everything at `port` with status 500."""

    class Failing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(500)

        do_POST = do_GET  # noqa: N815 - the name that the library asks for

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Failing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def no_server(_port: int) -> Iterator[None]:
    """Let nothing listen."""
    yield


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 where something is lost, comes twice, or takes too long."""
    from aiosmtpd.controller import Controller

    parser = argparse.ArgumentParser(prog="bench.watch_away", description=__doc__.splitlines()[0])
    parser.add_argument("--speed", type=float, default=480.0)
    asked = parser.parse_args(words)
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    with TemporaryDirectory(prefix="watch-away-") as name:
        portal = BenchPortal(Path(name) / "home", free_port(), controller.port)
        try:
            problems = _live_through(Path(name), portal, sink, asked.speed)
        finally:
            portal.stop()
            controller.stop()
    for problem in problems:
        print(f"WRONG: {problem}")
    return 1 if problems else 0


def _live_through(folder: Path, portal: BenchPortal, sink: MailSink, speed: float) -> list[str]:
    portal.run("-m", "quetsach_portal.manage", "migrate", "-v0")
    token = folder / "token"
    token.write_text(portal.run("-m", "bench.watch_away", "--fill", str(folder)))
    token.chmod(0o600)
    portal.start()
    away_s = DAY_S / speed
    clock = SlowingClock(speed, time.time() - DAY_S, time.monotonic(), folder)
    log = GrowingLog(folder / "eve.json", clock)
    log.path.touch()
    words = [sys.executable, "-m", "bench.watch_away", "--child", str(speed)]
    words += [repr(clock.begun), repr(clock.begun_monotonic), str(folder)]
    words += ["watch", "run", str(log.path), "--state", str(folder / "state"), "--quiet"]
    words += ["--portal", f"http://127.0.0.1:{portal.port}", "--token-file", str(token)]
    watch = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: portal.ask("SELECT COUNT(*) FROM sensors_sensor") == 1, _PATIENCE_S)
        portal.stop()
        clock.mark("fast")
        for server in (no_server, silent_server, failing_server):
            end = time.monotonic() + away_s / 3
            with server(portal.port):
                while time.monotonic() < end:
                    log.append(log.rng.randrange(1, 20))
                    time.sleep(0.3)
        clock.mark("slow")
        waiting = _waiting(folder)
        portal.start()
        # The hour that runs would be sealed at its end.
        flush = [sys.executable, "-m", "quetsach", "watch", "flush", "--state"]
        subprocess.run([*flush, str(folder / "state")], check=False, stdout=subprocess.DEVNULL)
        return _compared(portal, sink, log, waiting)
    finally:
        watch.send_signal(signal.SIGTERM)
        watch.wait()


def _waiting(folder: Path) -> int:
    with sqlite3.connect(folder / "state" / STATE_FILE, timeout=60) as base:
        rows = base.execute("SELECT COUNT(*) FROM outbox WHERE settled_us IS NULL")
        return int(rows.fetchone()[0])


def _compared(portal: BenchPortal, sink: MailSink, log: GrowingLog, waiting: int) -> list[str]:
    def lines() -> int:
        return int(portal.ask("SELECT COALESCE(SUM(lines), 0) FROM intake_unitstream"))

    def cases() -> int:
        return int(portal.ask("SELECT COUNT(*) FROM cases_case"))

    def sightings() -> int:
        return int(portal.ask("SELECT COALESCE(SUM(sightings), 0) FROM intake_unitstream"))

    def has_all() -> bool:
        return (lines(), sightings(), cases()) == (log.lines, log.hits, MACHINES)

    begun = time.monotonic()
    with suppress(TimeoutError):
        wait_until(has_all, _PATIENCE_S)
    caught_up_s = time.monotonic() - begun
    print(
        f"away for 24 h: {log.lines} lines, {log.hits} sightings of {MACHINES} machines, {waiting} "
        f"folders waited. {caught_up_s:.0f} s later the portal has {lines()} lines, {sightings()} "
        f"sightings, {cases()} cases"
    )
    if not has_all():
        return ["something is lost or there twice"]
    # The mail about the twelve holds the next one back for a quarter of an hour: it is over.
    wait_until(lambda: bool(sink.mails), _PATIENCE_S)
    portal.let_mails_grow_old()
    mails = len(sink.mails)
    begun = time.monotonic()
    log.append(1, client="10.0.1.1")
    case_s = wait_until(lambda: cases() == MACHINES + 1, _PATIENCE_S)
    wait_until(lambda: len(sink.mails) > mails, _PATIENCE_S)
    mail_s = time.monotonic() - begun
    print(f"a new machine: case after {case_s:.1f} s, mail after {mail_s:.1f} s")
    return [
        f"{name}: {took:.0f} s, not {most}"
        for name, took, most in (
            ("caught up", caught_up_s, CAUGHT_UP_S),
            ("case", case_s, CASE_S),
            ("mail", mail_s, MAIL_S),
        )
        if took > most
    ]


def _fill(folder: Path) -> None:
    """Make the campaign, its list and the watch's token, which is printed."""
    import django

    django.setup()
    from quetsach_portal.people.models.roles import Role
    from tests.portal.api.asking import token_of
    from tests.portal.api.lists import publish
    from tests.portal.world import make_world

    world = make_world()
    publish(world, folder, "bad.example\n")
    world.user("TC01", Role.TECHNICIAN)
    print(token_of(world, scopes=["watch"])[1])


if __name__ == "__main__":
    match sys.argv[1:2]:
        case ["--child"]:
            sys.exit(run_child(sys.argv[2:]))
        case ["--fill"]:
            _fill(Path(sys.argv[2]))
        case _:
            sys.exit(main())
