"""The shipped nginx before both planes, asked by who wants to poison its cache or smuggle requests.

What a person's page says is held nowhere and told to nobody else, whatever a caller writes.
"""

import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from quetsach_public.app import Application
from tests.public.made import NOW, made_home
from tests.public.proxied import PORTAL, PUBLIC, Nginx, running
from tests.public.test_nginx import PROGRAM, served

pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="NGINX IS NOT HERE: the shipped configuration was not tried"
)
EVIL = "xau.example"
UNKEYED = (
    f"X-Forwarded-Host: {EVIL}",
    f"X-Host: {EVIL}",
    f"X-Forwarded-Server: {EVIL}",
    f"Forwarded: host={EVIL};proto=http",
    "X-Forwarded-Proto: http\nX-Forwarded-Scheme: http\nX-Forwarded-Port: 1",
    "X-Original-URL: /khong-co\nX-Rewrite-URL: /khong-co",
    "X-HTTP-Method-Override: POST\nX-HTTP-Method: DELETE\nX-Method-Override: PUT",
    f"Origin: https://{EVIL}\nReferer: https://{EVIL}/",
    "Accept-Language: km\nAccept: application/json",
    f"Cookie: a={EVIL}; language=km",
    f"Authorization: Basic {EVIL}",
    "Range: bytes=0-0\nIf-Range: x",
    "If-None-Match: *\nIf-Modified-Since: Sat, 29 Oct 2044 19:43:31 GMT",
    "Connection: close, Host, X-Forwarded-For",
    f"User-Agent: {EVIL}",
    "Accept-Encoding: gzip;q=0, identity",
    "Cache-Control: no-transform\nPragma: no-cache\nTransfer-Encoding: identity",
)
PUBLIC_PATH = "/lam-sach/windows"


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    assert PROGRAM is not None
    with running(tmp_path_factory.mktemp("nginx"), PROGRAM) as one:
        yield one


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Application:
    home = tmp_path_factory.mktemp("public") / "home"
    return Application(made_home(home, "127.0.0.1"), now=lambda: NOW)


@pytest.fixture
def plane(nginx: Nginx, application: Application) -> Iterator[None]:
    with served(nginx.public, application):
        yield


def keys_held(nginx: Nginx) -> set[bytes]:
    """Return the keys of all that nginx holds."""
    entries = [entry for entry in (nginx.folder / "cache").rglob("*") if entry.is_file()]
    lines = [entry.read_bytes().partition(b"\nKEY: ")[2] for entry in entries]
    return {line.partition(b"\n")[0] for line in lines}


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("number", range(len(UNKEYED)))
def test_what_a_caller_writes_changes_no_page_that_is_held_for_all(
    nginx: Nginx, number: int
) -> None:
    path = f"{PUBLIC_PATH}?v={number}"
    lines = UNKEYED[number]
    poisoned = nginx.of("192.0.2.77", path, lines)
    after = nginx.of("192.0.2.78", path)
    clean = nginx.of("192.0.2.79", f"{PUBLIC_PATH}?v=clean")
    assert (after.status, after.body) == (200, clean.body), (lines, poisoned.status)
    for page in (poisoned, after):
        told = page.body + repr(page.headers).encode()
        assert EVIL.encode() not in told
        assert not page.all("Set-Cookie")
    assert after.all("Content-Type") == clean.all("Content-Type")
    assert after.all("Location") == []


