"""Where the machines of the findings stand, by inventory and network plan."""

from pathlib import Path
from typing import Any

from quetsach.inventory.read import read_plan
from quetsach.sweeping.own_network import OwnNetwork
from quetsach.sweeping.units import with_places

PLAN = """code,name,subnet,room
TC01,Xã A,10.1.0.0/16,Tầng 1
TC02,Xã B,10.2.0.0/16,
"""


def _place(tmp_path: Path, *addresses: str, machine: dict[str, str] | None = None) -> Any:
    path = tmp_path / "plan.csv"
    path.write_text(PLAN)
    device = {"device": "PC-1", "addresses": list(addresses), "machine": machine}
    found = {"devices": [device], "not_blamed": [], "unattributed": {}}
    return with_places(found, OwnNetwork(plan=read_plan(path)))["devices"][0]["place"]


def test_the_plan_says_whose_an_address_is_by_name(tmp_path: Path) -> None:
    assert _place(tmp_path, "10.1.0.5") == {"unit": "TC01", "unit_name": "Xã A", "room": "Tầng 1"}


def test_the_inventory_goes_before_the_plan(tmp_path: Path) -> None:
    found = _place(tmp_path, "10.1.0.5", machine={"unit": "TC02", "room": "P.3"})
    assert found == {"unit": "TC02", "unit_name": "Xã B", "room": "P.3"}


def test_nothing_is_said_of_a_machine_that_was_in_two_places_or_in_none(tmp_path: Path) -> None:
    assert _place(tmp_path, "10.1.0.5", "10.2.0.5") is None
    assert _place(tmp_path, "192.168.7.7") is None


def test_without_tables_no_place_is_told() -> None:
    found: dict[str, Any] = {"devices": [{"device": "x", "addresses": ["10.0.0.1"]}]}
    told = with_places({**found, "not_blamed": []}, OwnNetwork())
    assert told["devices"][0]["place"] is None
