"""What works on a rehearsal reaches no network, whoever tries."""

import subprocess
import sys

import pytest

TRIES = {
    "a connection": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "a name": "import socket; socket.getaddrinfo('mail.example', 25)",
    "a mail": "import smtplib; smtplib.SMTP('127.0.0.1', 9)",
    "a page": "import http.client; http.client.HTTPConnection('127.0.0.1', 9).request('GET', '/')",
    "a datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM)"
    ".sendto(b'x', ('127.0.0.1', 9))",
    "a message": "import socket; socket.socket(type=socket.SOCK_DGRAM)"
    ".sendmsg([b'x'], [], 0, ('127.0.0.1', 9))",
    "listening": "import socket; socket.socket().bind(('127.0.0.1', 0))",
    "version 6": "import socket; socket.socket(socket.AF_INET6).connect(('::1', 9))",
}


def ended(code: str) -> subprocess.CompletedProcess[str]:
    shut = "from quetsach_portal.config.no_outgoing import refuse_outgoing; refuse_outgoing()"
    return subprocess.run([sys.executable, "-c", f"{shut}\n{code}"], capture_output=True, text=True)


@pytest.mark.parametrize("code", TRIES.values(), ids=TRIES)
def test_no_way_out_is_open(code: str) -> None:
    process = ended(code)
    assert process.returncode == 1
    assert "a rehearsal reaches no network" in process.stderr


def test_sockets_of_the_file_system_and_pairs_without_a_name_go_on() -> None:
    code = """
import os, socket, tempfile
os.chdir(tempfile.mkdtemp())
server = socket.socket(socket.AF_UNIX); server.bind("s"); server.listen()
caller = socket.socket(socket.AF_UNIX); caller.connect("s"); caller.sendall(b"x")
line, _ = server.accept()
one, other = socket.socketpair()
one.sendmsg([b"y"])
print(line.recv(1), other.recv(1))
"""
    process = ended(code)
    assert (process.returncode, process.stdout) == (0, "b'x' b'y'\n"), process.stderr
