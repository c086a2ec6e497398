"""Hardware addresses in the forms of all devices; what only looks like one is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.shared.values import hardware, holds_a_part, is_nobodys


@pytest.mark.parametrize(
    "written",
    [
        "00:17:a4:b2:c3:d4",
        "0:17:a4:b2:c3:d4",
        "00-17-A4-B2-C3-D4",
        "0017.a4b2.c3d4",
        "0017-a4b2-c3d4",
        "0017a4-b2c3d4",
        "0017A4:B2C3D4",
    ],
)
def test_every_usual_form_is_the_same_address(written: str) -> None:
    assert hardware(written) == "00-17-A4-B2-C3-D4"


@pytest.mark.parametrize(
    "other",
    [
        "",
        "00:17:a4:b2:c3",
        "00:17:a4:b2:c3:d4:e5",
        "00:17-a4:b2:c3:d4",
        "0017.a4b2-c3d4",
        "0017a4b2c3d4",
        "00:17:a4:b2:c3:g4",
        "10.20.3.41",
        "2001:db8::1",
        "08:15:22",
        "2026-09-01",
        "0100.17a4.b2c3.d4",
        "00:17:a4:b2:c3:d4\n",
        "00:17:a4:b2:c3:d4x" * 1000,
        "٠٠:17:a4:b2:c3:d4",
    ],
)
def test_what_only_looks_like_one_is_none(other: str) -> None:
    assert hardware(other) is None


@given(octets=st.binary(min_size=6, max_size=6), short=st.booleans(), mark=st.sampled_from(":-"))
def test_any_address_is_read_back(octets: bytes, short: bool, mark: str) -> None:
    written = mark.join(f"{octet:x}" if short else f"{octet:02X}" for octet in octets)
    assert hardware(written) == octets.hex("-").upper()


@pytest.mark.parametrize("text", ["at 00:17:a4:b2 [ether]", "0017.a4b2", "x 0:17:a4:b2:c3 y"])
def test_a_cut_address_is_seen(text: str) -> None:
    assert holds_a_part(text)


@pytest.mark.parametrize("text", ["08:15:22", "Age 0:00:00", "----", "10.20.3.41", "1/0/47"])
def test_times_and_ports_are_no_cut_address(text: str) -> None:
    assert not holds_a_part(text)


@pytest.mark.parametrize(
    "mac",
    ["FF-FF-FF-FF-FF-FF", "00-00-00-00-00-00", "01-00-5E-00-00-FB", "33-33-00-00-00-01"],
)
def test_broadcast_and_groups_are_no_machine(mac: str) -> None:
    assert is_nobodys(mac)
    assert not is_nobodys("01-17-A4-B2-C3-D4")
