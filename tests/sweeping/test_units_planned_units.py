"""Verdicts know the units and machines that the sweep knew, without being told again."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.api.verdicts import VerdictRequest, compute_verdicts
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.sweeping.own_network import OwnTables
from quetsach.sweeping.units import planned_units
from quetsach.texts import use_language
from tests.sweeping.evidence import HEADER, conn, swept, write
from tests.verdicts.folders import findings


def _read(folder: Path, tables: Any) -> Findings:
    made = findings(folder, [], [])
    manifest = json.loads((made / "manifest.json").read_bytes())
    (made / "manifest.json").write_text(json.dumps({**manifest, "own_tables": tables}))
    return read_folder(made)


def test_a_sweep_with_plan_and_inventory_tells_the_units_by_name(tmp_path: Path) -> None:
    plan = write(
        tmp_path / "plan.csv", "code,name,subnet\nT1,Xã A,10.1.0.0/16\nT2,Xã B,10.2.0.0/16\n"
    )
    machines = write(
        tmp_path / "machines.csv", "unit,host_name\nT1,PC-1\nT1,PC-2\nT1,PC-3\nT1,PC-4\n"
    )
    lines = [conn(n, "10.1.0.5", "203.0.113.77") for n in range(5)]
    lines.append(conn(9, "10.2.0.5", "198.51.100.1"))
    log = write(tmp_path / "logs" / "conn.log", HEADER + "".join(lines))
    use_language("en")
    swept(tmp_path, log, own=OwnTables(inventory=[machines], plan=[plan]))
    report = compute_verdicts(VerdictRequest([tmp_path / "findings"], as_of="2022-09-20"))
    units = {one.unit: one for one in report.units}
    assert {name: one.infected for name, one in units.items()} == {"Xã A": 1, "Xã B": 0}
    assert units["Xã A"].machines == 4
    assert "at most 25% of the 4 machines in the inventory" in units["Xã A"].sentence


def test_findings_without_a_plan_know_no_units(tmp_path: Path) -> None:
    found = planned_units([_read(tmp_path / "a", None), _read(tmp_path / "b", {"machines": 3})])
    assert found.table is None
    assert not found.machines


@pytest.mark.parametrize(
    "tables",
    [{"unit_networks": 7}, {"unit_networks": {"x": "A"}}, {"unit_networks": {"10.0.0.0/8": 7}},
     {"unit_machines": []}, {"unit_machines": {"A": "many"}}],
)  # fmt: skip
def test_a_manifest_of_another_shape_is_an_error(tmp_path: Path, tables: dict[str, Any]) -> None:
    found = _read(tmp_path / "a", tables)
    with pytest.raises(QuetsachError, match="E305"):
        planned_units([found])
