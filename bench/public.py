"""The public plane before a province: `python -m bench.public`; `--help` tells how to shorten it.

It is measured as it is shipped, with the table of a whole country; beside it, in the same run,
nginx serves a file of the same size with the same headers. It needs wrk and nginx.
"""

import argparse
import asyncio
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from bench.crowd import AGENT, Line, Told, phones, request, steady
from bench.machine import described
from bench.public_home import (
    address,
    make_home,
    memory_mb,
    plane,
    processor_s,
    proxying_nginx,
    static_nginx,
)

ROUNDS = 3
_CHOSEN = random.Random(7)
CALLERS = [address(_CHOSEN.randrange(1 << 24)) for _ in range(20_000)]
ONE, OTHER = "11.1.2.3", "11.9.9.9"
LUA = """
local made, at = {}, 0
init = function() for line in io.lines("%s") do
  wrk.headers["X-Forwarded-For"] = line
  made[#made + 1] = wrk.format("GET") end end
request = function() at = at %% #made + 1; return made[at] end
"""


def main() -> None:
    """Measure, print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.public", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="length of each load")
    parser.add_argument("--minute", type=float, default=60, help="in which the 1,000 phones come")
    parser.add_argument("--down", type=float, default=120, help="without portal and database")
    asked = parser.parse_args()
    print(described(), "\n\n| what | measured | wanted |\n|---|---|---|", sep="")
    with tempfile.TemporaryDirectory(prefix="bench-public-") as folder:
        home = Path(folder) / "home"
        make_home(home)
        for row in rows(home, asked):
            print(f"| {' | '.join(row)} |", flush=True)


def rows(home: Path, asked: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    """Measure one after another; a row each."""
    with plane(home, 1) as (port, processes):
        yield from throughput(home.parent, port, processes, asked.seconds / 4)
    with plane(home, 2) as (port, processes):
        told = asyncio.run(steady(port, checks(), 2_000, asked.seconds))
        yield "checks, 2,000/s from 20,000 addresses", said(told), "p95 ≤ 50 ms"
        told = asyncio.run(phones(port, first_screen(port), 1_000, ONE, asked.minute))
        yield f"1,000 phones behind one address, {asked.minute:.0f} s", said(told), "≥ 99 % served"
        yield from one_too_many(home.parent, port, asked.seconds)
        told = asyncio.run(steady(port, checks(), 1_000, asked.seconds, beside=lambda: swap(home)))
        yield "table and pages replaced each second, at 1,000/s", said(told), "no error"
        yield from alone(home, port, asked.down)
        for number, process in enumerate(processes, 1):
            whole, own = memory_mb(process)
            yield f"memory of process {number}", f"{whole:.0f} MB, {own:.0f} MB its own", ""


def said(told: Told) -> str:
    """Return a run in one line."""
    others = ", ".join(f"{n:,} × {name}" for name, n in told.statuses.items() if name != "200")
    return (
        f"{told.share():.2%} served{f' ({others})' if others else ''}, "
        f"p50 {told.within(0.5) * 1000:.1f} ms, p95 {told.within(0.95) * 1000:.1f} ms, "
        f"worst {told.within(1) * 1000:.0f} ms"
    )


def checks() -> list[bytes]:
    """Return checks of many addresses, in three languages."""
    paths = ("/kiem-tra", "/kiem-tra", "/kiem-tra", "/km/kiem-tra", "/en/kiem-tra")
    return [request(paths[n % len(paths)], one) for n, one in enumerate(CALLERS)]


def throughput(
    folder: Path, port: int, processes: list[int], seconds: float
) -> Iterator[tuple[str, str, str]]:
    """Let wrk ask for checks and for the file by turns, as fast as it can."""
    program, wrk = shutil.which("nginx", path="/usr/sbin:/usr/bin"), shutil.which("wrk")
    if program is None or wrk is None:
        yield "checks a second", "not measured: wrk and nginx are needed", "10,000"
        return
    headers = packed_page(folder / "www", port)
    (folder / "callers").write_text("\n".join(CALLERS))
    (folder / "callers.lua").write_text(LUA % (folder / "callers"))
    measured: dict[str, list[tuple[float, float]]] = {"/kiem-tra": [], "/": [], "file": []}
    with static_nginx(folder, program, headers) as (beside, its):
        for _turn in range(ROUNDS):
            for name, to, who in (
                ("/kiem-tra", f"{port}/kiem-tra", processes),
                ("/", f"{port}/", processes),
                ("file", f"{beside}/page", its),
            ):
                before, begin = processor_s(who), time.perf_counter()
                done = asked_by(wrk, folder, to, seconds)
                took = time.perf_counter() - begin
                measured[name].append((done / (processor_s(who) - before), done / took))
    core = {name: statistics.median(one[0] for one in runs) for name, runs in measured.items()}
    clock = {name: statistics.median(one[1] for one in runs) for name, runs in measured.items()}
    size = (folder / "www/page.gz").stat().st_size
    yield (
        "checks, one process",
        f"{core['/kiem-tra']:,.0f} a second of a core, {clock['/kiem-tra']:,.0f}/s by the clock",
        "≥ 10,000 a core",
    )
    yield "first page, likewise", f"{core['/']:,.0f} a core, {clock['/']:,.0f}/s", ""
    yield (
        f"nginx, a file of {size:,} bytes packed, same headers",
        f"{core['file']:,.0f} a core, {clock['file']:,.0f}/s",
        "",
    )
    yield (
        "checks beside nginx",
        f"{core['/kiem-tra'] / core['file']:.0%} a core, "
        f"{clock['/kiem-tra'] / clock['file']:.0%} by the clock",
        "≥ 50 %",
    )


def packed_page(folder: Path, port: int) -> list[tuple[str, str]]:
    """Put a check's answer into `folder` as a file; return the headers that it came with."""
    folder.mkdir()
    for name, accepted in (("page", "identity"), ("page.gz", "gzip")):
        connection = HTTPConnection("127.0.0.1", port)
        connection.request(
            "GET",
            "/kiem-tra",
            headers={
                "X-Forwarded-For": OTHER,
                "Accept-Encoding": accepted,
                "User-Agent": AGENT,
            },
        )
        answer = connection.getresponse()
        (folder / name).write_bytes(answer.read())
        connection.close()
    own = ("content-length", "content-type", "content-encoding", "date", "server")
    return [(name, value) for name, value in answer.getheaders() if name.lower() not in own]