@pytest.mark.usefixtures("plane")
def test_no_answer_for_one_person_is_held_under_any_name_of_it(nginx: Nginx) -> None:
    """The check tells a caller what is known of their address: 192.0.2.10 is listed."""
    names = [
        "/kiem-tra",
        "/kiem-tra?x.css",
        "/kiem-tra/",
        "/kiem-tra/x.css",
        "/kiem-tra/..%2fx.css",
        "/kiem-tra%2fx.css",
        "/kiem-tra;x.css",
        "/kiem-tra%3bx.css",
        "/kiem-tra%00.css",
        "/kiem-tra%23x.css",
        "/kiem-tra%3fx.css",
        "/static/..%2fkiem-tra",
        "/static/%2e%2e/kiem-tra",
        "/static/../kiem-tra",
        "/x/./../kiem-tra",
        "//kiem-tra",
        "/KIEM-TRA",
        "/kiem%2dtra",
        "/en/kiem-tra/../kiem-tra",
        "/tai-lieu/tep/../../kiem-tra",
        "/%6biem-tra?utm_content=x;callback=y",
        "/kiem-tra#x.css",
        "/kiem-tra\\x.css",
    ]
    shown = 0
    for name in names:
        mine = nginx.of("192.0.2.10", name)
        shown += b"Mirai" in mine.body
        if b"Mirai" in mine.body:
            assert "no-store" in mine.one("Cache-Control"), name
        other = nginx.of("192.0.2.77", name)
        assert b"Mirai" not in other.body, name
    assert shown >= 1, "nothing was asked of the check"
    for entry in (nginx.folder / "cache").rglob("*"):
        assert not entry.is_file() or b"Mirai" not in entry.read_bytes()


@pytest.mark.usefixtures("plane")
def test_a_page_is_not_held_for_a_host_or_a_scheme_that_a_caller_made_up(nginx: Nginx) -> None:
    for host in (f"{PUBLIC}:1", f"{PUBLIC}.", PUBLIC.upper(), f"{PUBLIC}:{EVIL}", EVIL, ""):
        head = f"GET /?h={len(host)} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        said = raw(nginx, PUBLIC, head.encode())
        assert EVIL.encode() not in said, host
        after = nginx.of("192.0.2.78", f"/?h={len(host)}")
        assert (after.status, b":1/" in after.body) == (200, False)
    two = f"GET / HTTP/1.1\r\nHost: {PUBLIC}\r\nHost: {EVIL}\r\nConnection: close\r\n\r\n"
    assert raw(nginx, PUBLIC, two.encode()).startswith(b"HTTP/1.1 400")
    line = f"GET https://{EVIL}/ HTTP/1.1\r\nHost: {PUBLIC}\r\nConnection: close\r\n\r\n"
    assert EVIL.encode() not in raw(nginx, PUBLIC, line.encode())


SMUGGLED = b"GET /lay-trom HTTP/1.1\r\nHost: x\r\n\r\n"


def attempts(host: str) -> dict[str, bytes]:
    """Return requests whose end two servers could see at different places."""
    head = f"POST /tham-gia HTTP/1.1\r\nHost: {host}\r\n".encode()
    inside = b"0\r\n\r\n" + SMUGGLED
    length = f"Content-Length: {len(inside)}\r\n".encode()
    chunked = b"Transfer-Encoding: chunked\r\n"
    return {
        "both": head + length + chunked + b"\r\n" + inside,
        "two lengths": head + b"Content-Length: 0\r\n" + length + b"\r\n" + inside,
        "a list of lengths": head + b"Content-Length: 0, 5\r\n\r\n" + inside,
        "plus": head + b"Content-Length: +5\r\n\r\n" + inside,
        "negative": head + b"Content-Length: -1\r\n\r\n" + inside,
        "space": head + b"Transfer-Encoding : chunked\r\n" + length + b"\r\n" + inside,
        "folded": head + b"Transfer-Encoding:\r\n chunked\r\n" + length + b"\r\n" + inside,
        "tab": head + b"Transfer-Encoding:\tchunked, identity\r\n" + length + b"\r\n" + inside,
        "xchunked": head + b"Transfer-Encoding: xchunked\r\n" + length + b"\r\n" + inside,
        "twice": head + chunked + b"Transfer-Encoding: x\r\n" + length + b"\r\n" + inside,
        "bare LF": head.replace(b"\r\n", b"\n") + length.replace(b"\r\n", b"\n") + b"\n" + inside,
        "CR in a name": head + b"X\rContent-Length: 0\r\n" + length + b"\r\n" + inside,
        "NUL": head + b"X: \0\r\n" + length + b"\r\n" + inside,
        "old": head.replace(b"1.1", b"1.0") + chunked + length + b"\r\n" + inside,
        "extension": head + chunked + b"\r\n5;x\nabc\r\nhello\r\n" + inside,
        "extension of CR": head + chunked + b"\r\n5;a=\r\rb\r\nhello\r\n" + inside,
        "size with a sign": head + chunked + b"\r\n+5\r\nhello\r\n" + inside,
        "size too large": head + chunked + b"\r\nffffffffffffffff5\r\nhello\r\n" + inside,
        "trailer": head + chunked + b"\r\n0\r\nContent-Length: 50\r\n\r\n" + SMUGGLED,
        "upgrade": head + b"Upgrade: h2c\r\nConnection: Upgrade\r\n" + length + b"\r\n" + inside,
        "expect": head + b"Expect: 100-continue, x\r\n" + length + b"\r\n" + inside,
    }


