"""Requests: to one host only, verified, bounded, and silent about secrets."""

import datetime
import ipaddress
import ssl
import threading
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import (
    Credentials,
    FetchBounds,
    FetchedList,
    HttpClient,
    follow_link,
    parse_target,
    write_list,
)
from tests.cli.running import names_in
from tests.indicators.fetch.servers import Asked, Said, serving


def client(address: str, **more: Any) -> HttpClient:
    return HttpClient(parse_target(address), {}, **more)


def code(asked: HttpClient) -> str:
    with pytest.raises(QuetsachError) as caught:
        asked.get(asked.address)
    return caught.value.problem.code


def test_an_answer_comes_back_whole() -> None:
    body = bytes(range(256)) * 5000
    with serving(lambda _asked: Said(body, headers={"X-Some": "a"})) as server:
        asked = client(server.address + "/a?b=c")
        answer = asked.get(asked.address)
    assert answer.body == body
    assert answer.headers["x-some"] == "a"
    assert server.asked[0].path == "/a?b=c"
    assert asked.received == len(body)


def test_a_redirect_is_followed_on_the_same_host() -> None:
    def answer(asked: Asked) -> Said:
        moved = Said(status=302, headers={"Location": "/b"})
        return moved if asked.path == "/a" else Said(b"there")

    with serving(answer) as server:
        asked = client(server.address + "/a")
        assert asked.get(asked.address).body == b"there"


@pytest.mark.asvs("V1.3.6", "V15.3.2")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_refused_and_that_host_never_asked(status: int) -> None:
    with serving(lambda _asked: Said(b"theirs")) as other:
        moved = Said(status=status, headers={"Location": other.address + "/"})
        with serving(lambda _asked: moved) as server:
            asked = client(server.address + "/")
            assert code(asked) == "E214"
            with pytest.raises(QuetsachError) as caught:
                asked.post(asked.address, b"{}")
            assert caught.value.problem.code == "E214"
        assert other.asked == []


def test_a_redirect_without_end_or_without_aim_is_refused() -> None:
    for location in ("/a", ""):
        with serving(
            lambda _asked, to=location: Said(status=302, headers={"Location": to})
        ) as server:
            assert code(client(server.address + "/a")) == "E216"
            assert len(server.asked) == 6


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _asked: Said(b"proxy")) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        with serving(lambda _asked: Said(b"server")) as server:
            asked = client(server.address)
            assert asked.get(asked.address).body == b"server"
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, "E215"), (403, "E215"), (404, "E216"), (500, "E216"), (204, "E216"), (206, "E216")],
)
def test_a_refusal_says_whose_it_is(status: int, expected: str) -> None:
    with serving(lambda _asked: Said(b"", status=status)) as server:
        assert code(client(server.address)) == expected


def test_an_answer_too_large_is_given_up_in_time() -> None:
    with serving(lambda _asked: Said(b"a" * 1_000_000)) as server:
        asked = client(server.address, bounds=FetchBounds(largest=100_000))
        assert code(asked) == "E216"
        assert asked.received < 300_000


def test_all_answers_together_are_bounded() -> None:
    with serving(lambda _asked: Said(b"a" * 60_000)) as server:
        asked = client(server.address, bounds=FetchBounds(largest=100_000))
        asked.get(asked.address)
        assert code(asked) == "E216"


def test_a_server_that_never_ends_is_given_up() -> None:
    go = threading.Event()
    endless = Said(b"a", headers={"Content-Length": "100"}, drip=lambda: go.wait(20) or None)
    with serving(lambda _asked: endless) as server:
        waiting = client(server.address, bounds=FetchBounds(wait_s=0.2))
        assert code(waiting) == "E213"
        cut_off = client(server.address, bounds=FetchBounds(wait_s=20, request_s=0.2))
        assert code(cut_off) == "E213"
        go.set()


def test_an_answer_without_a_length_that_is_cut_off_by_us_is_no_answer() -> None:
    go = threading.Event()
    raw = Said(b"a", headers={"Transfer-Encoding": "identity"}, drip=lambda: go.wait(20) or None)
    with serving(lambda _asked: raw) as server:
        assert code(client(server.address, bounds=FetchBounds(wait_s=20, request_s=0.2))) == "E213"
        go.set()


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-server\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1 two OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
        b"",
    ],
)
def test_what_is_no_good_http_is_no_answer(raw: bytes) -> None:
    with serving(lambda _asked: Said(raw=raw)) as server:
        assert code(client(server.address)) in ("E213", "E216")


def test_a_closed_port_is_unreachable() -> None:
    with serving(lambda _asked: Said()) as server:
        address = server.address
    assert code(client(address)) == "E213"


def test_another_host_than_the_named_one_is_never_asked() -> None:
    with serving(lambda _asked: Said()) as server, serving(lambda _asked: Said()) as other:
        asked = client(server.address)
        with pytest.raises(QuetsachError) as caught:
            asked.get(parse_target(other.address))
        assert caught.value.problem.code == "E214"
        assert other.asked == []


