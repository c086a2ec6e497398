"""What inventory and plan answer: machines, contradictions and repeats."""

from pathlib import Path

from quetsach.inventory.model import InventoryFlaw, NetworkRole
from quetsach.inventory.read import read_inventory
from tests.inventory.tables import flaws, saved, table


def test_what_stands_at_an_address_is_told_by_machines_and_plan(tmp_path: Path) -> None:
    machines = "Tên máy;IP;Vai trò\nDNS-1;10.0.0.53;DNS\nPC-1;10.0.0.9;Máy trạm\n"
    plan = "Đơn vị;Dải mạng;Gateway\nXã A;10.0.0.0/24;10.0.0.1\n"
    inventory = read_inventory(saved(tmp_path, machines, "m.csv"), saved(tmp_path, plan, "p.csv"))
    assert [inventory.duty_of(f"10.0.0.{n}") for n in (53, 9, 1, 2)] == [
        NetworkRole.RESOLVER,
        None,
        NetworkRole.GATEWAY,
        None,
    ]


def test_contradictions_are_named_with_both_rows_and_both_machines_are_kept(
    tmp_path: Path,
) -> None:
    inventory = table(
        tmp_path,
        ["unit", "host_name", "mac", "fixed_address"],
        ["A", "PC-1", "00-17-A4-00-00-01", "10.0.0.1"],
        ["A", "pc-1", "00-17-A4-00-00-02", "10.0.0.2"],
        ["A", "PC-3", "00:17:a4:00:00:01", "10.0.0.3"],
        ["A", "PC-4", "00-17-A4-00-00-04", "10.0.0.1"],
        ["B", "PC-1", "00-17-A4-00-00-05", "10.0.0.1"],
    )
    assert flaws(inventory) == [
        (4, InventoryFlaw.MAC_TWICE, "00-17-A4-00-00-01"),
        (3, InventoryFlaw.NAME_TWICE, "pc-1"),
        (5, InventoryFlaw.ADDRESS_TWICE, "10.0.0.1"),
    ]
    assert [one.other and one.other.number for one in inventory.problems] == [2, 2, 2]
    keys = [one.key for one in inventory.machines]
    assert len(set(map(str.casefold, keys))) == 5
    assert keys[-1] == "PC-1 (B)"
    assert [one.key for one in inventory.by_mac("00-17-A4-00-00-01")] == [keys[0], keys[2]]
    assert len(inventory.by_name("PC-1.office.example")) == 3
    assert len(inventory.by_address("10.0.0.1")) == 3


def test_a_machine_that_stands_there_twice_is_one_and_is_told(tmp_path: Path) -> None:
    inventory = table(
        tmp_path,
        ["host_name", "mac", "room"],
        ["PC-1", "00-17-A4-00-00-01", ""],
        ["pc-1", "00-17-A4-00-00-01", "12"],
    )
    assert [(one.name, one.room) for one in inventory.machines] == [("PC-1", "12")]
    assert flaws(inventory) == [(3, InventoryFlaw.REPEATED, "pc-1")]
