"""The belt holds what is on it, below it, above it and around it; and a torn belt is refused."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.blocklists.never_block import (
    NeverBlockList,
    built_in,
    find_never_block,
    is_state_name,
    read_never_block,
)
from quetsach.errors.exceptions import QuetsachError
from tests.blocklists.making import indicators

TEXT = """\
# của đơn vị
huyen.example            # trang của huyện
*.xa.huyen2.example
203.0.113.1 ; cổng
198.51.100.0/25
192.0.2.10 - 192.0.2.13
2001:db8:53::/48
tài-khoản.example
"""
NEVER_BLOCK = read_never_block([("belt.txt", TEXT)], NeverBlockList())


@pytest.mark.parametrize(
    "value",
    [
        "huyen.example",
        "a.b.huyen.example",
        "xa.huyen2.example",
        "huyen2.example",
        "203.0.113.1",
        "203.0.113.0/24",
        "203.0.113.1:443",
        "198.51.100.127",
        "198.51.100.64/26",
        "198.51.100.0/24",
        "192.0.2.13",
        "192.0.2.12/30",
        "2001:db8:53::1",
        "2001:db8::/32",
        "[2001:db8:53::1]:53",
        "http://www.huyen.example/a",
        "http://203.0.113.1:8080/a",
        "tài-khoản.example",
    ],
)
def test_what_would_stop_something_on_the_belt_is_held(value: str) -> None:
    (one,) = indicators(value)
    assert NEVER_BLOCK.holds(one)


@pytest.mark.parametrize(
    "value",
    [
        "nothuyen.example",
        "huyen.example.net",
        "203.0.113.2",
        "198.51.100.128",
        "198.51.100.128/25",
        "192.0.2.14",
        "2001:db8:54::1",
        "http://bad.example/?u=huyen.example",
        "http://huyen2.example/a",
        "44d88612fea8a8f36de82e1278abb02f",
    ],
)
def test_what_only_looks_like_it_is_not_held(value: str) -> None:
    (one,) = indicators(value)
    assert not NEVER_BLOCK.holds(one)


@pytest.mark.parametrize("line", ["huyen", "203.0.113.300", "a b c", "http://x.example/", "::/129"])
def test_a_line_that_cannot_be_read_refuses_the_whole_belt(line: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_never_block([("belt.txt", f"huyen.example\n{line}\n")], NeverBlockList())
    assert caught.value.problem.code == "E242"
    assert "2" in str(caught.value)
    assert line in str(caught.value)


@given(st.integers(0, 2**32 - 1), st.integers(8, 32), st.integers(0, 2**32 - 1), st.integers(8, 32))
def test_overlap_of_networks_is_what_the_library_says(a: int, m: int, b: int, n: int) -> None:
    own = ipaddress.ip_network((a >> (32 - m) << (32 - m), m))
    other = ipaddress.ip_network((b >> (32 - n) << (32 - n), n))
    assert NeverBlockList(spans=(own,)).holds_span(other) == own.overlaps(other)


def test_everybody_wears_the_private_ranges_unless_they_are_meant() -> None:
    home = ipaddress.ip_address("192.168.1.1")
    assert built_in(accept_private=False).holds_span(home)
    assert not built_in(accept_private=True).holds_span(home)
    for accepted in (True, False):
        for resolver in ("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"):
            assert built_in(accept_private=accepted).holds_span(ipaddress.ip_address(resolver))


def test_names_of_the_state_are_known_on_label_borders() -> None:
    states = indicators("portal.gov.vn", "http://a.b.gov.vn/x", "chinhphu.vn")
    others = indicators("notgov.vn", "gov.vn.example", "203.0.113.7")
    assert all(is_state_name(one) for one in states)
    assert not any(is_state_name(one) for one in others)


@pytest.mark.parametrize(
    "line",
    [
        'local-zone: "mail.huyen.example." always_nxdomain',
        "address=/huyen2.example/",
        "||huyen.example^",
        "0.0.0.0 www.huyen.example",
        "*.huyen.example CNAME .",
        "32.1.113.0.203.rpz-ip CNAME .",
        "24.0.113.0.203.rpz-ip CNAME .",
        "48.zz.53.db8.2001.rpz-ip CNAME .",
        "128.1.zz.53.db8.2001.rpz-ip CNAME .",
        'dns.query; dotprefix; content:".huyen.example"; endswith;',
        "alert ip any any -> [192.0.2.99,203.0.113.1] any",
        "203.0.113.1/32 comment",
        "203.0.113.1,1,100",
        "203.0.113.0/24\tIntel::SUBNET",
        "www.huyen.example/page\tIntel::URL",
        "-RemoteAddress @('192.0.2.99','203.0.113.1')",
        "url_regex ^[a-z]+://www\\.huyen\\.example(:80|:443)?/a",
        "\t\t\t203.0.113.1 . 443 timeout 60s,",
        "add x 203.0.113.1,tcp:443 timeout 5",
        "198.51.100.7",
        "2001:db8:53::9",
    ],
)
def test_the_last_check_finds_the_belt_in_any_form(line: str) -> None:
    # Only files without pages begin a value with a slash, and only those with pages hold any.
    ways = (
        [True] if "/page" in line or "://" in line else [False] if "=/" in line else [True, False]
    )
    for pages in ways:
        assert list(find_never_block(line, NEVER_BLOCK, comment="#", pages=pages)), line


@pytest.mark.parametrize(
    "line",
    [
        "# huyen.example",
        "huyen.example CNAME rpz-passthru.",
        "0.0.0.0 bad.example",
        ":: bad.example",
        "hacked.example/a?u=http://www.huyen.example/&v=203.0.113.1\tIntel::URL",
        "url_regex ^[a-z]+://hacked\\.example(:80|:443)?/www\\.huyen\\.example([/?&]|$)",
        'http.host; content:"hacked.example"; http.uri.raw; content:"/www.huyen.example";',
        "@ IN SOA localhost. nobody.invalid. 1789174800 3600 600 864000 60",
        "hashsize 1024;",
    ],
)
def test_the_last_check_is_not_alarmed_by_what_stops_nothing_of_it(line: str) -> None:
    assert list(find_never_block(line, NEVER_BLOCK, comment="#", pages=True)) == []


def test_where_names_are_led_to_is_no_address_that_is_stopped() -> None:
    line = "address=/bad.example/203.0.113.1"
    assert list(find_never_block(line, NEVER_BLOCK, comment="#", pages=False)) == [
        line.partition("=")[2]
    ]
    assert (
        list(
            find_never_block(line, NEVER_BLOCK, comment="#", pages=False, answers=("203.0.113.1",))
        )
        == []
    )


@pytest.mark.parametrize("value", ["64:ff9b::808:808", "64:ff9b::/96"])
def test_no_address_is_blocked_by_way_of_its_translation(value: str) -> None:
    (one,) = indicators(value)
    assert built_in(accept_private=False).holds(one)
