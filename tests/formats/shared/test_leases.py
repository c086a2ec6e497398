"""Who a machine is: identifiers in one form, and the hardware address inside them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.shared import leases


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("01:00:17:A4:B2:C3:D4", "010017a4b2c3d4"),
        ("1:0:17:a4:b2:c3:d4", "010017a4b2c3d4"),
        ("01-00-17", "010017"),
        ("0x0100", "0100"),
        ("0100", "0100"),
        ("010", None),
        ("*", None),
        ("", None),
        ("01:", None),
        ("01:zz", None),
        ("01:001", None),
        ("ab" * 256, None),
        (17, None),
        (None, None),
    ],
)
def test_an_identifier_has_one_form(written: Any, expected: str | None) -> None:
    assert leases.client_id(written) == expected


@given(st.binary(min_size=1, max_size=255))
def test_every_way_of_writing_an_identifier_reads_back(raw: bytes) -> None:
    for written in (raw.hex(), raw.hex(":").upper(), "0x" + raw.hex(), raw.hex("-")):
        assert leases.client_id(written) == raw.hex()
    assert leases.client_id(":".join(f"{one:x}" for one in raw) + ":1") == raw.hex() + "01"


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("010017a4b2c3d4", "00-17-A4-B2-C3-D4"),
        ("ff00000001000300010017a4b2c3d4", "00-17-A4-B2-C3-D4"),
        ("ff00000001000100011d661fe20017a4b2c3d4", "00-17-A4-B2-C3-D4"),
        # Of another kind of hardware, of none, too short, or a DUID made of no hardware address.
        ("200017a4b2c3d4", None),
        ("00" + "0017a4b2c3d4", None),
        ("010017a4b2c3", None),
        ("ff00000001000449f060cc52782657896ff8bf356fe07a", None),
        ("01000000000000", None),
        ("01ffffffffffff", None),
    ],
)
def test_hardware_inside_an_identifier(identifier: str, expected: str | None) -> None:
    assert leases.mac_of_client_id(identifier) == expected


def test_a_duid_over_another_kind_of_hardware_gives_no_address() -> None:
    assert leases.mac_of_duid("0003000600" + "17a4b2c3d4") == "00-17-A4-B2-C3-D4"
    assert leases.mac_of_duid("000300200017a4b2c3d4") is None
    assert leases.mac_of_duid("000300010017a4b2c3d4ff") is None


def test_the_hardware_address_of_the_record_goes_before_the_one_inside() -> None:
    record: dict[str, Any] = {}
    leases.set_machine(record, mac="00-17-A4-00-00-02", identifier="010017a4b2c3d4")
    assert record == {
        "host.mac": "00-17-A4-00-00-02",
        "quetsach.lease.client_id": "010017a4b2c3d4",
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("PC-VT-07.xa.example.", "PC-VT-07.xa.example"),
        ("*", None),
        ("-", None),
        (".", None),
        (" ", None),
        ("x" * 256, None),
        (None, None),
    ],
)
def test_a_name_is_one_or_none(written: str | None, expected: str | None) -> None:
    assert leases.host_name(written) == expected


def test_a_hardware_address_of_nobody_is_none() -> None:
    assert leases.hardware("00:00:00:00:00:00") is None
    assert leases.hardware("ff:ff:ff:ff:ff:ff") is None
    assert leases.hardware("0017a4b2c3d4") == "00-17-A4-B2-C3-D4"
