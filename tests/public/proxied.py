"""The shipped configuration of nginx on free ports of this machine, before planes of the tests."""

import os
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPResponse
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.waiting import wait_for_port, wait_until

DEPLOY = Path(__file__).parents[2] / "deploy"
PUBLIC, PORTAL = "tracuu.example", "baocao.example"


@dataclass
class Got:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str:
        (value,) = self.all(name)
        return value


@dataclass
class Nginx:
    """A running nginx; `told` is a way in at which a test says which address it comes from."""

    folder: Path
    http: int
    https: int
    told: int
    public: int
    portal: int

    def secure(self, host: str, path: str, lines: str = "", method: str = "GET") -> Got:
        """Ask over TLS."""
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=120)
        with context.wrap_socket(plain, server_hostname=host) as line:
            return _asked(line, _request(host, path, lines, method), method)

    def plain(self, request: bytes) -> bytes:
        """Send bytes to the port of http, and return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.http), timeout=120) as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(65_536), b""))

    def of(self, address: str, path: str, lines: str = "", method: str = "GET") -> Got:
        """Ask the public page as if the connection came from `address`."""
        family = "TCP6" if ":" in address else "TCP4"
        to = "::1" if ":" in address else "127.0.0.1"
        with socket.create_connection(("127.0.0.1", self.told), timeout=120) as line:
            line.sendall(f"PROXY {family} {address} {to} 1024 443\r\n".encode())
            return _asked(line, _request(PUBLIC, path, lines, method), method)

    def wait_for_log(self, text: str) -> None:
        """Return when `text` stands in the access log: a line is written after its answer."""
        log = self.folder / "quetsach.log"
        wait_until(lambda: text in "\n" + log.read_text(), text)

    def written(self) -> bytes:
        """Return all that nginx wrote, but its cache."""
        found = [one for one in self.folder.rglob("*") if one.is_file()]
        return b"".join(one.read_bytes() for one in found if "cache" not in one.parts)


def _request(host: str, path: str, lines: str, method: str) -> bytes:
    more = "".join(f"{one}\r\n" for one in lines.split("\n") if one)
    body = more.partition("Content-Length: ")[2].partition("\r\n")[0]
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n"
    return head.encode() + b"x" * int(body or 0)


def _asked(line: socket.socket, request: bytes, method: str) -> Got:
    line.sendall(request)
    answer = HTTPResponse(line, method=method)
    answer.begin()
    return Got(answer.status, answer.getheaders(), answer.read())


def _reserved() -> socket.socket:
    """Return a socket that holds a port, at which servers of ours alone may listen meanwhile."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", 0))
    return one


@contextmanager
def running(folder: Path, program: str) -> Iterator[Nginx]:
    """Start nginx with the shipped configuration; it ends with the block."""
    held = [_reserved() for _ in range(5)]
    nginx = Nginx(folder, *(one.getsockname()[1] for one in held))
    _certificate(folder)
    conf = folder / "nginx.conf"
    conf.write_text(_rewritten((DEPLOY / "nginx" / "nginx.conf").read_text(), nginx))
    command = [program, "-e", str(folder / "error.log"), "-c", str(conf)]
    subprocess.run([*command, "-t", "-q"], check=True)
    with subprocess.Popen([*command, "-g", "daemon off;"]) as process:
        try:
            wait_for_port(nginx.told)
            yield nginx
        finally:
            process.terminate()
            for one in held:
                one.close()


def _rewritten(text: str, nginx: Nginx) -> str:
    """Return the configuration with the ports and folders of a test, and the way in for tests."""
    folder = str(nginx.folder)
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    temps = [
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    ]
    told = f"listen 127.0.0.1:{nginx.told} proxy_protocol; set_real_ip_from 127.0.0.1;"
    for before, after in (
        ("user www-data;", "user root;" if os.getuid() == 0 else ""),
        ("/run/nginx.pid", f"{folder}/nginx.pid"),
        ("/var/log/nginx", folder),
        ("/var/lib/nginx/quetsach", f"{folder}/cache"),
        ("/etc/quetsach/nginx", str(DEPLOY / "nginx")),
        ("/etc/quetsach/tls/public.pem", f"{folder}/cert.pem"),
        ("/etc/quetsach/tls/public.key", f"{folder}/cert.key"),
        ("/etc/quetsach/tls/portal.pem", f"{folder}/cert.pem"),
        ("/etc/quetsach/tls/portal.key", f"{folder}/cert.key"),
        ("listen 80", f"listen 127.0.0.1:{nginx.http}"),
        ("listen 443", f"listen 127.0.0.1:{nginx.https}"),
        ("127.0.0.1:8001", f"127.0.0.1:{nginx.public}"),
        ("127.0.0.1:8000", f"127.0.0.1:{nginx.portal}"),
        ("worker_processes auto;", "worker_processes 1;"),
        ("worker_rlimit_nofile 65536;", ""),
        ("worker_connections 20000;", "worker_connections 1000;"),
        ("http {", "http {\n" + "\n".join(temps)),
        (
            "    client_max_body_size 8k;",
            f"    client_max_body_size 8k; {told} real_ip_header proxy_protocol;",
        ),
    ):
        assert before in text, before
        text = text.replace(before, after)
    return text


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, PUBLIC)])
    names = x509.SubjectAlternativeName([x509.DNSName(one) for one in (PUBLIC, PORTAL)])
    now = datetime.now().astimezone()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "cert.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
