"""Clerks at work at the same time: how long they wait, what fails, whether an act is lost.

`python -m bench.portal_clerks` runs the rows of docs/reliability.md, "Load", one after the other,
in eight minutes: 50 clerks on SQLite, 50 and 200 on PostgreSQL, 200 who all press in the same
minute, and 50 whose database is restarted. `python -m bench.portal_clerks sqlite 50` runs one:
an engine, a number of clerks, and `herd` or `restart`. Each run is a process and a portal of its
own: `quetsach serve` with two processes for pages and its workers; a disk that is waited for.
"""

import asyncio
import http.client
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.clerk_browser import Browser
from bench.clerk_work import ClerkAtWork, Kept
from bench.clerks_home import Clerk, make_clerks
from bench.ports import free_port, wait_for
from bench.postgres_server import PostgresServer, postgres_server

SECONDS = 60.0
THINK_S = (5.0, 15.0)
SIGNING_IN = 10
"""Of so many clerks one signs in by password; the others' sessions are there already."""

AWAY_S = 5.0
RUNS = (
    ("sqlite", 50, ""),
    ("postgresql", 50, ""),
    ("postgresql", 200, ""),
    ("postgresql", 200, "herd"),
    ("postgresql", 50, "restart"),
)
HEAD = (
    "| clerks | database | requests | a second | median | p95 of reading | p95 of sending | worst "
    "| answers that are neither 2xx nor 3xx | acts acknowledged | lost | doubled "
    "| processor of the portal per request |"
)


@dataclass(frozen=True)
class LoadRun:
    """One row: which database, how many clerks, and what is special about it."""

    engine: str
    clerks: int
    how: str = ""
    seconds: float = SECONDS
    think_s: tuple[float, float] = THINK_S


@dataclass(frozen=True)
class LoadOutcome:
    """What came of a run. Units: seconds; `lost` and `doubled` are acts."""

    kept: Kept
    lost: int
    doubled: int
    portal_s: float
    seconds: float

    @property
    def requests(self) -> int:
        """Requests of all clerks."""
        return self.kept.statuses.total()

    @property
    def failed(self) -> dict[int, int]:
        """Requests by status that were not served."""
        return {one: n for one, n in sorted(self.kept.statuses.items()) if not 200 <= one < 400}


def main(words: Sequence[str]) -> int:
    """Run one row, or all of them, each in a process of its own."""
    # Ended from outside, it still ends its portal and its database.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if words:
        run = LoadRun(words[0], int(words[1]), words[2] if len(words) > 2 else "")
        print(row_of(run, measure(run)), flush=True)
        return 0
    print(HEAD)
    print("|---" * HEAD.count("|", 1) + "|", flush=True)
    for engine, clerks, how in RUNS:
        command = [sys.executable, "-m", "bench.portal_clerks", engine, str(clerks), how]
        subprocess.run([word for word in command if word], check=True)
    return 0


