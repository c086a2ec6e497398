"""The shipped nginx before both planes: who asks, what is logged, what stays up."""

import re
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from quetsach_public.app import Application
from quetsach_public.limits import BURST, RATE
from quetsach_public.pages.campaign import texts
from quetsach_public.responses import own_reply
from tests.public.made import NOW, made_home
from tests.public.proxied import DEPLOY, PORTAL, PUBLIC, Nginx, running

PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/bin")
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="NGINX IS NOT HERE: the shipped configuration was not tried"
)
SPOOFED = "\n".join(
    f"{name}: 192.0.2.10"
    for name in ("X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "X_Forwarded_For")
)

SLOWED = "X-Accel-Limit-Rate"
LONG = 1 << 20


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None: ...


@contextmanager
def served(port: int, application: Any) -> Iterator[None]:
    with make_server("127.0.0.1", port, application, _Threads, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def echo(environ: dict[str, Any], start: Any) -> list[bytes]:
    told = "\n".join(f"{key}={environ[key]}" for key in sorted(environ) if key.startswith("HTTP_"))
    start("200 OK", [("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff")])
    return [told.encode()]


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    assert PROGRAM is not None
    with running(tmp_path_factory.mktemp("nginx"), PROGRAM) as one:
        yield one


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Application:
    home = tmp_path_factory.mktemp("public") / "home"
    return Application(made_home(home, "127.0.0.1"), now=lambda: NOW)


@pytest.fixture
def public(nginx: Nginx, plane: Application) -> Iterator[None]:
    with served(nginx.public, plane):
        yield


@pytest.mark.asvs("V4.1.3")
@pytest.mark.usefixtures("public")
def test_R4_the_address_is_the_connections_whatever_a_caller_writes(nginx: Nginx) -> None:
    assert b"Mirai" in nginx.of("192.0.2.10", "/kiem-tra").body
    page = nginx.of("192.0.2.77", "/kiem-tra", f"{SPOOFED}\nForwarded: for=192.0.2.10")
    assert page.status == 200
    assert b"Mirai" not in page.body
    assert b"Mirai" not in nginx.of("2001:db8::1", "/kiem-tra", SPOOFED).body


@pytest.mark.usefixtures("public")
def test_a_slip_has_the_port_of_the_connection_whatever_a_caller_writes(nginx: Nginx) -> None:
    lines = "X-Client-Port: 1\nREMOTE-PORT: 2\nContent-Length: 0"
    page = nginx.secure(PUBLIC, "/nha-mang", lines, "POST").body.decode()
    assert texts("vi")["carrier"]["said"]["no-address"] in page
    page = nginx.of("198.51.100.7", "/nha-mang", lines, "POST").body.decode()
    assert "<dd>198.51.100.7</dd>" in page
    # The helper's PROXY line says that the caller's port is 1024.
    assert "<dd>1024</dd>" in page


@pytest.mark.usefixtures("public")
def test_P3_logs_hold_no_whole_address_and_no_query(nginx: Nginx) -> None:
    for address, cut in (
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:12:34::56", "2001:db8:12::"),
        ("2001:db8::56:78", "2001:db8::"),
        ("2001:db8:12::9", "2001:db8:12::"),
    ):
        page = nginx.of(address, "/tham-gia?ma=TC17-bimat", "Referer: https://a/bimat")
        assert page.status == 200
        nginx.wait_for_log(f"\n{cut} [")
    for path, shown in (("/van-ban/bimat", "/van-ban"), ("/km/check/bimat", "/km/check")):
        nginx.of("192.0.2.77", path)
        nginx.wait_for_log(f'"GET {shown}"')
    nginx.of("192.0.2.77", f"/{'bimat' * 9}")
    nginx.wait_for_log('"GET -" 404')
    nginx.of("192.0.2.77", "/tham-gia", "Content-Length: 100000", "POST")
    nginx.secure(PORTAL, "/join/bimat0123456789abcdef")
    nginx.wait_for_log('"GET /join"')
    for address in (
        *("/account/invitation/bimat/", "/account/password/reset/key/1-bimat/", "/slip/?ma=bimat"),
        *("/calendar/bimat.ics", "/alert/1/bimat/", "/notice/1/bimat/", "/mail-off/1/bimat/"),
        *("/check/bimat/", "/account/oidc/sso/login/callback/?code=bimat", "/x?a=b#bimat"),
    ):
        nginx.secure(PORTAL, address, "Referer: https://baocao.example/join/bimat")
    nginx.wait_for_log('"GET /x"')
    written = nginx.written()
    for secret in (b"192.0.2.77", b"12:34", b"56:78", b"bimat"):
        assert secret not in written


@pytest.mark.usefixtures("public")
def test_the_strict_headers_are_there_once(nginx: Nginx) -> None:
    for path in ("/", "/kiem-tra", "/khong-co", "/static/x"):
        page = nginx.secure(PUBLIC, path)
        for name in (
            *("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"),
            *("Referrer-Policy", "Cache-Control"),
        ):
            assert len(page.all(name)) == 1, (path, name)
        assert page.one("Server") == "nginx"


@pytest.mark.asvs("V4.1.2")
def test_a_program_without_tls_is_led_nowhere(nginx: Nginx) -> None:
    for path in ("/api/v1/units", "/lists/1/rpz", "/metrics"):
        said = nginx.plain(f"GET {path} HTTP/1.0\r\nHost: {PORTAL}\r\n\r\n".encode())
        assert said.startswith(b"HTTP/1.1 403"), path
        assert b"Location:" not in said


@pytest.mark.asvs("V12.1.1", "V12.1.2")
@pytest.mark.parametrize("host", [PUBLIC, PORTAL])
def test_old_tls_and_weak_suites_are_refused(nginx: Nginx, host: str) -> None:
    context = ssl.create_default_context(cafile=str(nginx.folder / "cert.pem"))
    context.set_ciphers("ECDHE-ECDSA-AES256-SHA:AES128-SHA:AES128-GCM-SHA256:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(OSError, match=r"(?i)handshake|alert|eof"):
        _shaken(nginx, context, host)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=str(nginx.folder / "cert.pem"))
        context.minimum_version = context.maximum_version = version
        name, _protocol, bits = _shaken(nginx, context, host)
        assert bits >= 128
        assert "GCM" in name or "CHACHA20" in name


def _shaken(nginx: Nginx, context: ssl.SSLContext, host: str) -> tuple[str, str, int]:
    plain = socket.create_connection(("127.0.0.1", nginx.https), timeout=60)
    with context.wrap_socket(plain, server_hostname=host) as line:
        cipher = line.cipher()
    assert cipher is not None
    return cipher


@pytest.mark.asvs("V12.1.1", "V3.5.4")
def test_the_shipped_file_names_modern_tls_alone_and_two_hosts() -> None:
    text = (DEPLOY / "nginx/nginx.conf").read_text("utf-8")
    assert re.findall(r"ssl_protocols ([^;]+);", text) == ["TLSv1.2 TLSv1.3"]
    served = re.findall(r"server_name (\S+);", text)
    assert served == [PUBLIC, PORTAL]


@pytest.mark.asvs("V12.2.1")
def test_http_leads_to_https_and_other_names_to_nothing(nginx: Nginx) -> None:
    for host in (PUBLIC, PORTAL):
        said = nginx.plain(f"GET /lam-sach?a=1 HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        assert said.startswith(b"HTTP/1.1 301")
        assert f"Location: https://{host}/lam-sach?a=1\r\n".encode() in said
    with pytest.raises(ConnectionResetError):
        nginx.plain(b"GET / HTTP/1.0\r\nHost: khac.example\r\n\r\n")
    with pytest.raises(OSError, match=r"(?i)unrecognized|alert|eof"):
        nginx.secure("khac.example", "/")


@pytest.mark.usefixtures("public")
def test_pages_for_all_are_held_and_answers_for_one_are_not(nginx: Nginx) -> None:
    for gzip in ("", "Accept-Encoding: br, gzip"):
        page = nginx.of("192.0.2.77", "/lam-sach/windows", gzip)
        assert (page.status, page.all("Content-Encoding")) == (200, ["gzip"] if gzip else [])
        again = nginx.of(
            "192.0.2.78", "/lam-sach/windows", f"{gzip}\nIf-None-Match: {page.one('ETag')}"
        )
        assert (again.status, again.body) == (304, b"")
    assert "no-store" in nginx.of("192.0.2.77", "/kiem-tra").one("Cache-Control")
    head = nginx.of("192.0.2.77", "/lam-sach/windows", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_the_public_page_stays_up_when_the_portal_is_down(nginx: Nginx, public: None) -> None:
    away = nginx.secure(PORTAL, "/", method="POST")
    assert (away.status, away.one("Retry-After")) == (503, "30")
    assert "Cổng báo cáo tạm thời không trả lời" in away.body.decode()
    assert nginx.secure(PORTAL, "/busy.css").status == 200
    for path in ("/", "/kiem-tra", "/tham-gia"):
        assert nginx.secure(PUBLIC, path).status == 200
    assert b'"listed": 2' in nginx.secure(PUBLIC, "/health").body
    for path in ("/health", "//health", "/%68ealth", "/./health"):
        assert nginx.of("192.0.2.77", path).status == 403
    for path in ("/en/health", "/health/", "/km/%2e%2e/health/x"):
        assert nginx.of("192.0.2.77", path).status == 404


def test_when_the_plane_is_away_pages_are_shown_and_the_rest_says_busy(
    nginx: Nginx, plane: Application
) -> None:
    with served(nginx.public, plane):
        assert nginx.of("192.0.2.77", "/km").status == 200
    for entry in (nginx.folder / "cache").rglob("*"):
        assert not entry.is_file() or b"\nKEY: /kiem-tra" not in entry.read_bytes()
    assert nginx.of("192.0.2.77", "/km").status == 200
    busy = nginx.of("192.0.2.77", "/kiem-tra")
    assert (busy.status, busy.one("Retry-After")) == (503, "10")
    assert "Trang đang bận hoặc đang bảo trì" in busy.body.decode()
    assert len(busy.all("Content-Security-Policy")) == 1
    assert nginx.of("192.0.2.77", "/busy.css").one("Content-Type") == "text/css"


def test_R2_what_the_plane_slows_is_held_back_here(nginx: Nginx) -> None:
    reply = own_reply(b"x" * LONG).slowed(is_held=True)

    def slower(environ: dict[str, Any], start: Any) -> list[bytes]:
        """Answer as the plane does, at a rate that keeps the rest back for minutes."""

        def begin(status: str, headers: list[tuple[str, str]]) -> None:
            start(status, [(name, "4096" if name == SLOWED else said) for name, said in headers])

        return reply.send(environ, begin)

    with (
        served(nginx.public, slower),
        socket.create_connection(("127.0.0.1", nginx.told), timeout=120) as line,
    ):
        line.sendall(b"PROXY TCP4 192.0.2.77 127.0.0.1 1024 443\r\n")
        line.sendall(f"GET /kiem-tra HTTP/1.1\r\nHost: {PUBLIC}\r\n\r\n".encode())
        came = b""
        while b"\r\n\r\nx" not in came:
            came += line.recv(LONG)
        line.settimeout(0.2)
        with suppress(TimeoutError):
            while more := line.recv(LONG):
                came += more
    head, _, body = came.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"Limit-Rate" not in head
    assert len(body) < LONG


def test_what_the_portal_is_told_of_its_caller(nginx: Nginx) -> None:
    with served(nginx.portal, echo):
        said = nginx.secure(PORTAL, "/", f"{SPOOFED}\nX-Forwarded-Host: xau.example\nCookie: a=b")
    lines = dict(one.split("=", 1) for one in said.body.decode().splitlines())
    assert lines["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert lines["HTTP_X_FORWARDED_PROTO"] == "https"
    assert (lines["HTTP_HOST"], lines["HTTP_COOKIE"]) == (PORTAL, "a=b")
    assert not {"HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED"} & lines.keys()
    assert len(said.all("X-Content-Type-Options")) == 1
    assert len(said.all("Strict-Transport-Security")) == 1


def test_the_plane_hears_how_a_file_is_pulled(nginx: Nginx) -> None:
    heard: list[dict[str, Any]] = []

    def files(environ: dict[str, Any], start: Any) -> list[bytes]:
        heard.append(environ)
        start("200 OK", [("Content-Type", "application/pdf"), ("Cache-Control", "public")])
        return [b"%PDF"]

    with served(nginx.public, files):
        for start in ("", "/en", "/km"):
            path = f"{start}/tai-lieu/tep/a.pdf?ma=x"
            nginx.of("192.0.2.77", path, f"{SPOOFED}\nRange: bytes=0-0\nIf-None-Match: y")
            nginx.of("192.0.2.77", path, method="HEAD")
            part, head = heard[-2:]
            assert (part["HTTP_RANGE"], part["HTTP_IF_NONE_MATCH"]) == ("bytes=0-0", "y")
            assert part["HTTP_X_FORWARDED_FOR"] == "192.0.2.77"
            assert head["REQUEST_METHOD"] == "HEAD"


@pytest.mark.usefixtures("public")
def test_what_no_browser_sends_is_turned_away(nginx: Nginx) -> None:
    big = f"X-A: {'a' * 40_000}"
    assert nginx.of("192.0.2.77", "/", big).status == 400
    assert nginx.of("192.0.2.77", f"/{'a' * 40_000}").status == 414
    assert nginx.of("192.0.2.77", "/tham-gia", "Content-Length: 9000", "POST").status == 413
    assert nginx.of("192.0.2.77", "/", "Range: bytes=0-0,1-1,2-2").status in (200, 206)


@pytest.mark.usefixtures("public")
def test_forms_come_through_whole_and_those_of_other_sites_do_not(nginx: Nginx) -> None:
    for lines, status in (
        ("", 422),
        (f"Origin: https://{PUBLIC}", 422),
        ("Origin: https://xau.example", 403),
        (f"Origin: http://{PUBLIC}", 403),
        ("Sec-Fetch-Site: cross-site", 403),
    ):
        sent = f"{lines}\nContent-Length: 30"
        assert nginx.secure(PUBLIC, "/tu-danh-gia", sent, "POST").status == status


def test_folders_that_nginx_writes_are_made_by_debians_package() -> None:
    text = (DEPLOY / "nginx" / "nginx.conf").read_text()
    (cache,) = re.findall(r"proxy_cache_path (\S+)", text)
    assert Path(cache).parent == Path("/var/lib/nginx")


def test_R1_the_outer_guard_is_wider_than_the_inner_limit() -> None:
    text = (DEPLOY / "nginx" / "nginx.conf").read_text()
    (rate,) = re.findall(r"zone=public_asks:\w+ rate=(\d+)r/s", text)
    (burst,) = re.findall(r"limit_req zone=public_asks burst=(\d+) nodelay", text)
    workers = 2
    assert int(burst) >= workers * BURST
    assert int(rate) > RATE
