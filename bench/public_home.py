"""A public plane of a whole country's size, and how it is started and looked at."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from bench.ports import free_port, wait_for
from quetsach_public.pages.building import build_site
from quetsach_public.pages.campaign import PageCampaign, write_campaign
from quetsach_public.settings import local_now
from quetsach_public.table import MalwareFamily
from quetsach_public.table_writing import PublicEntry, TableContents, write_table

RANGE = "11.0.0.0/8"
"""As many addresses as a country of a hundred million has: 16.8 million."""

LISTED = 300_000
_TICKS = os.sysconf("SC_CLK_TCK")


def make_home(folder: Path) -> None:
    """Write pages and a table of LISTED addresses to `folder`."""
    folder.mkdir(parents=True)
    write_campaign(folder / "campaign.json", CAMPAIGN)
    build_site(folder / "site", CAMPAIGN)
    chosen, today = random.Random(2022), local_now().date()
    families = ("Mirai", "Emotet", "Andromeda")
    listed = (
        PublicEntry(
            address(number),
            families[number % 3],
            today - timedelta(days=30),
            _day(today, number),
        )
        for number in chosen.sample(range(1 << 24), LISTED)
    )
    contents = TableContents(
        list_name="bench",
        made_at=local_now(),
        days_valid=7,
        families=[MalwareFamily(one, ("router", "windows")) for one in families],
        ranges=[RANGE],
        shared=[],
        listed=listed,
    )
    write_table(folder / "table.bin", contents)


CAMPAIGN = PageCampaign("Chiến dịch", "Văn phòng", "", "https://tracuu.example", (), "")


def _day(today: date, number: int) -> date:
    return today - timedelta(days=number % 20)


def address(number: int) -> str:
    """Return an address of RANGE."""
    return f"11.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@contextmanager
def plane(home: Path, workers: int) -> Iterator[tuple[int, list[int]]]:
    """Start the plane as it is shipped; its port, and the numbers of its processes."""
    port = free_port()
    environ = {
        **os.environ,
        "QUETSACH_PUBLIC_HOME": str(home),
        "QUETSACH_PUBLIC_PROXIES": "127.0.0.1",
    }
    words = ["--port", str(port), "--workers", str(workers)]
    with subprocess.Popen([sys.executable, "-m", "quetsach_public", *words], env=environ) as server:
        try:
            wait_for(port)
            yield port, children(server.pid)
        finally:
            server.terminate()


@contextmanager
def static_nginx(
    folder: Path, program: str, headers: list[tuple[str, str]]
) -> Iterator[tuple[int, list[int]]]:
    """Serve `folder`/www with one process, packed files as they lie, with these headers."""
    said = "".join(f'add_header {name} "{value}";\n' for name, value in headers)
    server = f"gzip_static on; location / {{ root {folder}/www; {said} }}"
    with _nginx(folder, program, server) as served:
        yield served


@contextmanager
def proxying_nginx(folder: Path, program: str, port: int) -> Iterator[int]:
    """Pass on what is asked to the plane at `port`, with the address that the asker names."""
    server = f"""location / {{ proxy_pass http://127.0.0.1:{port}; proxy_http_version 1.1;
      proxy_set_header X-Forwarded-For $http_x_forwarded_for; proxy_set_header Connection ""; }}"""
    with _nginx(folder, program, server) as (its, _processes):
        yield its


@contextmanager
def _nginx(folder: Path, program: str, inside: str) -> Iterator[tuple[int, list[int]]]:
    port = free_port()
    temps = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"""daemon off; worker_processes 1; pid {folder}/nginx.pid;
        {"user root;" if os.getuid() == 0 else ""}
        events {{ worker_connections 4096; }}
        http {{ {temps} access_log off; sendfile on; tcp_nopush on;
          keepalive_requests 1000000; default_type text/html;
          server {{ listen 127.0.0.1:{port}; {inside} }} }}"""
    )
    command = [program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    with subprocess.Popen(command) as server:
        try:
            wait_for(port)
            yield port, children(server.pid)
        finally:
            server.terminate()


def processor_s(processes: list[int]) -> float:
    """Return the seconds of processor that `processes` have taken."""
    fields = [
        Path(f"/proc/{one}/stat").read_text().rpartition(") ")[2].split() for one in processes
    ]
    return sum(int(one[11]) + int(one[12]) for one in fields) / _TICKS


def memory_mb(process: int) -> tuple[float, float]:
    """Return what a process holds, and what of it is its own alone, in 1,000,000 bytes."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    found = {name: int(size) * 1024 / 1e6 for name, size in re.findall(r"(\w+): +(\d+) kB", text)}
    return found["Rss"], found["Private_Dirty"] + found["Private_Clean"]


def children(process: int) -> list[int]:
    """Return the children of `process`."""
    return [
        int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]
