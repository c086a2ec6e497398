"""A machine that wrote the record is named by its own name, and not by who held its address."""

from dataclasses import replace
from typing import Any

import pytest

from quetsach.attribution.identity import Identities
from quetsach.attribution.model import (
    Certainty,
    Interval,
    IntervalEnd,
    LeaseAct,
    RecordPlace,
    StepKind,
)
from quetsach.attribution.own_record import by_own_name, names_itself
from quetsach.attribution.questions import Attribution, SightingEnds, SightingRole
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import InventoryMachine

MAC = "00-17-A4-00-00-0A"
INVENTORY = Inventory([InventoryMachine(key="TS-0042", name="PC-VT-07", macs=(MAC,))])
ENDS = SightingEnds(
    "10.0.0.7", "203.0.113.7", "outbound", "destination.ip", 1, host="PC-VT-07.xa.example",
    host_end="source",
)  # fmt: skip


def _held(name: str, device: str = "held") -> Attribution:
    place = RecordPlace("dhcp.log", 3)
    ended, act = IntervalEnd.OPEN, LeaseAct.GIVEN
    interval = Interval("10.0.0.7", 0, 9, ended, act, MAC, "", name, "", False, place, place)
    return Attribution(
        device, "10.0.0.7", MAC, name, Certainty.CERTAIN, (), SightingRole.CLIENT, (), interval
    )


@pytest.mark.parametrize(
    ("change", "inbound", "said"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"host_end": "destination"}, True, True),
        ({"host_end": ""}, False, False),
        ({"host": ""}, False, False),
        ({"host": "localhost"}, False, False),
        ({"host": "DESKTOP-2KGM189"}, False, True),
    ],
)
def test_only_the_end_that_it_is_speaks_for_itself(
    change: dict[str, Any], inbound: bool, said: bool
) -> None:
    assert names_itself(replace(ENDS, **change), inbound=inbound) is said


@pytest.mark.parametrize("name", ["PC-VT-07", "pc-vt-07.other.example", ""])
def test_a_lease_of_the_same_name_or_of_none_stands(name: str) -> None:
    held = _held(name)
    assert by_own_name(ENDS, held, Identities(None)) is held


def test_a_lease_of_another_machine_is_a_rival_and_blames_nobody() -> None:
    named = by_own_name(ENDS, _held("PC-99", "PC-99 (other)"), Identities(None))
    assert (named.device, named.grade) == ("PC-VT-07.xa.example", Certainty.LIKELY)
    assert [one.device for one in named.rivals] == ["PC-99 (other)"]


def test_the_inventory_knows_it_by_its_name() -> None:
    named = by_own_name(ENDS, None, Identities(INVENTORY))
    assert (named.device, named.mac, named.address) == ("TS-0042", MAC, "")
    assert [one.kind for one in named.steps] == [StepKind.DIRECT, StepKind.INVENTORY]


def test_a_name_that_many_have_names_nobody_for_sure() -> None:
    generic = replace(ENDS, host="DESKTOP")
    held = _held("PC-99")
    assert by_own_name(generic, held, Identities(None)) is held
    assert by_own_name(generic, None, Identities(None)).grade is Certainty.AMBIGUOUS


def test_without_any_record_it_is_its_name_alone() -> None:
    named = by_own_name(ENDS, None, Identities(None))
    assert (named.device, named.grade, named.rivals) == (
        "PC-VT-07.xa.example",
        Certainty.LIKELY,
        (),
    )