def row_of(run: LoadRun, outcome: LoadOutcome) -> str:
    """Return the row of the table of docs/reliability.md."""
    kept = outcome.kept
    reading, sending = (sorted(kept.seconds[method]) for method in ("GET", "POST"))
    whole = sorted([*reading, *sending])
    how = {
        "herd": ", all hand in within the same minute",
        "restart": f", stopped for {AWAY_S:.0f} s in the middle",
    }.get(run.how, "")
    failed = ", ".join(f"{n} × {status or 'no answer'}" for status, n in outcome.failed.items())
    cells = [
        f"{run.clerks}{how}",
        {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[run.engine],
        str(outcome.requests),
        f"{outcome.requests / outcome.seconds:.1f}",
        f"{1000 * part(whole, 0.5):.0f} ms",
        f"{1000 * part(reading, 0.95):.0f} ms",
        f"{1000 * part(sending, 0.95):.0f} ms",
        f"{whole[-1]:.1f} s",
        failed or "0",
        str(kept.acknowledged.total()),
        str(outcome.lost),
        str(outcome.doubled),
        f"{1000 * outcome.portal_s / max(1, outcome.requests):.0f} ms",
    ]
    lines = [f"| {' | '.join(cells)} |"]
    lines += [f"   note: {number} × {text}" for text, number in kept.problems.most_common(10)]
    return "\n".join(lines)


def part(times: Sequence[float], share: float) -> float:
    """Return the time within which this share of the sorted `times` lies."""
    return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0


def measure(run: LoadRun) -> LoadOutcome:
    """Make a portal for the clerks, let them work, and hold its database against what they heard.

    It sets up Django for this process: once in a process.
    """
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-clerks-"))
        server = None
        if run.engine == "postgresql":
            server = stack.enter_context(postgres_server())
        _surroundings(home, server)
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        clerks = make_clerks(run.clerks)
        connection.close()
        kept = Kept()
        with _served(home) as (port, pid):
            before = tree_s(pid)
            begun_at = time.monotonic()
            with _restarted(server if run.how == "restart" else None, run.seconds):
                asyncio.run(_all_at_work(run, port, clerks, kept))
            seconds = time.monotonic() - begun_at
            portal_s = tree_s(pid) - before
        lost, doubled = held_against(kept)
        connection.close()
        return LoadOutcome(kept, lost, doubled, portal_s, seconds)


def held_against(kept: Kept) -> tuple[int, int]:
    """Return how many acknowledged acts the database has not, and how many it has twice."""
    from quetsach_portal.cases.models.case import Handling
    from quetsach_portal.cases.steps import FIRST_KIND
    from quetsach_portal.intake.models import Submission
    from quetsach_portal.reports.models.report import ReportVersion

    rows = {
        "step": lambda act: Handling.objects.filter(case_id=act[1], kind=FIRST_KIND[act[2]]),
        "evidence": lambda act: Submission.objects.filter(token=act[1]),
        "report": lambda act: ReportVersion.objects.filter(slot_id=act[1]),
    }
    counts = {act: rows[act[0]](act).count() for act in kept.tried}
    lost = sum(not counts[act] for act in kept.acknowledged)
    return lost, sum(count > 1 for count in counts.values())


async def _all_at_work(run: LoadRun, port: int, clerks: Sequence[Clerk], kept: Kept) -> None:
    chance = random.Random(1)
    until = asyncio.get_running_loop().time() + run.seconds

    async def morning(number: int, clerk: Clerk) -> None:
        address = f"198.51.100.{number % 250}"
        browser = Browser(port, address, kept.note, {"sessionid": clerk.cookie})

        def think() -> float:
            return chance.uniform(*run.think_s) if run.how != "herd" else chance.uniform(1, 3)

        at_work = ClerkAtWork(clerk, browser, kept, think)
        # Within the first time of thinking: the load is the same from the start.
        await asyncio.sleep(chance.uniform(0, run.seconds if run.how == "herd" else run.think_s[1]))
        if number % SIGNING_IN == 0:
            await asyncio.sleep(chance.uniform(0, run.seconds / 3))
            await at_work.sign_in()
        if run.how == "herd":
            await at_work.report(until)
            browser.close()
        else:
            await at_work.work(until, number)

    await asyncio.gather(*(morning(number, clerk) for number, clerk in enumerate(clerks)))


@contextmanager
def _restarted(server: PostgresServer | None, seconds: float) -> Iterator[None]:
    """Stop the database in the middle of the block, and start it again after a while."""
    if server is None:
        yield
        return
    stopped = threading.Event()

    def restart() -> None:
        if not stopped.wait(seconds / 3):
            server.stop("immediate")
            time.sleep(AWAY_S)
            server.start()

    thread = threading.Thread(target=restart)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@contextmanager
def _served(home: str) -> Iterator[tuple[int, int]]:
    port = free_port()
    words = [sys.executable, "-m", "quetsach_portal.manage", "serve", "--port", str(port)]
    log = Path(home) / "serve.log"
    with (
        log.open("wb") as said,
        subprocess.Popen(words, stdout=said, stderr=subprocess.STDOUT) as portal,
    ):
        try:
            wait_for(port, 300)
            _wait_for_workers(port)
            yield port, portal.pid
        finally:
            portal.terminate()
            portal.wait(timeout=60)
    for line in [one for one in log.read_text().splitlines() if '"error"' in one][:5]:
        print(f"   log: {line[:600]}")


def _wait_for_workers(port: int) -> None:
    """Return once the workers are there: what they take to begin is none of the clerks'."""
    for _turn in range(3000):
        with suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.request("GET", "/ready")
            if b"worker: ok" in line.getresponse().read():
                return
            line.close()
        time.sleep(0.1)
    raise TimeoutError("no worker begins")


def _surroundings(home: str, server: PostgresServer | None) -> None:
    os.environ["QUETSACH_HOME"] = home
    os.environ["DATABASE_URL"] = "" if server is None else server.url
    os.environ["QUETSACH_SECOND_FACTOR"] = "off"
    os.environ["QUETSACH_TRUSTED_PROXIES"] = "127.0.0.1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"


def tree_s(parent: int) -> float:
    """Return the seconds of processor that `parent` and all processes below it took so far."""
    ticks: dict[int, int] = {}
    above: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        pid = int(stat.parent.name)
        above[pid], ticks[pid] = int(fields[1]), sum(int(text) for text in fields[11:15])
    below = {parent}
    while more := {pid for pid, over in above.items() if over in below} - below:
        below |= more
    return sum(ticks.get(pid, 0) for pid in below) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
