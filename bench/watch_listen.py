"""A watch that is sent logs by the real programs: all of it arrives, or is counted as lost.

python -m bench.watch_listen              rsyslog over UDP, TCP (both framings) and TLS; Unbound and
                                          BIND with dnstap; a file of fstrm_capture, swept
python -m bench.watch_listen --stalled    a watch that stands still for two seconds: received and
                                          dropped is what was sent
python -m bench.watch_listen --rate 20000 the processor time of messages over UDP

What a Debian package lacks for here is skipped, loudly.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from quetsach.api.watches import watch_status
from quetsach.errors.exceptions import QuetsachError

LISTED = "bad.example"
MESSAGES = 5_000
EACH = 50
_WITHIN_S = 60.0

Outcome = bool | None
"""Whether all is as it should be; None where it was skipped."""


@dataclass
class Watching:
    """A watch that runs."""

    state: Path
    process: "subprocess.Popen[bytes]"
    out: Path

    def figures(self) -> dict[str, Any]:
        """Return the figures of its one listener, {} before there are any."""
        with suppress(QuetsachError):
            return next(iter(watch_status(self.state)["listeners"]), {})
        return {}

    def settled(self, count: int) -> dict[str, Any]:
        """Return them once `count` messages are there and read, or nothing more comes."""
        before, since_s = -1, time.monotonic()
        while True:
            now = self.figures()
            if now.get("received", 0) >= count and not now["lag"]:
                time.sleep(1)
                return now
            if now.get("received", 0) != before:
                before, since_s = now.get("received", 0), time.monotonic()
            if time.monotonic() - since_s > _WITHIN_S:
                return now
            time.sleep(0.1)

    def sightings(self) -> list[dict[str, Any]]:
        """Return what it told."""
        return [json.loads(line) for line in self.out.read_bytes().splitlines()]

    def processor_s(self) -> float:
        """Return the processor time that it took."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def watching(folder: Path, *listen: str) -> Iterator[Watching]:
    """Run a watch that is sent what comes at `listen`."""
    listed, out = folder / "list.txt", folder / "told.json"
    listed.write_text(f"{LISTED}\n", encoding="ascii")
    words = [sys.executable, "-m", "quetsach", "watch", "run", "-i", str(listed), "--json"]
    words += ["--state", str(folder / "state"), *listen]
    with out.open("ab") as told, (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(words, stdout=told, stderr=said)
        try:
            one = Watching(folder / "state", process, out)
            _wait(lambda: bool(one.figures()), "the watch")
            yield one
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait(condition: Callable[[], bool], what: str) -> None:
    until_s = time.monotonic() + _WITHIN_S
    while not condition():
        if time.monotonic() > until_s:
            raise TimeoutError(what)
        time.sleep(0.05)


@contextmanager
def running(words: Sequence[str], log: Path) -> Iterator[None]:
    """Run a program until it is no longer needed."""
    with log.open("wb") as said:
        process = subprocess.Popen(words, stdout=said, stderr=said)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def _port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def message(number: int) -> str:
    """Return a message of a name server's log; each EACH-th asks for the listed name."""
    name = LISTED if number % EACH == 0 else f"n{number}.good.example"
    return f"query[A] {name} from 10.1.{number // 250 % 250}.{number % 250 + 1}"


RSYSLOG = """
global(workDirectory="{folder}" {tls})
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{folder}/log" CreatePath="on" RateLimit.Interval="0"
      useSysTimeStamp="off")
action(type="omfwd" target="127.0.0.1" port="{port}" {how}
       queue.type="LinkedList" queue.size="100000" action.resumeRetryCount="-1")
"""
_TLS = 'StreamDriver="{driver}" StreamDriverMode="1" StreamDriverAuthMode="x509/name" '
_TLS += 'StreamDriverPermittedPeers="watch.example"'
RSYSLOG_WAYS = {
    "udp": 'protocol="udp"',
    "tcp, lines": 'protocol="tcp"',
    "tcp, counted": 'protocol="tcp" TCP_Framing="octet-counted"',
    "tls, gtls": 'protocol="tcp" TCP_Framing="octet-counted" ' + _TLS.format(driver="gtls"),
    "tls, ossl": 'protocol="tcp" TCP_Framing="octet-counted" ' + _TLS.format(driver="ossl"),
}


def by_rsyslog(way: str, folder: Path) -> Outcome:
    """Send MESSAGES through rsyslog, and hold what came against them."""
    if shutil.which("rsyslogd") is None:
        return skipped("rsyslog", "rsyslog")
    kind, driver = way.split(",")[0], way.split(" ")[-1]
    port = _port(socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
    listen, tls = f"{kind}://127.0.0.1:{port}", ""
    if kind == "tls":
        if not list(Path("/usr/lib").glob(f"**/rsyslog/lmnsd_{driver}.so")):
            return skipped(f"rsyslog, {way}", "rsyslog-gnutls, rsyslog-openssl")
        _certificate(folder)
        listen += f"?cert={folder}/s.pem&key={folder}/s.key&ca={folder}/s.pem"
        tls = f'DefaultNetstreamDriver="{driver}" DefaultNetstreamDriverCAFile="{folder}/s.pem" '
        tls += f'DefaultNetstreamDriverCertFile="{folder}/s.pem" '
        tls += f'DefaultNetstreamDriverKeyFile="{folder}/s.key"'
    conf = folder / "rsyslog.conf"
    conf.write_text(RSYSLOG.format(folder=folder, port=port, how=RSYSLOG_WAYS[way], tls=tls))
    words = ["rsyslogd", "-n", "-f", str(conf), "-i", str(folder / "rsyslog.pid")]
    with watching(folder, "--listen", listen) as watch, running(words, folder / "rsyslog.txt"):
        _wait((folder / "log").exists, "rsyslog")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(str(folder / "log"))
            for number in range(MESSAGES):
                now = time.strftime("%b %e %H:%M:%S")
                sender.send(f"<30>{now} dnsmasq[7]: {message(number)}".encode())
        figures = watch.settled(MESSAGES)
        met = {one["source.ip"] for one in watch.sightings()}
    wanted = {message(number).split()[-1] for number in range(0, MESSAGES, EACH)}
    return told(f"rsyslog, {way}", figures, MESSAGES, is_well=met == wanted)


def killed(folder: Path, count: int = 20_000, each: int = 4_000) -> Outcome:
    """Kill the watch again and again while rsyslog, which has a queue, sends to it over TCP."""
    if shutil.which("rsyslogd") is None:
        return skipped("rsyslog", "rsyslog")
    port, conf = _port(), folder / "rsyslog.conf"
    how = RSYSLOG_WAYS["tcp, counted"] + ' action.resumeInterval="1"'
    conf.write_text(RSYSLOG.format(folder=folder, port=port, how=how, tls=""))
    words = ["rsyslogd", "-n", "-f", str(conf), "-i", str(folder / "rsyslog.pid")]
    listen = ("--listen", f"tcp://127.0.0.1:{port}")
    with running(words, folder / "rsyslog.txt"):
        _wait((folder / "log").exists, "rsyslog")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(str(folder / "log"))
            for first in range(0, count, each):
                with watching(folder, *listen) as watch:
                    for number in range(first, first + each):
                        sender.send(f"<30>dnsmasq[7]: {message(number)} #{number}".encode())
                        time.sleep(0.001 if number % 10 == 0 else 0)
                    watch.process.kill()
        with watching(folder, *listen):
            time.sleep(20)
    text = b"".join(path.read_bytes() for path in (folder / "state" / "spool").rglob("*.log"))
    came = re.findall(rb" #(\d+)\n", text)
    rows = watch_status(folder / "state")["sightings"]
    wanted = sum(not int(one) % EACH for one in set(came))
    is_well = len(came) == len(set(came)) and rows == wanted
    print(
        f"{'well' if is_well else 'WRONG'}: rsyslog over TCP, {count // each} kills: sent {count}, "
        f"received {len(set(came))}, twice {len(came) - len(set(came))}, {rows} of {wanted} met"
    )
    return is_well


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=watch.example", "-addext", "subjectAltName=DNS:watch.example"),
            *("-keyout", f"{folder}/s.key", "-out", f"{folder}/s.pem"),
        ],
        check=True,
        capture_output=True,
    )


