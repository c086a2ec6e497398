"""Web addresses have one form, and lie under another at borders only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.urls import covers, parse_url, split_port


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("http://Bad.Example/Path?Q=1#top", "bad.example/Path?Q=1"),
        ("https://bad.example:443/a", "bad.example/a"),
        ("http://bad.example:80", "bad.example/"),
        ("http://bad.example:8080/a", "bad.example:8080/a"),
        ("bad.example/a", "bad.example/a"),
        ("ftp://bad.example:21/a", "bad.example/a"),
        ("http://user:word@bad.example/a", "bad.example/a"),
        ("http://[2001:DB8::1]:8080/a", "[2001:db8::1]:8080/a"),
        ("http://::ffff:203.0.113.7/a", "203.0.113.7/a"),
        ("https://đăng-nhập.example/a", "xn--ng-nhp-h0a5i0412a.example/a"),
        ("http://bad.example?x=1", "bad.example/?x=1"),
    ],
)
def test_url_has_one_form_without_its_scheme(written: str, key: str) -> None:
    url = parse_url(written)
    assert url is not None
    assert url.key == key


def test_shown_form_keeps_scheme_and_letters() -> None:
    url = parse_url("https://đăng-nhập.example:8443/a")
    assert url is not None
    assert url.shown == "https://đăng-nhập.example:8443/a"


@pytest.mark.parametrize(
    "written", ["", "http://", "http:///", "http://bad.example:99999/", "http://[2001:db8::1/a"]
)
def test_what_is_no_url_is_none(written: str) -> None:
    assert parse_url(written) is None


@pytest.mark.parametrize(
    ("prefix", "key", "under"),
    [
        ("bad.example/a", "bad.example/a", True),
        ("bad.example/a", "bad.example/a/b", True),
        ("bad.example/a", "bad.example/a?x=1", True),
        ("bad.example/a", "bad.example/ab", False),
        ("bad.example/a", "bad.example/", False),
        ("bad.example/", "bad.example/ab", True),
        ("bad.example/p?q=1", "bad.example/p?q=1&r=2", True),
        ("bad.example/p?q=1", "bad.example/p?q=12", False),
        ("bad.example/", "bad.example:8080/", False),
    ],
)
def test_prefix_ends_at_a_border(prefix: str, key: str, *, under: bool) -> None:
    assert covers(prefix, key) is under


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("bad.example:443", ("bad.example", 443)),
        ("bad.example", ("bad.example", None)),
        ("bad.example:", ("bad.example", None)),
        ("[2001:db8::1]:443", ("2001:db8::1", 443)),
        ("2001:db8::1", ("2001:db8::1", None)),
        ("bad.example:0", None),
        ("bad.example:65536", None),
        ("bad.example:x", None),
        ("[2001:db8::1]x", None),
    ],
)
def test_port_is_split_from_its_host(text: str, parts: tuple[str, int | None] | None) -> None:
    assert split_port(text) == parts


@given(st.text(max_size=200))
def test_a_logged_url_never_fails_and_keeps_its_form(text: str) -> None:
    url = parse_url(text, tolerant=True)
    if url is not None:
        assert url.rest.startswith("/")
        assert url.key.endswith(url.rest)
