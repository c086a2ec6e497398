"""Real resolvers load what is written for them, and answer by it."""

import random
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from quetsach.blocklists.contract import Mode, Policy
from quetsach.blocklists.convert import ConvertedRelease
from tests.blocklists.asking import NOERROR, NXDOMAIN, REFUSED, Answer, ask
from tests.blocklists.making import EXACT, indicators, make, mixed, program

BELT = (("belt.txt", "huyen.example\n203.0.113.1\n2001:db8:9::/48\n"),)
LISTED = indicators("below.bad.example", "mail.huyen.example", exact=(EXACT,))

# The truth behind the resolver under test: every name has an address, the upstream says so.
TRUTH = """
local-zone: "example." redirect
local-data: "example. 60 IN A 198.51.100.9"
"""


def _free_port() -> int:
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
                if _answers(port):
                    break
            yield
        finally:
            process.terminate()
            process.wait(10)


def _answers(port: int) -> bool:
    try:
        ask(port, "up.test")
    except OSError:
        Event().wait(0.05)  # it is still starting
        return False
    return True


def _unbound(folder: Path, port: int, extra: str) -> list[str]:
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


def _write(made: ConvertedRelease, folder: Path) -> Path:
    ((name, text),) = made.files.items()
    path = folder / name
    path.write_text(text)
    return path


@contextmanager
def upstream(folder: Path) -> Iterator[int]:
    """Run the resolver that knows the truth."""
    port = _free_port()
    with running(_unbound(folder, port, TRUTH), port):
        yield port


def forward(port: int) -> str:
    """Return the clause by which Unbound asks the resolver on this port."""
    return f'forward-zone:\n name: "."\n forward-addr: 127.0.0.1@{port}\n'


def test_unbound_blocks_as_the_rules_of_the_names_say(tmp_path: Path) -> None:
    made = make("unbound", LISTED, Mode.BLOCK, belt=BELT)
    path = _write(made, tmp_path)
    port = _free_port()
    with upstream(tmp_path) as truth:
        command = _unbound(tmp_path, port, f'include: "{path}"\n{forward(truth)}')
        with running(command, port):
            assert ask(port, "below.bad.example").code == NXDOMAIN
            assert ask(port, "deep.down.below.bad.example").code == NXDOMAIN
            assert ask(port, EXACT) == Answer(NOERROR, ())
            assert ask(port, f"www.{EXACT}").addresses == ("198.51.100.9",)
            assert ask(port, "mail.huyen.example").addresses == ("198.51.100.9",), "on the belt"
            assert ask(port, "bad.example").addresses == ("198.51.100.9",)
            assert ask(port, made.about.test_name).addresses == ()
            assert ask(port, made.about.loaded_name).addresses == (made.about.test_address,)


def test_unbound_that_watches_answers_the_truth_and_writes_it_down(tmp_path: Path) -> None:
    made = make("unbound", LISTED, Mode.WATCH, belt=BELT)
    path = _write(made, tmp_path)
    port = _free_port()
    with upstream(tmp_path) as truth:
        command = _unbound(tmp_path, port, f'include: "{path}"\n{forward(truth)}')
        with running(command, port):
            assert ask(port, "c2.below.bad.example").addresses == ("198.51.100.9",)
            assert ask(port, made.about.test_name).addresses == ("198.51.100.9",)
            assert ask(port, "mail.huyen.example").addresses == ("198.51.100.9",)
    log = (tmp_path / f"unbound-{port}.log").read_text()
    assert "c2.below.bad.example" in log
    assert made.about.test_name in log
    assert "mail.huyen.example" not in log


@pytest.mark.parametrize("policy", [Policy.NODATA, Policy.REDIRECT])
@pytest.mark.parametrize("form", ["unbound", "rpz"])
def test_a_resolver_answers_by_the_policy(form: str, policy: Policy, tmp_path: Path) -> None:
    sensor = ("10.9.8.7",) if policy is Policy.REDIRECT else ()
    made = make(form, LISTED, Mode.BLOCK, policy=policy, sensor=sensor)
    path = _write(made, tmp_path)
    port = _free_port()
    extra = _rpz(path) if form == "rpz" else f'include: "{path}"\n'
    with (
        upstream(tmp_path) as truth,
        running(_unbound(tmp_path, port, extra + forward(truth)), port),
    ):
        for name in ("below.bad.example", "a.below.bad.example", EXACT):
            assert ask(port, name) == Answer(NOERROR, sensor), name
        assert ask(port, f"www.{EXACT}").addresses == ("198.51.100.9",)


def _rpz(path: Path) -> str:
    return (
        'module-config: "respip validator iterator"\n'
        f'rpz:\n name: rpz.local\n zonefile: "{path}"\n rpz-log: yes\n rpz-log-name: seen\n'
    )


