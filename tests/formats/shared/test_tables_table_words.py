"""The addresses among the words of a line, whatever stands around them."""

from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.shared.tables import LineWords, words_of


def found(line: bytes) -> LineWords:
    words = words_of(line)
    assert words is not None
    return words


def test_brackets_names_and_zones_are_taken_off() -> None:
    words = found(b"? (10.20.3.41) at [00:17:a4:b2:c3:d4] fe80::1%en0 x=2001:DB8::1")
    assert words.addresses == ("10.20.3.41", "fe80::1", "2001:db8::1")
    assert words.macs == ("00-17-A4-B2-C3-D4",)
    assert words.leading
    assert not words.is_row


def test_masks_unset_addresses_and_networks_are_no_addresses() -> None:
    line = b"0.0.0.0 255.255.255.0 255.255.255.255 :: 10.20.3.0/24 10.20.3.41, 010.020.003.041"
    assert found(line).addresses == ()


def test_the_same_address_twice_is_one() -> None:
    words = found(b"10.20.3.41 (10.20.3.41) 0017.a4b2.c3d4 00:17:a4:b2:c3:d4")
    assert words.is_row


def test_an_address_late_in_a_sentence_does_not_lead() -> None:
    assert not found(b"login failure for user from 203.0.113.7 via ssh").leading


def test_a_line_too_long_for_a_row_is_not_looked_at() -> None:
    assert words_of(b"10.20.3.41 " * 1_000_000) is None


@given(st.binary(max_size=300))
def test_no_line_raises(line: bytes) -> None:
    words = found(line)
    assert words.is_row == (len(words.addresses) == 1 and len(words.macs) == 1)
