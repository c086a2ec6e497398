"""The office's own tables in a sweep: read, used, and every flaw told by its row."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.api import inventory, sweeps
from quetsach.errors.exceptions import QuetsachError
from tests.sweeping.evidence import HEADER, conn, write

MACHINES = (
    "Tên máy;Địa chỉ MAC;Địa chỉ IP;Phòng;Người sử dụng\n"
    "PC-07;00-17-A4-00-00-0A;10.0.0.5;P.203;Trần Văn A\n"
)


def _sweep(tmp_path: Path, own: inventory.OwnTables) -> tuple[dict[str, Any], dict[str, Any]]:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    request = sweeps.sweep_request(
        evidence=[str(log)],
        lists=[write(tmp_path / "list.txt", "203.0.113.77\n")],
        out=tmp_path / "findings",
        own=own,
    )
    sweeps.sweep(request)
    return tuple(  # type: ignore[return-value]  # of two
        json.loads((tmp_path / "findings" / name).read_bytes())
        for name in ("devices.json", "manifest.json")
    )


def test_the_inventory_names_the_machine_and_where_it_stands(tmp_path: Path) -> None:
    table = write(tmp_path / "may.csv", MACHINES)
    devices, manifest = _sweep(tmp_path, inventory.OwnTables(inventory=[table]))
    (device,) = devices["devices"]
    assert (device["device"], device["machine"]["room"]) == ("PC-07", "P.203")
    assert manifest["own_tables"]["machines"] == 1


def test_names_of_people_are_kept_nowhere_in_the_findings(tmp_path: Path) -> None:
    _sweep(tmp_path, inventory.OwnTables(inventory=[write(tmp_path / "may.csv", MACHINES)]))
    for path in (tmp_path / "findings").iterdir():
        assert "Trần Văn A".encode() not in path.read_bytes(), path.name


def test_every_flaw_is_told_by_its_row(tmp_path: Path) -> None:
    twice = MACHINES + "PC-08;00-17-A4-00-00-0A;;;\n"
    table = write(tmp_path / "may.csv", twice)
    _, manifest = _sweep(tmp_path, inventory.OwnTables(inventory=[table]))
    own = manifest["own_tables"]
    assert own["flaws"] == len(own["flaw_rows"]) >= 1
    assert {(one["flaw"], one["row"]) for one in own["flaw_rows"]} & {("mac-twice", 3)}
    assert own["left_out"][0]["heading"] == "Người sử dụng"


def test_a_table_that_is_not_there_stops_the_sweep(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError):
        _sweep(tmp_path, inventory.OwnTables(inventory=[tmp_path / "none.xlsx"]))


def test_a_public_address_that_is_none_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="--public"):
        _sweep(tmp_path, inventory.OwnTables(public=["x"]))


def test_a_decision_of_a_person_stands_beside_the_evidence(tmp_path: Path) -> None:
    line = {
        "device": "PC-09",
        "address": "10.0.0.5",
        "reason": "đổi máy",
        "at": "2022-09-12T08:00:00+07:00",
        "by": "Văn phòng",
    }
    file = write(tmp_path / "dinh-chinh.jsonl", json.dumps(line) + "\n")
    devices, _ = _sweep(tmp_path, inventory.OwnTables(overrides=file))
    (device,) = devices["devices"]
    assert device["device"] == "PC-09"
    (override,) = device["overrides"]
    assert (override["evidence_device"], override["reason"]) == ("10.0.0.5", "đổi máy")