def test_credentials_are_sent_and_never_shown() -> None:
    who = Credentials("unit", "mật:khẩu")
    name, value = next(iter(who.header("Bearer").items()))
    assert (name, b64decode(value.removeprefix("Basic ")).decode()) == (
        "Authorization",
        "unit:mật:khẩu",
    )
    assert Credentials(token="abc").header("Bearer") == {"Authorization": "Bearer abc"}
    assert Credentials(token="abc").header("") == {"Authorization": "abc"}
    assert Credentials().header("Bearer") == {}
    assert "khẩu" not in repr(who)
    assert "abc" not in repr(Credentials(token="abc"))


@pytest.mark.parametrize("secret", ["a\r\nX-Other: 1", "a\x00", "a" * 5000])
def test_a_secret_of_more_than_one_line_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        Credentials(token=secret)
    assert caught.value.problem.code == "E601"
    assert secret not in str(caught.value)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return the file of a certificate for 127.0.0.1 that signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "taxii.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_only_a_certificate_that_is_trusted_is_talked_to(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def wrap(plain: Any) -> Any:
        return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)

    with serving(lambda _asked: Said(b"secret list"), wrap) as server:
        assert server.address.startswith("https://")
        assert code(client(server.address)) == "E213"
        assert server.asked == []
        trusting = client(server.address, ca_file=certificate)
        assert trusting.get(trusting.address).body == b"secret list"
    assert code(client("https://127.0.0.1:1/", ca_file=certificate.parent / "none")) == "E601"


def code_of_address(text: str) -> str:
    with pytest.raises(QuetsachError) as caught:
        parse_target(text)
    return caught.value.problem.code


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("https://TAXII.example", "https://taxii.example/"),
        ("https://taxii.example:443/api/?x=1", "https://taxii.example/api/?x=1"),
        ("https://taxii.example:8443/api/#part", "https://taxii.example:8443/api/"),
        ("https://[2001:db8::5]:8443/", "https://[2001:db8::5]:8443/"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000/"),
        ("http://[::1]/", "http://[::1]/"),
        ("http://localhost/", "http://localhost/"),
    ],
)
def test_an_address_has_one_written_form(text: str, written: str) -> None:
    assert str(parse_target(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "http://taxii.example/",
        "http://203.0.113.7/",
        "http://127.0.0.1.example/",
        "ftp://taxii.example/",
        "file:///etc/passwd",
        "taxii.example",
        "https://",
        "https:///path",
        "https://taxii.example:99999/",
        "https://taxii.example:x/",
        "https://[::1/",
        "https://taxii.example/a b",
        "https://taxii.example/\r\nX-Other: 1",
        "https://taxii.example/\u1ea1",
        "https://taxii.example/" + "a" * 5000,
        "",
    ],
)
def test_what_is_no_safe_address_is_not_asked(text: str) -> None:
    assert code_of_address(text) == "E214"


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(QuetsachError) as caught:
        parse_target("https://unit:secret@taxii.example/")
    assert caught.value.problem.code == "E214"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "link", ["/b/", "c", "?next=1", "https://taxii.example/d", "//taxii.example"]
)
def test_a_link_on_the_same_host_is_followed(link: str) -> None:
    here = parse_target("https://taxii.example/a/")
    assert follow_link(link, here).origin == here.origin


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example/",
        "//other.example/",
        "https://taxii.example:8443/",
        "https://taxii.example.other.example/",
        "http://taxii.example/",
        "https://taxii.example@other.example/",
        "javascript:alert(1)",
    ],
)
def test_a_link_to_any_other_is_not(link: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        follow_link(link, parse_target("https://taxii.example/a/"))
    assert caught.value.problem.code == "E214"


FETCHED = FetchedList("stix", b"{}", 1, 1)


def test_a_list_is_written_with_its_digest(tmp_path: Path) -> None:
    write_list(FETCHED, tmp_path / "new" / "list.json")
    assert (tmp_path / "new" / "list.json").read_bytes() == b"{}"
    assert names_in(tmp_path / "new") == ["list.json"]
    assert FETCHED.sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_list_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_bytes(b"old")
    # A run that was killed behind the move left its aside.
    (tmp_path / ".list.json.part-79e9cd103225").write_bytes(b"old")
    with pytest.raises(QuetsachError) as caught:
        write_list(FETCHED, tmp_path / "list.json")
    assert caught.value.problem.code == "E601"
    assert (tmp_path / "list.json").read_bytes() == b"old"
    assert names_in(tmp_path) == ["list.json"]


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for target in (tmp_path / "file" / "list.json", tmp_path / ("a" * 300)):
        with pytest.raises(QuetsachError) as caught:
            write_list(FETCHED, target)
        assert caught.value.problem.code == "E406"
    assert names_in(tmp_path) == ["file"]


@pytest.mark.parametrize("link", ["https://[", "//[x", "http://[::1", "//]:0"])
def test_a_redirect_that_is_no_address_is_refused(link: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        follow_link(link, parse_target("https://feed.example/list"))
    assert caught.value.problem.code == "E214"


def test_a_token_that_no_header_can_hold_is_refused_without_being_shown() -> None:
    with pytest.raises(QuetsachError) as caught:
        Credentials(token="khóa-bí-mật")
    assert caught.value.problem.code == "E601"
    assert "mật" not in str(caught.value)
    assert Credentials("người", "mật").header("")["Authorization"].startswith("Basic ")
