"""Real receivers of syslog: rsyslogd with a configuration of a test, over UDP, TCP and TLS.

"mutual" is TLS with a certificate of the sender: its authority and its name are checked.
"""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import wait_until

RSYSLOGD = shutil.which("rsyslogd", path="/usr/sbin:/usr/bin")
needs_rsyslog = pytest.mark.skipif(RSYSLOGD is None, reason="rsyslogd is not installed")

_TLS = """
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" {who})
global(DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="{ca}"
  DefaultNetstreamDriverCertFile="{pem}" DefaultNetstreamDriverKeyFile="{key}")
input(type="imtcp" port="{port}" address="127.0.0.1")
"""
ADMITTED = "office-a.example"
"""The name in the certificate of the one sender that a receiver takes in "mutual"."""

_WHO = {
    "tls": 'StreamDriver.AuthMode="anon"',
    "mutual": f'StreamDriver.AuthMode="x509/name" PermittedPeer=["{ADMITTED}"]',
}
_INPUTS = {
    "tls": _TLS,
    "mutual": _TLS,
    "tcp": 'module(load="imtcp")\ninput(type="imtcp" port="{port}" address="127.0.0.1")\n',
    "udp": 'module(load="imudp")\ninput(type="imudp" port="{port}" address="127.0.0.1")\n',
}
_OUTPUT = """
template(name="parts" type="string"
  string="%protocol-version%|%timereported:::date-rfc3339%|%hostname%|%app-name%|%msgid%|%msg%\\n")
action(type="omfile" file="{out}" template="parts")
"""


@dataclass
class Rsyslog:
    """An rsyslogd that runs: where it listens, and what it wrote."""

    address: str
    out: Path

    def lines(self, count: int) -> list[list[str]]:
        """Return the parts of the messages as rsyslogd understood them, once `count` are there."""
        wait_until(
            lambda: self.out.exists() and self.out.read_bytes().count(b"\n") >= count,
            f"{count} messages",
            within_s=60,
        )
        return [line.split("|", 5) for line in self.out.read_text("utf-8").splitlines()]


@contextmanager
def rsyslogd(
    folder: Path, transport: str, certificate: Path, ca: Path | None = None
) -> Iterator[Rsyslog]:
    """Give an rsyslogd that listens on this machine and writes what it was told into a file.

    Shapes: `ca` is the authority whose senders it takes; that of its own certificate if not given.
    """
    assert RSYSLOGD is not None
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    out, configuration = folder / "syslog.txt", folder / "rsyslog.conf"
    text = _INPUTS[transport].format(
        port=port,
        pem=certificate,
        key=certificate.with_suffix(".key"),
        ca=ca or certificate,
        who=_WHO.get(transport, ""),
    )
    configuration.write_text(
        f'global(workDirectory="{folder}" maxMessageSize="64k")\n{text}{_OUTPUT.format(out=out)}'
    )
    process = subprocess.Popen(
        [RSYSLOGD, "-n", "-f", configuration, "-i", folder / "rsyslog.pid"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _listens(kind, port), "rsyslogd", within_s=60)
        scheme = "tls" if transport == "mutual" else transport
        yield Rsyslog(f"{scheme}://127.0.0.1:{port}", out)
    finally:
        process.terminate()
        process.wait(30)


def _listens(kind: int, port: int) -> bool:
    """Return whether the port is taken by now."""
    with socket.socket(socket.AF_INET, kind) as asking:
        try:
            asking.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
