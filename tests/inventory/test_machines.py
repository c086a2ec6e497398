"""A row of an inventory as a machine, and what in it cannot be read."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quetsach.inventory.model import InventoryFlaw
from quetsach.inventory.read import read_inventory
from tests.inventory.tables import flaws, table


def test_what_cannot_be_read_is_listed_and_the_rest_of_the_row_kept(tmp_path: Path) -> None:
    inventory = table(
        tmp_path,
        ["host_name", "mac", "fixed_address", "duid", "Màu"],
        ["PC-1", "00-17-A4-00-00", "10.0.0.300", "xyz", "đen"],
        ["PC-2", "FF-FF-FF-FF-FF-FF", "255.255.255.255", "", ""],
        ["PC-3", "không có", "tự động", "-", ""],
        ["PC-4", "1.72E+11", "", "", ""],
        ["", "", "", "", "trắng"],
    )
    assert [one.name for one in inventory.machines] == ["PC-1", "PC-2", "PC-3", "PC-4"]
    assert inventory.machines[0].extra == (("Màu", "đen"),)
    assert flaws(inventory) == [
        (2, InventoryFlaw.BAD_MAC, "00-17-A4-00-00"),
        (2, InventoryFlaw.BAD_ADDRESS, "10.0.0.300"),
        (2, InventoryFlaw.BAD_CLIENT_ID, "xyz"),
        (3, InventoryFlaw.BAD_MAC, "FF-FF-FF-FF-FF-FF"),
        (3, InventoryFlaw.BAD_ADDRESS, "255.255.255.255"),
        (5, InventoryFlaw.BAD_MAC, "1.72E+11"),
        (6, InventoryFlaw.NO_MACHINE, ""),
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_each_damaged_row_is_a_machine_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    good = [f"PC-{n};00-17-A4-00-00-{n:02X};10.0.0.{n};P.{n}" for n in range(1, 12)]
    at = data.draw(st.integers(0, len(good) - 1))
    cut = data.draw(st.integers(0, len(good[at])))
    put = data.draw(st.text(st.sampled_from('";\t,\r\n-:.0AƯ\u0301|'), max_size=6))
    good[at] = good[at][:cut] + put + good[at][cut + data.draw(st.integers(0, 3)) :]
    path = tmp_path_factory.mktemp("damaged") / "x.csv"
    path.write_bytes("\n".join(["host_name;mac;fixed_address;room", *good]).encode())
    inventory = read_inventory(path)
    names = {one.name for one in inventory.machines}
    assert {f"PC-{n}" for n in range(1, 12) if n not in (at, at + 1, at + 2)} <= names
