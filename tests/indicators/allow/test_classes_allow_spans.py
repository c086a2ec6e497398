"""The table of spans gives what a walk over all of them gives."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.indicators.allow.classes import Span, SpanTable, span_of

NUMBERS = st.integers(0, 40)
SPANS = st.lists(
    st.tuples(st.just(4), NUMBERS, NUMBERS).filter(lambda one: one[1] <= one[2]), max_size=8
)


@given(st.lists(SPANS, max_size=5), SPANS)
def test_a_span_touches_the_lists_that_a_walk_finds(
    lists: list[list[Span]], asked: list[Span]
) -> None:
    table = SpanTable(lists)
    for span in asked:
        naive = {
            number
            for number, spans in enumerate(lists)
            if any(one[1] <= span[2] and span[1] <= one[2] for one in spans)
        }
        assert table.touching(span) == naive
    assert table.touching((6, 0, 40)) == set()


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_the_short_way_reads_networks_as_the_library_does(number: int, length: int) -> None:
    text = f"{ipaddress.IPv4Address(number)}/{length}"
    network = ipaddress.ip_network(text, strict=False)
    last = int(network.broadcast_address)
    assert span_of(text) == (4, int(network.network_address), last)


@pytest.mark.parametrize("text", ["198.51.100", "198.51.100.1/33", "198.51.100.1/x", "a", ""])
def test_what_is_no_span_is_none(text: str) -> None:
    assert span_of(text) is None


def test_other_spellings_are_read_too() -> None:
    assert span_of("198.51.100.0/255.255.255.0") == span_of("198.51.100.0/24")
    assert span_of("2001:db8::/126") == (6, 0x20010DB8 << 96, (0x20010DB8 << 96) + 3)