@pytest.mark.parametrize("name", attempts(PORTAL))
@pytest.mark.parametrize("host", [PUBLIC, PORTAL])
def test_nothing_is_smuggled_past_nginx(nginx: Nginx, name: str, host: str) -> None:
    """What a plane hears is what nginx has heard: each request it passes has its own log line."""
    heard: list[str] = []

    def plane(environ: dict[str, Any], start: Any) -> list[bytes]:
        heard.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        start("200 OK", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
        return [b"of the plane"]

    log = nginx.folder / "quetsach.log"
    before = len(log.read_text().splitlines())
    with served(nginx.public if host == PUBLIC else nginx.portal, plane):
        raw(nginx, host, attempts(host)[name])
    passed = [line for line in log.read_text().splitlines()[before:] if host in line]
    stolen = [one for one in heard if "lay-trom" in one]
    assert len(heard) <= len(passed), (name, heard, passed)
    # A second request in the line is its sender's own, and nginx knows that: for the name it says.
    assert not stolen or any('"GET ' in line for line in passed)


def test_nothing_of_the_portal_is_held(nginx: Nginx) -> None:
    number = iter(range(1000))

    def plane(_environ: dict[str, Any], start: Any) -> list[bytes]:
        # A plane that says "hold it" is not obeyed either: nothing of the portal is.
        cacheable = [("Cache-Control", "public, max-age=600"), ("Content-Type", "text/html")]
        start("200 OK", [*cacheable, ("Set-Cookie", "sessionid=bi-mat"), ("Vary", "Cookie")])
        return [f"page {next(number)}".encode()]

    with served(nginx.portal, plane):
        for path in ("/", "/x.css", "/cases/1/", "/static/../cases/1/", "/static/x.css"):
            first, second = nginx.secure(PORTAL, path), nginx.secure(PORTAL, path)
            assert first.body != second.body, path
    assert not any(b"bi-mat" in entry for entry in keys_held(nginx))
    for entry in (nginx.folder / "cache").rglob("*"):
        assert not entry.is_file() or b"bi-mat" not in entry.read_bytes()


def test_a_cookie_of_the_public_plane_would_not_be_held_for_others(nginx: Nginx) -> None:
    """It sets none; should it ever, nginx holds no answer that has one."""

    def plane(_environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("Cache-Control", "public, max-age=60"), ("Set-Cookie", "a=bi-mat")])
        return [b"for one"]

    with served(nginx.public, plane):
        assert nginx.of("192.0.2.10", "/co-cookie").status == 200
    assert not any(b"/co-cookie" in key for key in keys_held(nginx))


def raw(nginx: Nginx, host: str, request: bytes) -> bytes:
    """Send bytes over TLS, and return all that comes within a few seconds."""
    context = ssl.create_default_context(cafile=str(nginx.folder / "cert.pem"))
    plain = socket.create_connection(("127.0.0.1", nginx.https), timeout=120)
    with context.wrap_socket(plain, server_hostname=host) as line:
        line.sendall(request)
        line.settimeout(0.5)
        came = b""
        try:
            while piece := line.recv(65_536):
                came += piece
        except (TimeoutError, OSError):
            pass
        return came