UNBOUND = """
server:
    interface: 127.0.0.1@{port}
    port: {port}
    chroot: ""
    directory: "{folder}"
    username: ""
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    access-control: 127.0.0.0/8 allow
    local-zone: "example." redirect
    local-data: "example. A 192.0.2.7"
remote-control:
    control-enable: no
dnstap:
    dnstap-enable: yes
    dnstap-socket-path: "{tap}"
    dnstap-send-identity: yes
    dnstap-log-client-query-messages: yes
    dnstap-log-client-response-messages: yes
"""
BIND = """
options {{
    directory "{folder}"; pid-file none; session-keyfile none;
    listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
    recursion yes; dnssec-validation no;
    dnstap {{ client; }}; dnstap-output unix "{tap}"; dnstap-identity "ns1";
}};
controls {{ }};
zone "example" {{ type primary; file "{folder}/example.zone"; }};
"""
ZONE = """$TTL 60
@ SOA ns.example. root.example. 1 60 60 60 60
@ NS ns
* A 192.0.2.7
ns A 192.0.2.53
"""


def _name_server(name: str, folder: Path, tap: Path, port: int) -> list[str]:
    conf = folder / f"{name}.conf"
    form = UNBOUND if name == "unbound" else BIND
    conf.write_text(form.format(folder=folder, port=port, tap=tap))
    (folder / "example.zone").write_text(ZONE)
    if name == "unbound":
        return ["unbound", "-d", "-c", str(conf)]
    return ["named", "-g", "-c", str(conf)]


