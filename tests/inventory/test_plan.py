"""The network plan: whose an address is, what stands there, and what two units both claim."""

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.inventory.model import InventoryFlaw, NetworkRole, PlannedNetwork
from quetsach.inventory.plan import NetworkPlan, networks_in
from quetsach.inventory.read import read_inventory, read_plan
from tests.readers.samples import workbook


def plan(folder: Path, text: str) -> NetworkPlan:
    path = folder / "plan.csv"
    path.write_text(text)
    return read_plan(path)


def test_a_plan_with_all_its_columns_is_understood(tmp_path: Path) -> None:
    found = plan(
        tmp_path,
        "Đơn vị;Phòng;Dải mạng;Vai trò;Địa chỉ công cộng;Gateway;DNS;Proxy;Wi-Fi\n"
        "Xã A;Tầng 1;192.168.1.0/24;;203.0.113.8/29;192.168.1.1;192.168.1.2, 198.51.100.53;"
        "192.168.1.3;192.168.1.5\n"
        "Xã B;;192.168.2.0/255.255.255.0;Máy chủ;;;;;\n",
    )
    assert found.problems == ()
    assert found.unit_of("192.168.1.1") == "Xã A"
    assert found.unit_of("203.0.113.9") == "Xã A"
    assert found.unit_of("192.168.2.200") == "Xã B"
    assert found.unit_of("198.51.100.53") == ""
    assert found.room_of("192.168.1.77") == "Tầng 1"
    assert {
        address: found.duty_of(address)
        for address in ("192.168.1.1", "192.168.1.2", "198.51.100.53", "192.168.1.3")
    } == {
        "192.168.1.1": NetworkRole.GATEWAY,
        "192.168.1.2": NetworkRole.RESOLVER,
        "198.51.100.53": NetworkRole.RESOLVER,
        "192.168.1.3": NetworkRole.PROXY,
    }
    assert found.duty_of("192.168.1.5") is NetworkRole.ACCESS_POINT
    assert found.duty_of("192.168.1.99") is None
    assert found.duty_of("192.168.2.99") is NetworkRole.SERVER
    assert [str(one.network) for one in found.publics()] == ["203.0.113.8/29"]


def test_the_longest_prefix_that_has_a_unit_decides(tmp_path: Path) -> None:
    found = plan(
        tmp_path,
        "unit,subnet\nHuyện,10.0.0.0/8\nXã A,10.1.0.0/16\nXã B,2001:db8:1::/48\n",
    )
    assert [found.unit_of(one) for one in ("10.1.2.3", "10.2.0.1", "2001:db8:1::5", "x", "")] == [
        "Xã A",
        "Huyện",
        "Xã B",
        "",
        "",
    ]


def test_two_units_that_claim_one_network_are_told_and_neither_is_chosen(tmp_path: Path) -> None:
    found = plan(tmp_path, "unit,subnet\nA,192.168.1.0/24\nB,192.168.1.0/24\nA,192.168.1.0/24\n")
    assert found.unit_of("192.168.1.7") == ""
    assert found.units_of("192.168.1.7") == ("A", "B")
    told = [(one.row.number, one.reason, one.excerpt) for one in found.overlaps]
    assert told == [(3, InventoryFlaw.CLAIMED_TWICE, "192.168.1.0/24")]


@pytest.mark.parametrize(
    ("cell", "mask", "networks"),
    [
        ("192.168.1.0/24", "", ["192.168.1.0/24"]),
        ("192.168.1.7 / 24", "", ["192.168.1.0/24"]),
        ("192.168.1.0", "255.255.255.0", ["192.168.1.0/24"]),
        ("192.168.1.0", "/25", ["192.168.1.0/25"]),
        ("192.168.1.x", "", ["192.168.1.0/24"]),
        ("10.1.*.*", "", ["10.1.0.0/16"]),
        ("10.0.0.4-10.0.0.7", "", ["10.0.0.4/30"]),
        ("10.0.0.4 đến 10.0.0.5", "", ["10.0.0.4/31"]),
        ("10.0.0.4 - 5", "", ["10.0.0.4/31"]),
        ("10.0.0.4", "", ["10.0.0.4/32"]),
        ("10.0.0.0/30; 10.0.1.0/30", "", ["10.0.0.0/30", "10.0.1.0/30"]),
        ("2001:db8::/48", "", ["2001:db8::/48"]),
    ],
)
def test_networks_are_read_in_every_form_that_tells_their_length(
    cell: str, mask: str, networks: list[str]
) -> None:
    found, unread = networks_in(cell, mask)
    assert ([str(one) for one in found], unread) == (networks, [])


