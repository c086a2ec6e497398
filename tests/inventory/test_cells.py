"""Cells: hardware addresses, addresses and identifiers in every form that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.inventory.cells import (
    LONGEST_CELL,
    addresses_in,
    client_ids_in,
    is_yes,
    mac_of,
    macs_in,
)

ONE, TWO = "00-17-A4-77-00-01", "02-11-22-33-44-55"


@pytest.mark.parametrize(
    "cell",
    [
        "00-17-A4-77-00-01",
        "00:17:a4:77:00:01",
        "0017.a477.0001",
        "0017A4770001",
        "0017a4-770001",
        "0017-A477-0001",
        "00 17 A4 77 00 01",
        "00–17–A4–77–00–01",
        "MAC: 00:17:A4:77:00:01 (LAN)",
        "00：17：A4：77：00：01",
    ],
)
def test_every_usual_form_is_the_same_hardware_address(cell: str) -> None:
    assert macs_in(cell) == type(macs_in(""))((ONE,), ())


@pytest.mark.parametrize("between", ["\n", " / ", ", ", "; ", " | ", "  "])
def test_several_hardware_addresses_of_one_cell_are_all_found(between: str) -> None:
    assert macs_in(f"LAN {ONE}{between}Wi-Fi {TWO}").values == (ONE, TWO)


@pytest.mark.parametrize(
    "cell",
    [
        "00-17-A4-77-00",
        "00-17-A4-77-00-0G",
        "00-00-00-00-00-00",
        "01-00-5E-00-00-01",
        "1.72E+11",
        "172477001",
        "192.168.1.1",
        "xem tem máy",
        f"{ONE}-02",
    ],
)
def test_what_is_no_hardware_address_is_told(cell: str) -> None:
    found = macs_in(cell)
    assert found.values == ()
    assert found.unread


def test_a_cut_address_beside_a_whole_one_is_told() -> None:
    assert macs_in(f"{ONE} / 00-17-A4") == type(macs_in(""))((ONE,), ("00-17-A4",))


@pytest.mark.parametrize("cell", ["", "-", "Không", "không có", "N/A", "x", "chưa có"])
def test_a_cell_that_says_there_is_none_is_no_problem(cell: str) -> None:
    assert macs_in(cell) == type(macs_in(""))()
    assert addresses_in(cell) == type(macs_in(""))()


@pytest.mark.parametrize(
    ("cell", "values", "unread"),
    [
        ("192.168.1.10", ("192.168.1.10",), ()),
        ("192.168.1.10/24", ("192.168.1.10",), ()),
        ("192.168.1.10 / 24", ("192.168.1.10",), ()),
        ("192.168.1.10/192.168.1.11", ("192.168.1.10", "192.168.1.11"), ()),
        ("192.168.1.10\n255.255.255.0", ("192.168.1.10",), ()),
        ("10.0.0.1, 2001:DB8:0::1", ("10.0.0.1", "2001:db8::1"), ()),
        ("DHCP", (), ()),
        ("Tự động", (), ()),
        ("192.168.1.300", (), ("192.168.1.300",)),
        ("192.168.01.3", (), ("192.168.01.3",)),
        ("0.0.0.0", (), ("0.0.0.0",)),
        ("224.0.0.1", (), ("224.0.0.1",)),
        ("10.0.0.5 - 10", ("10.0.0.5",), ("10",)),
        ("phòng máy", (), ("phòng máy",)),
    ],
)
def test_addresses_are_found_and_the_rest_told(
    cell: str, values: tuple[str, ...], unread: tuple[str, ...]
) -> None:
    found = addresses_in(cell)
    assert (found.values, found.unread) == (values, unread)


def test_client_identifiers_are_plain_hex() -> None:
    cell = "00:01:00:01:2A:2B:2C:2D:00:17:A4:77:00:01\n0x0100aa; zz"
    found = client_ids_in(cell)
    assert found.values == ("000100012a2b2c2d0017a4770001", "0100aa")
    assert found.unread == ("zz",)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("x", True), ("Có", True), ("✓", True), ("Không", False), ("", False), ("3 người", None)],
)
def test_yes_and_no_are_understood_and_nothing_else(cell: str, said: bool | None) -> None:
    assert is_yes(cell) is said


@given(st.text(st.sampled_from("0123456789abcdefABCDEF:.- /\nxLAN"), max_size=80))
def test_what_is_found_is_always_one_that_a_machine_can_have(cell: str) -> None:
    for mac in macs_in(cell).values:
        assert mac_of(mac) == mac


def test_a_huge_cell_costs_no_more_than_a_large_one() -> None:
    found = macs_in("0:" * 4_000_000)
    assert sum(map(len, found.unread)) <= LONGEST_CELL