def by_dnstap(name: str, folder: Path, questions: int = 500) -> Outcome:
    """Ask a name server that hands in dnstap, and hold what came against it."""
    if shutil.which(name) is None or shutil.which("dig") is None:
        return skipped(name, "unbound, bind9, bind9-dnsutils")
    tap, port = folder / "tap.sock", _port()
    words = _name_server(name, folder, tap, port)
    with watching(folder, "--dnstap", f"unix:{tap}?mode=666") as watch:
        with running(words, folder / "server.txt"):
            _ask(port, questions, folder)
            figures = watch.settled(2 * questions)
        met = watch.sightings()
    grades = {one["quetsach.grade"] for one in met}
    is_well = len(met) == 2 * -(-questions // EACH) and grades == {"asked", "answered"}
    is_well &= {one["source.ip"] for one in met} == {"127.0.0.1"}
    return told(f"{name}, dnstap", figures, 2 * questions, is_well=is_well)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _ask(port: int, questions: int, folder: Path) -> None:
    server = f"@127.0.0.1 -p {port} +tries=3 +noall"
    _wait(lambda: _listens(port), "the name server")
    names = [LISTED if number % EACH == 0 else f"n{number}.example" for number in range(questions)]
    batch = folder / "batch"
    batch.write_text("".join(f"{name} A\n" for name in names))
    subprocess.run(["dig", *server.split(), "-f", str(batch)], capture_output=True, check=True)


def swept(name: str, folder: Path, questions: int = 500) -> Outcome:
    """Sweep the file that fstrm_capture wrote of a name server."""
    if shutil.which("fstrm_capture") is None or shutil.which(name) is None:
        return skipped("fstrm_capture", "fstrm-bin, unbound")
    tap, port, file = folder / "tap.sock", _port(), folder / "dns.fstrm"
    capture = ["fstrm_capture", "-t", "protobuf:dnstap.Dnstap", "-u", str(tap), "-w", str(file)]
    with running(capture, folder / "capture.txt"):
        _wait(tap.exists, "fstrm_capture")
        with running(_name_server(name, folder, tap, port), folder / "server.txt"):
            _ask(port, questions, folder)
            time.sleep(3)
        time.sleep(1)
    (folder / "list.txt").write_text(f"{LISTED}\n", encoding="ascii")
    words = [sys.executable, "-m", "quetsach", "sweep", str(file), "-i", str(folder / "list.txt")]
    subprocess.run([*words, "-o", str(folder / "found")], capture_output=True, check=False)
    manifest = json.loads((folder / "found" / "manifest.json").read_text())
    count = manifest["summary"]["sightings"]
    is_well = count == 2 * -(-questions // EACH)
    print(f"{'well' if is_well else 'WRONG'}: {name}, file of fstrm_capture: {count} sightings")
    return is_well


def stalled(folder: Path, count: int = 200_000) -> Outcome:
    """Let the watch stand still while it is sent more than the system keeps."""
    port = _port(socket.SOCK_DGRAM)
    with (
        watching(folder, "--listen", f"udp://127.0.0.1:{port}") as watch,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        sender.connect(("127.0.0.1", port))
        text = f"<30>{time.strftime('%b %e %H:%M:%S')} gw1 dnsmasq[7]: "
        watch.process.send_signal(signal.SIGSTOP)
        until_s = time.monotonic() + 2
        for number in range(count):
            sender.send((text + message(number)).encode())
        time.sleep(max(until_s - time.monotonic(), 0))
        watch.process.send_signal(signal.SIGCONT)
        watch.settled(1)
        time.sleep(2)
        # What was dropped is told with the next datagram that is taken, and kept within 5 s.
        sender.send((text + message(1)).encode())
        time.sleep(7)
        figures = watch.settled(1)
    return told("udp, stalled for 2 s", figures, count + 1, is_well=True)


def at_rate(folder: Path, rate: int, seconds: int = 10) -> Outcome:
    """Send messages at an even rate; print what a core had to do for them."""
    port, sent = _port(socket.SOCK_DGRAM), 0
    with watching(folder, "--listen", f"udp://127.0.0.1:{port}") as watch:
        before_s = watch.processor_s()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(("127.0.0.1", port))
            text, begun_s = (
                f"<30>{time.strftime('%b %e %H:%M:%S')} gw1 dnsmasq[7]: ",
                time.monotonic(),
            )
            while (passed_s := time.monotonic() - begun_s) < seconds:
                for _ in range(int(passed_s * rate) - sent):
                    sender.send((text + message(sent * EACH + 1 if sent % 1000 else 0)).encode())
                    sent += 1
                time.sleep(0.005)
        figures = watch.settled(sent)
        used_s = watch.processor_s() - before_s
    print(f"{sent} messages in {seconds} s: {used_s:.1f} s of processor, scan included")
    return told(f"udp, {rate} a second", figures, sent, is_well=True)


def told(what: str, figures: dict[str, Any], sent: int, *, is_well: bool) -> Outcome:
    """Print how it went, and return whether nothing is missing."""
    dropped = sum(figures.get("dropped", {}).values())
    is_well &= figures.get("received", 0) + dropped == sent
    closed = {name: count for name, count in figures.get("closed", {}).items() if count}
    print(
        f"{'well' if is_well else 'WRONG'}: {what}: sent {sent}, received "
        f"{figures.get('received')}, dropped {dropped} {closed or ''}"
    )
    return is_well


def skipped(what: str, packages: str) -> Outcome:
    """Say what was not tried."""
    print(f"SKIPPED: {what} (apt-get install {packages})")
    return None


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 where anything is missing that was not counted as lost."""
    parser = argparse.ArgumentParser(prog="bench.watch_listen", description=__doc__.splitlines()[0])
    parser.add_argument("--stalled", action="store_true")
    parser.add_argument("--rate", type=int)
    arguments = parser.parse_args(words)
    tried: list[Callable[[Path], Outcome]] = []
    if arguments.stalled:
        tried.append(stalled)
    if arguments.rate:
        tried.append(lambda folder: at_rate(folder, arguments.rate))
    if not tried:
        tried += [lambda folder, way=way: by_rsyslog(way, folder) for way in RSYSLOG_WAYS]
        tried.append(killed)
        tried += [
            lambda folder, name=name: by_dnstap(name, folder) for name in ("unbound", "named")
        ]
        tried += [lambda folder, name=name: swept(name, folder) for name in ("unbound", "named")]
    outcomes = []
    for one in tried:
        with TemporaryDirectory(prefix="watch-listen-") as name:
            outcomes.append(one(Path(name)))
    return 0 if all(outcome is not False for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