@pytest.mark.parametrize(
    "cell", ["192.168.1.0", "192.168.1", "0.0.0.0/0", "10.0.0.9-10.0.0.1", "LAN", "10.0.0.0/33"]
)
def test_a_network_without_its_length_is_told_and_never_guessed(cell: str) -> None:
    assert networks_in(cell) == ([], [cell])


def test_a_row_that_names_no_network_is_told(tmp_path: Path) -> None:
    found = plan(tmp_path, "unit,subnet,gateway\nA,10.0.0.0/24,10.0.0.1\nB,,\nC,10.0.9,gần cửa\n")
    assert [(one.row.number, one.reason) for one in found.problems] == [
        (3, InventoryFlaw.NO_NETWORK),
        (4, InventoryFlaw.BAD_NETWORK),
        (4, InventoryFlaw.BAD_ADDRESS),
    ]


def test_a_network_of_workstations_is_not_let_off_by_a_word(tmp_path: Path) -> None:
    found = plan(tmp_path, "unit;subnet;role\nA;10.0.0.0/24;DNS, máy trạm\nB;10.0.1.0/24;proxy\n")
    assert found.duty_of("10.0.0.9") is None
    assert found.duty_of("10.0.1.9") is NetworkRole.PROXY


def test_a_plan_may_be_a_sheet_of_the_inventory(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(
        workbook(
            {
                "Máy": [["Tên máy", "MAC"], ["PC-1", "00-17-A4-00-00-01"]],
                "Mạng": [["Đơn vị", "Dải mạng"], ["Xã A", "10.0.0.0/24"]],
            }
        )
    )
    inventory = read_inventory(path)
    assert [one.name for one in inventory.machines] == ["PC-1"]
    assert inventory.plan.unit_of("10.0.0.9") == "Xã A"
    assert [str(one.network) for one in read_plan(path).networks] == ["10.0.0.0/24"]


NETWORKS = st.builds(
    lambda number, length: ip_network((number >> (32 - length) << (32 - length), length)),
    st.integers(0x0A000000, 0x0A0000FF),
    st.integers(20, 32),
)


@given(
    st.lists(st.tuples(NETWORKS, st.sampled_from(["A", "B", ""])), max_size=12),
    st.integers(0x0A000000, 0x0A0000FF),
)
def test_the_plan_agrees_with_looking_at_every_row(
    rows: list[tuple[object, str]], number: int
) -> None:
    address = ip_address(number)
    networks = [PlannedNetwork(network, unit) for network, unit in rows]  # type: ignore[arg-type]  # as drawn
    holding = [one for one in networks if one.unit and address in one.network]
    longest = max((one.network.prefixlen for one in holding), default=0)
    units = {one.unit for one in holding if one.network.prefixlen == longest}
    expected = units.pop() if len(units) == 1 else ""
    assert NetworkPlan(networks).unit_of(str(address)) == expected


def test_a_unit_that_stands_by_its_code_keeps_its_name(tmp_path: Path) -> None:
    found = plan(tmp_path, "code,name,subnet\nTC01,Xã A,10.1.0.0/16\nTC02,,10.2.0.0/16\n")
    assert found.unit_of("10.1.2.3") == "TC01"
    assert [found.name_of(one) for one in ("TC01", "tc01", "TC02", "TC03")] == [
        "Xã A",
        "Xã A",
        "TC02",
        "TC03",
    ]