def test_a_zone_is_loaded_by_the_checker_of_bind(tmp_path: Path) -> None:
    checker = program("named-checkzone", "bind9-utils")
    for mode in Mode:
        made = make("rpz", mixed(), mode, belt=BELT)
        for number, text in enumerate((*made.files.values(), *made.undo.values())):
            path = tmp_path / f"{mode}-{number}.zone"
            path.write_text(text)
            checked = subprocess.run([checker, "rpz.local", path], capture_output=True, text=True)
            assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_zone_blocks_as_the_rules_say_and_lets_the_belt_pass(tmp_path: Path) -> None:
    made = make("rpz", LISTED, Mode.BLOCK, belt=BELT)
    path = _write(made, tmp_path)
    port = _free_port()
    with (
        upstream(tmp_path) as truth,
        running(_unbound(tmp_path, port, _rpz(path) + forward(truth)), port),
    ):
        assert ask(port, "below.bad.example").code == NXDOMAIN
        assert ask(port, "deep.down.below.bad.example").code == NXDOMAIN
        assert ask(port, EXACT).code == NXDOMAIN
        assert ask(port, f"www.{EXACT}").addresses == ("198.51.100.9",)
        assert ask(port, "mail.huyen.example").addresses == ("198.51.100.9",)
        assert ask(port, made.about.test_name).code == NXDOMAIN
        assert ask(port, made.about.loaded_name).addresses == (made.about.test_address,)


def test_a_zone_blocks_answers_with_a_listed_address_or_network(tmp_path: Path) -> None:
    truth_lines = TRUTH + (
        'local-zone: "one.example." redirect\nlocal-data: "one.example. IN A 203.0.113.77"\n'
        'local-zone: "near.example." redirect\nlocal-data: "near.example. IN A 203.0.113.76"\n'
        'local-zone: "net.example." redirect\nlocal-data: "net.example. IN A 198.51.100.70"\n'
        'local-zone: "out.example." redirect\nlocal-data: "out.example. IN A 198.51.100.130"\n'
    )
    made = make("rpz", indicators("203.0.113.77", "198.51.100.0/25"), Mode.BLOCK, belt=BELT)
    path = _write(made, tmp_path)
    source, port = _free_port(), _free_port()
    with (
        running(_unbound(tmp_path, source, truth_lines), source),
        running(_unbound(tmp_path, port, _rpz(path) + forward(source)), port),
    ):
        assert ask(port, "one.example").code == NXDOMAIN
        assert ask(port, "net.example").code == NXDOMAIN
        assert ask(port, "near.example").addresses == ("203.0.113.76",)
        assert ask(port, "out.example").addresses == ("198.51.100.130",)


def test_a_zone_that_watches_stops_nothing_and_is_logged(tmp_path: Path) -> None:
    made = make("rpz", LISTED, Mode.WATCH, belt=BELT)
    path = _write(made, tmp_path)
    port = _free_port()
    with (
        upstream(tmp_path) as truth,
        running(_unbound(tmp_path, port, _rpz(path) + forward(truth)), port),
    ):
        assert ask(port, "a.below.bad.example").addresses == ("198.51.100.9",)
        assert ask(port, EXACT).addresses == ("198.51.100.9",)
    log = (tmp_path / f"unbound-{port}.log").read_text()
    assert "rpz-passthru" in log
    assert "a.below.bad.example" in log


def _dnsmasq(path: Path, port: int, truth: int) -> list[str]:
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


def test_dnsmasq_blocks_as_the_rules_say(tmp_path: Path) -> None:
    made = make("dnsmasq", LISTED, Mode.BLOCK, belt=BELT)
    path = _write(made, tmp_path)
    tested = subprocess.run(
        [program("dnsmasq", "dnsmasq-base"), "--test", f"--conf-file={path}"], capture_output=True
    )
    assert tested.returncode == 0, tested.stderr
    port = _free_port()
    with upstream(tmp_path) as truth, running(_dnsmasq(path, port, truth), port):
        assert ask(port, "below.bad.example").code == NXDOMAIN
        assert ask(port, "deep.down.below.bad.example").code == NXDOMAIN
        assert ask(port, EXACT).addresses == ("0.0.0.0",)
        assert ask(port, f"www.{EXACT}").addresses == ("198.51.100.9",)
        assert ask(port, "mail.huyen.example").addresses == ("198.51.100.9",)
        assert ask(port, made.about.test_name).addresses == ("0.0.0.0",)
        assert ask(port, made.about.loaded_name).addresses == (made.about.test_address,)


def test_dnsmasq_leads_names_to_the_sensor(tmp_path: Path) -> None:
    made = make(
        "dnsmasq", LISTED, Mode.BLOCK, policy=Policy.REDIRECT, sensor=("10.9.8.7", "fd00::7")
    )
    path = _write(made, tmp_path)
    port = _free_port()
    with upstream(tmp_path) as truth, running(_dnsmasq(path, port, truth), port):
        assert ask(port, "a.below.bad.example").addresses == ("10.9.8.7",)
        assert ask(port, EXACT).addresses == ("10.9.8.7",)


def test_the_lines_for_a_hosts_file_are_read_by_a_real_resolver(tmp_path: Path) -> None:
    made = make("hosts", LISTED, Mode.BLOCK)
    path = _write(made, tmp_path)
    port = _free_port()
    command = [
        program("dnsmasq", "dnsmasq-base"),
        "--keep-in-foreground",
        f"--port={port}",
        "--listen-address=127.0.0.1",
        "--bind-interfaces",
        "--no-resolv",
        "--user=",
        "--pid-file=",
        "--conf-file=/dev/null",
        "--no-hosts",
        f"--addn-hosts={path}",
    ]
    with running(command, port):
        for name in ("below.bad.example", "www.below.bad.example", EXACT):
            assert ask(port, name).addresses == ("0.0.0.0",), name
        assert ask(port, made.about.loaded_name).addresses == (made.about.test_address,)
        assert ask(port, f"www.{EXACT}").code == REFUSED
        assert ask(port, "deep.below.bad.example").code == REFUSED
