"""Real resolvers, run for a test in front of one that answers every name."""

import random
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from quetsach.blocklists.convert import ConvertedRelease
from tests.blocklists.asking import ask
from tests.blocklists.making import EXACT, indicators, program

NEVER_BLOCK = (("belt.txt", "huyen.example\n203.0.113.1\n2001:db8:9::/48\n"),)
LISTED = indicators("below.bad.example", "mail.huyen.example", exact=(EXACT,))
# The truth behind the resolver under test: every name has an address, the upstream says so.
TRUTH = """
local-zone: "example." redirect
local-data: "example. 60 IN A 198.51.100.9"
"""


def free_port() -> int:
    """Return a port that nobody holds, below those that the system gives to others meanwhile."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 50):
        with (
            closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as datagrams,
            closing(socket.socket()) as streams,
        ):
            try:
                datagrams.bind(("127.0.0.1", port))
                streams.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    pytest.fail("no free port on the loopback")


@contextmanager
def running(command: Sequence[str], port: int) -> Iterator[None]:
    """Run a resolver while the test asks it; it is up when it answers at all."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            for _ in range(200):
                if process.poll() is not None:
                    assert process.stdout is not None
                    pytest.fail(process.stdout.read().decode())
                if answers(port):
                    break
            yield
        finally:
            process.terminate()
            process.wait(10)


def answers(port: int) -> bool:
    try:
        ask(port, "up.test")
    except OSError:
        Event().wait(0.05)  # it is still starting
        return False
    return True


def unbound(folder: Path, port: int, extra: str) -> list[str]:
    config = folder / f"unbound-{port}.conf"
    config.write_text(
        "server:\n"
        f" interface: 127.0.0.1\n port: {port}\n do-daemonize: no\n use-syslog: no\n"
        f' logfile: "{folder}/unbound-{port}.log"\n log-time-ascii: no\n verbosity: 1\n'
        f' chroot: ""\n username: ""\n directory: "{folder}"\n pidfile: ""\n'
        " do-not-query-localhost: no\n do-ip6: no\n access-control: 127.0.0.0/8 allow\n"
        ' domain-insecure: "."\n num-threads: 1\n'
        f"{extra}\n"
    )
    checked = subprocess.run(
        [program("unbound-checkconf", "unbound"), config], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    return [program("unbound", "unbound"), "-d", "-c", str(config)]


def write(made: ConvertedRelease, folder: Path) -> Path:
    ((name, text),) = made.files.items()
    path = folder / name
    path.write_text(text)
    return path


@contextmanager
def upstream(folder: Path) -> Iterator[int]:
    """Run the resolver that knows the truth."""
    port = free_port()
    with running(unbound(folder, port, TRUTH), port):
        yield port


def forward(port: int) -> str:
    """Return the clause by which Unbound asks the resolver on this port."""
    return f'forward-zone:\n name: "."\n forward-addr: 127.0.0.1@{port}\n'


def dnsmasq(path: Path, port: int, truth: int) -> list[str]:
    return [
        program("dnsmasq", "dnsmasq-base"),
        "--keep-in-foreground",
        f"--port={port}",
        "--listen-address=127.0.0.1",
        "--bind-interfaces",
        "--no-resolv",
        "--no-hosts",
        "--user=",
        "--pid-file=",
        f"--server=127.0.0.1#{truth}",
        f"--conf-file={path}",
    ]
