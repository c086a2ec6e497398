"""Addresses and ports in the text of a request: whole, damaged by a scan, or none."""

import pytest

from quetsach.letters.holder_rows import ADDRESS, damaged_addresses, ports_in, split_cell


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("ip:203.0.113.5", ["203.0.113.5"]),
        ("dia chi ipv6:2001:db8::5, cong 1", ["2001:db8::5"]),
        ("[2001:db8::5]:443", ["[2001:db8::5]"]),
        ("::ffff:203.0.113.5", ["::ffff:203.0.113.5"]),
        ("http://203.0.113.5/a", []),
        ("luc 08:15:10", []),
        ("200l:db8::5", []),
        ("203.0.113.5.6", []),
    ],
)
def test_addresses_are_found_whole(text: str, addresses: list[str]) -> None:
    assert [match[0] for match in ADDRESS.finditer(text)] == addresses


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        ("- 203.o.113.5:40112", ["203.o.113.5"]),
        ("ip:203.0.l13.5 cong", ["203.0.l13.5"]),
        ("203,0,113.5", ["203,0,113.5"]),
        ("203.0. 113.5", ["203.0. 113.5"]),
        ("203.0113.5", ["203.0113.5"]),
        ("2oo1:db8::5", ["2oo1:db8::5"]),
        ("ip:2001:db8::5", []),
        ("203.0.113.5", []),
        ("ngay 01.09.2026", []),
        ("1.000.000 dong", []),
        ("cac muc 1, 2, 3, 4", []),
        ("08:15:10", []),
        ("dieu 5.1.2 khoan 3", []),
    ],
)
def test_what_a_scan_made_of_an_address_is_seen(text: str, damaged: list[str]) -> None:
    assert list(damaged_addresses(text)) == damaged


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("cong nguon 40112", ["40112"]),
        ("port: 40112, cong dich 443", ["40112"]),
        ("cong 4o112", ["4o112"]),
        ("cong l0112", ["l0112"]),
        ("cong an tinh", []),
    ],
)
def test_a_port_is_taken_whole(text: str, ports: list[str]) -> None:
    assert ports_in(text) == ports


def test_the_port_behind_an_address_is_its_own() -> None:
    assert split_cell("203.0.113.5:40112 -> 198.51.100.7:443") == ("203.0.113.5", "40112")
    assert split_cell("[2001:db8::5]:443") == ("[2001:db8::5]", "443")
    assert split_cell("203.0.113.5; 203.0.113.6") == ("203.0.113.5; 203.0.113.6", "")