def asked_by(wrk: str, folder: Path, to: str, seconds: float) -> int:
    """Let wrk ask from all callers; return how many answers came, all of them 200."""
    command = [
        wrk,
        "-t1",
        "-c64",
        f"-d{max(1, round(seconds))}s",
        "-s",
        str(folder / "callers.lua"),
    ]
    command += ["-H", "Accept-Encoding: gzip, deflate, br", "-H", f"User-Agent: {AGENT}"]
    command.append(f"http://127.0.0.1:{to}")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Non-2xx" not in done.stdout, done.stdout
    (count,) = re.findall(r"(\d+) requests in", done.stdout)
    return int(count)


def first_screen(port: int) -> list[str]:
    """Return what a phone asks for: the page, its style, the check, the steps, the form."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/", headers={"X-Forwarded-For": OTHER})
    assets = re.findall(r'href="(/static/[^"]+)"', connection.getresponse().read().decode())
    connection.close()
    return ["/", *assets[:1], "/kiem-tra", "/lam-sach/windows", "/tham-gia"]


def one_too_many(folder: Path, port: int, seconds: float) -> Iterator[tuple[str, str, str]]:
    """Let one address ask 200 times a second once it has asked 12,000 times; others beside it.

    Behind nginx, as that does the waiting for the plane.
    """

    async def both(behind: int) -> tuple[Told, Told]:
        one = [request("/kiem-tra", "11.66.66.66")]
        await steady(port, one, 3_000, 4, lines=32)
        slow = steady(behind, one, 200, seconds, lines=400)
        return await asyncio.gather(slow, steady(behind, checks(), 200, seconds))

    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        yield "one address at 200/s", "not measured: nginx is needed", "slowed"
        return
    with proxying_nginx(folder, program, port) as behind:
        one, others = asyncio.run(both(behind))
    yield "one address at 200/s, after 12,000 at 3,000/s", said(one), "slowed"
    yield "others meanwhile, 200/s", said(others), "not slowed"


def swap(home: Path) -> None:
    """Put a copy of the table, and of the pages, into their places, as the portal does."""
    aside = home / ".table.bin.new"
    shutil.copyfile(home / "table.bin", aside)
    aside.replace(home / "table.bin")
    before = (home / "site").resolve()
    after = Path(tempfile.mkdtemp(dir=home, prefix=".site."))
    shutil.copytree(before, after, dirs_exist_ok=True)
    link = home / ".site.link"
    link.symlink_to(after.name)
    link.replace(home / "site")
    shutil.rmtree(before)


def alone(home: Path, port: int, seconds: float) -> Iterator[tuple[str, str, str]]:
    """Load while nobody writes to the folder or takes from it, as when the portal is down."""

    async def load() -> tuple[Told, int]:
        mixed = [request("/", one) for one in CALLERS[:5_000]] + checks()[:5_000]
        _CHOSEN.shuffle(mixed)
        told, pressed = await asyncio.gather(steady(port, mixed, 500, seconds), press())
        return told, pressed

    async def press() -> int:
        pressed, line = 0, Line(port)
        for number in range(round(seconds / 2)):
            _, body = await line.ask(plainly(request("/tham-gia", CALLERS[number])))
            ticket = body.partition(b'name="ve" value="')[2].partition(b'"')[0].decode()
            await asyncio.sleep(1.2)
            sent = request("/tham-gia", CALLERS[number], f"ve={ticket}&viec=joined")
            status, _ = await line.ask(sent)
            pressed += status == "303"
        line.close()
        return pressed

    told, pressed = asyncio.run(load())
    time.sleep(6)
    files = [one.read_text() for one in (home / "inbox").glob("*.json")]
    kept = sum(int(n) for text in files for n in re.findall(r'"count": (\d+)', text))
    name = f"portal and database away for {seconds:.0f} s, at 500/s"
    yield name, f"{said(told)}; {kept} of {pressed} counts wait in the inbox", "no error"


def plainly(sent: bytes) -> bytes:
    """Return the request of one who cannot unpack."""
    return sent.replace(b"Accept-Encoding: gzip, deflate, br\r\n", b"")


if __name__ == "__main__":
    main()
