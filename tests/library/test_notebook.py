"""The notebook of docs runs from its first cell to its last, and finds what is true."""

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs/notebooks/hunt.ipynb"


def test_the_hunt_runs_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "the notebook is kept without outputs"
            exec("".join(cell["source"]), names)
    findings, machine = names["findings"], names["machine"]
    assert any(machine.host_name in device["device"] for device in findings.devices)
    assert machine.mac in names["answer"]["device"]
    assert names["answer"]["grade"] == "certain"
    assert len(names["events"]) > 10
