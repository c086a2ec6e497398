"""The demo district with its own tables: each infected machine, each notice, and no clean one."""

import csv
import json
from dataclasses import dataclass
from typing import Any

import pytest

from quetsach.api import inventory, sweeps, traces
from quetsach.demo.district import build_district


@dataclass(frozen=True)
class District:
    """A built district, its truth, what a sweep found in it and what its notices led to."""

    truth: dict[str, Any]
    devices: list[dict[str, Any]]
    traced: dict[str, Any]
    macs: dict[str, str]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    root = tmp_path_factory.mktemp("district")
    build_district(root, 2022)
    own = inventory.OwnTables(inventory=[root / "machines.csv"], plan=[root / "units.csv"])
    sweeps.sweep(
        sweeps.sweep_request(
            evidence=[str(root / "evidence")],
            lists=[root / "indicators"],
            allow=[root / "allow/resolver.txt"],
            out=root / "findings",
            own=own,
            sources=root / "sources.toml",
        )
    )
    traced = traces.trace(
        traces.trace_request(
            notices=[str(root / "notices/canh-bao.csv")],
            evidence=[str(root / "evidence")],
            inventory=own.inventory,
            plans=own.plan,
            sources=root / "sources.toml",
        )
    )
    rows = list(csv.DictReader((root / "machines.csv").read_text(encoding="utf-8").splitlines()))
    return District(
        json.loads((root / "truth.json").read_bytes()),
        json.loads((root / "findings/devices.json").read_bytes())["devices"],
        traced,
        {f"{row['host_name']} ({row['unit']})": row["mac"] for row in rows},
    )


def test_every_infected_machine_is_found_with_the_grade_its_logs_allow(district: District) -> None:
    for true in district.truth["infected"]:
        held = {one["address"] for one in true["held"]}
        named = [one for one in district.devices if district.macs.get(one["device"]) == true["mac"]]
        if true["named_by"]:
            assert [one["grade"] for one in named] == ["certain"], true["host_name"]
            assert set(named[0]["addresses"]) <= held
        else:
            seen = [one for one in district.devices if set(one["addresses"]) & held]
            assert {one["grade"] for one in (*named, *seen)} == {"likely"}, true["host_name"]


def test_no_clean_machine_is_certain_or_likely(district: District) -> None:
    sick = {one["mac"] for one in district.truth["infected"]}
    lived = {held["address"] for one in district.truth["infected"] for held in one["held"]}
    for one in district.devices:
        if one["grade"] in {"certain", "likely"}:
            mac = district.macs.get(one["device"])
            assert mac in sick if mac else set(one["addresses"]) <= lived, one["device"]


def test_each_notice_is_traced_as_far_as_the_logs_of_its_unit_allow(district: District) -> None:
    for true, told in zip(district.truth["notices"], district.traced["notices"], strict=True):
        if true["kind"] != "ours":
            assert told["outcome"] == true["kind"]
            continue
        assert told["outcome"] in {"device", "candidates"}, told["because"]
        mac = district.macs.get(told["device"] or "")
        assert mac == true["who"] or true["address"] in told["addresses"]
        if true["translated"] and true["told_port"] and mac:
            assert told["grade"] == "certain", told["because"]
        elif not true["translated"]:
            assert told["grade"] != "certain", "nothing here knows the port"


def test_the_ledger_accounts_for_every_notice(district: District) -> None:
    ledger = district.traced["ledger"]
    outcomes = ("device", "candidates", "not-ours", "no-data", "cannot-tell", "rejected")
    assert ledger["items"] == sum(ledger[one] for one in outcomes)
    assert ledger["items"] == len(district.truth["notices"])
