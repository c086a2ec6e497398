"""Packed addresses: four bytes each, the least first, the same for both sieves on any machine."""

import sys
from array import array
from collections import Counter
from ipaddress import IPv4Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from quetsach.sieve.address_sets import bitmap, by_count, packed, parsed, unpacked

ADDRESSES = [0, 1, 0x0A00_0005, 0xC0A8_0101, 0xFFFF_FFFF]


def test_addresses_are_packed_in_rising_order() -> None:
    assert packed([0x0A00_0005, 1]) == b"\x01\x00\x00\x00\x05\x00\x00\x0a"
    assert packed([]) == b""


def test_texts_are_read_back_and_what_is_no_ipv4_address_is_left_out() -> None:
    texts = [str(IPv4Address(one)) for one in ADDRESSES]
    others = [
        "",
        "fd00::5",
        "10.0.0",
        "1.2.3.4.5",
        "10.0.0.256",
        "10.0.0.-1",
        "a.b.c.d",
        "10.0.0.x",
    ]
    assert parsed([*texts, *others]) == BitMap(ADDRESSES)


def test_what_was_packed_comes_back() -> None:
    content = packed(reversed(ADDRESSES))
    assert list(unpacked(content)) == ADDRESSES
    assert bitmap(content) == BitMap(ADDRESSES)
    assert not bitmap(b"")


def test_the_order_of_the_machine_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = array("I", ADDRESSES)
    turned.byteswap()
    monkeypatch.setattr(sys, "byteorder", "big" if sys.byteorder == "little" else "little")
    assert unpacked(packed(ADDRESSES)) == turned


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 12)), max_size=30))
def test_each_address_is_counted_in_as_many_sets_as_hold_it(sets: list[set[int]]) -> None:
    counts = Counter(address for one_set in sets for address in one_set)
    bitmaps = [BitMap(one_set) for one_set in sets]
    counted = by_count(bitmaps)
    assert {address: count for count, found in counted.items() for address in found} == counts
    assert all(counted.values())
    assert [set(one) for one in bitmaps] == sets
