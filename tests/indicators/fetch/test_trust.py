"""A certificate of ours: shown to a server that asks, and refused where it cannot be used."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import parse_target
from quetsach.indicators.fetch.trust import ClientCertificate, client_tls
from quetsach.pushes.requests import Patience, PushClient
from tests.indicators.fetch.authority import Authority
from tests.indicators.fetch.servers import Said, Serving, serving
from tests.pushes.pushed import Waited


@pytest.fixture
def office(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


def asking(authority: Authority) -> Callable[[Any], Any]:
    """Return what has a server ask for a certificate of `authority`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_file = authority.issue("hook.example")
    context.load_cert_chain(server_file, server_file.with_suffix(".key"))
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    return lambda plain: context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)


def test_a_server_that_asks_for_a_certificate_gets_ours(office: Authority) -> None:
    file = office.issue("office-a.example")
    joined = file.with_name("joined.pem")
    joined.write_bytes(file.read_bytes() + file.with_suffix(".key").read_bytes())
    joined.chmod(0o600)
    known = (ClientCertificate(file, file.with_suffix(".key")), ClientCertificate(joined))
    with serving(lambda _asked: Said(b"{}"), asking(office)) as server:
        for certificate in known:
            assert client(server, office, certificate).post("/", b"{}").status == 200


def test_a_server_that_misses_our_certificate_is_told_of_and_not_asked_again(
    office: Authority, tmp_path: Path
) -> None:
    # One whose signature is wrong, and one that nobody there has heard of.
    forged = Authority(tmp_path / "forged").issue("office-a.example")
    stranger = Authority(tmp_path / "other", "other.example").issue("office-a.example")
    shown = [None, *(ClientCertificate(one, one.with_suffix(".key")) for one in (forged, stranger))]
    waited = Waited()
    with serving(lambda _asked: Said(b"{}"), asking(office)) as server:
        for certificate in shown:
            with pytest.raises(QuetsachError, match="--cert-file") as caught:
                client(server, office, certificate, waited.patience()()).post("/", b"{}")
            assert caught.value.problem.code == "E213"
        assert server.asked == []
    assert waited.waits == []


def client(
    server: Serving,
    authority: Authority,
    certificate: ClientCertificate | None,
    patience: Patience | None = None,
) -> PushClient:
    target = parse_target(server.address)
    patience = patience or Waited().patience()()
    return PushClient(target, {}, patience, authority.file, certificate)


def test_a_key_that_cannot_be_used_is_refused_before_anything_is_sent(office: Authority) -> None:
    locked = office.issue("locked.example", passphrase=b"secret")
    readable = office.issue("readable.example")
    readable.with_suffix(".key").chmod(0o644)
    lone = office.issue("lone.example")
    other = office.issue("other.example").with_suffix(".key")
    wrong = {
        ClientCertificate(locked, locked.with_suffix(".key")): "--cert-file",
        ClientCertificate(readable, readable.with_suffix(".key")): "--cert-key-file.*chmod 600",
        ClientCertificate(lone, other): "--cert-file",
        ClientCertificate(office.folder / "none.pem"): "--cert-file",
        ClientCertificate(other): "--cert-file",
    }
    for certificate, reason in wrong.items():
        with pytest.raises(QuetsachError, match=f"E601 {reason}"):
            client_tls(None, certificate)
