"""Hardware addresses inside other things, and those that are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.attribution.clues import duid_of_client_id, is_random, mac_of_client_id, mac_of_eui64

MAC = "00-17-A4-77-00-01"


def test_the_second_lowest_bit_of_the_first_byte_makes_an_address_random() -> None:
    assert [is_random(one) for one in ("02-00-00-00-00-01", "DA-00-00-00-00-01", MAC, "", "x")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("address", "mac"),
    [
        # Source: RFC 4291, appendix A.
        ("fe80::217:a4ff:fe77:1", MAC),
        ("2001:db8::217:a4ff:fe77:1%eth0", MAC),
        ("2001:db8::1", None),
        ("10.0.0.1", None),
        ("", None),
        ("fe80::317:a4ff:fe77:1", None),
    ],
)
def test_an_eui64_address_gives_its_hardware_address(address: str, mac: str | None) -> None:
    assert mac_of_eui64(address) == mac


@pytest.mark.parametrize(
    ("client_id", "mac"),
    [
        ("010017a4770001", MAC),
        ("000100012a2b2c2d0017a4770001", MAC),
        ("000300010017a4770001", MAC),
        ("ff00000001000300010017a4770001", MAC),
        ("0002000000091234", None),
        ("0004" + "ab" * 16, None),
        ("000300060017a4770001", None),
        ("01000000000000", None),
        ("", None),
        ("zz0017a4770001", None),
    ],
)
def test_a_client_identifier_gives_the_ethernet_address_that_it_holds(
    client_id: str, mac: str | None
) -> None:
    assert mac_of_client_id(client_id) == mac


def test_the_duid_inside_an_identifier_for_ipv4_is_that_of_ipv6() -> None:
    assert duid_of_client_id("ff00000001000300010017a4770001") == "000300010017a4770001"


@given(st.text(st.sampled_from("0123456789abcdef:xf"), max_size=300))
def test_any_text_is_judged(text: str) -> None:
    for found in (mac_of_eui64(text), mac_of_client_id(text)):
        assert found is None or len(found) == 17
    assert is_random(text) in {True, False}
