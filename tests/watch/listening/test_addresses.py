"""Where a watch listens is told by an address and nothing that may change."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.watch.listening.addresses import ListenKind, dnstap_address, listen_address


@pytest.mark.parametrize(
    ("written", "kind", "host", "port", "slug"),
    [
        ("udp://10.0.0.5:5514", ListenKind.UDP, "10.0.0.5", 5514, "udp-10.0.0.5-5514"),
        ("udp://10.0.0.5", ListenKind.UDP, "10.0.0.5", 514, "udp-10.0.0.5-514"),
        ("tcp://[2001:db8::5]:601", ListenKind.TCP, "2001:db8::5", 601, "tcp-2001_db8_5-601"),
        ("tcp://localhost:601/", ListenKind.TCP, "127.0.0.1", 601, "tcp-127.0.0.1-601"),
        ("tcp://[::]", ListenKind.TCP, "::", 514, "tcp--514"),
    ],
)
def test_syslog_comes_at_an_address(
    written: str, kind: ListenKind, host: str, port: int, slug: str
) -> None:
    address = listen_address(written)
    assert (address.kind, address.host, address.port, address.slug) == (kind, host, port, slug)


def test_tls_names_its_files() -> None:
    address = listen_address("tls://10.0.0.5?cert=/etc/s.pem&key=/etc/s.key&ca=ca.pem")
    assert address.port == 6514
    assert (address.certificate, address.key, address.authority) == (
        Path("/etc/s.pem"),
        Path("/etc/s.key"),
        Path("ca.pem"),
    )


@pytest.mark.parametrize("written", ["unix:/run/q/tap.sock", "unix:///run/q/tap.sock"])
def test_dnstap_comes_at_a_unix_socket(written: str) -> None:
    address = dnstap_address(written)
    assert (address.path, address.mode, address.group) == (Path("/run/q/tap.sock"), 0o660, "")
    assert address.slug == "dnstap-run_q_tap.sock"
    other = dnstap_address(f"{written}?mode=0666&group=bind")
    assert (other.path, other.mode, other.group) == (Path("/run/q/tap.sock"), 0o666, "bind")


@pytest.mark.parametrize(
    "written",
    [
        *(
            "10.0.0.5:514",
            "http://10.0.0.5",
            "udp://",
            "udp://10.0.0.5:70000",
            "udp://host.example",
        ),
        *("tls://10.0.0.5", "tls://10.0.0.5?cert=a", "tcp://10.0.0.5?cert=a&key=b"),
        *("udp://10.0.0.5:x", "tls://10.0.0.5?cert=&key=b", "udp://10.0.0.5/path", "unix:/a"),
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(QuetsachError, match="E507"):
        listen_address(written)


@pytest.mark.parametrize(
    "written", ["/run/tap.sock", "unix:", "unix:/a?mode=999", "unix:/a?mode=6", "unix:/a?user=x"]
)
def test_what_is_no_unix_socket_is_refused(written: str) -> None:
    with pytest.raises(QuetsachError, match="E507"):
        dnstap_address(written)
