"""The address of a page from a Host header and a request target."""

import pytest

from quetsach.formats.shared.values import host_of, page


@pytest.mark.parametrize(
    ("host", "target", "full", "domain"),
    [
        ("bad.example", "/gate.php?id=1", "http://bad.example/gate.php?id=1", "bad.example"),
        ("bad.example:8080", "/x", "http://bad.example:8080/x", "bad.example"),
        ("bad.example", None, "http://bad.example/", "bad.example"),
        ("bad.example", "*", "http://bad.example", "bad.example"),
        ("bad.example", "no-slash", "http://bad.example/no-slash", "bad.example"),
        ("proxy.example", "http://bad.example:80/x", "http://bad.example:80/x", "bad.example"),
        ("proxy.example", "HTTPS://u:p@bad.example/x", "HTTPS://u:p@bad.example/x", "bad.example"),
        (None, "bad.example:443", "bad.example:443", "bad.example"),
        (None, "[2001:db8::77]:443 /", "[2001:db8::77]:443", "2001:db8::77"),
        ("[2001:db8::77]:80", "/x", "http://[2001:db8::77]:80/x", "2001:db8::77"),
        (None, "/x", None, None),
        (None, None, None, None),
    ],
)
def test_a_page_is_put_together(
    host: str | None, target: str | None, full: str | None, domain: str | None
) -> None:
    assert page(host, target) == (full, domain)


def test_a_bare_address_of_ipv6_is_its_own_host() -> None:
    assert host_of("2001:db8::77") == "2001:db8::77"
    assert host_of("[2001:db8::77") == "2001:db8::77"
