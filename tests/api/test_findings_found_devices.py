"""The devices of a folder in a checked shape: whoever hands one over may have made it up."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quetsach.api.findings import devices_in
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from tests.sweeping.evidence import HEADER, conn, swept, write


@pytest.fixture
def findings(tmp_path: Path) -> Findings:
    """One machine that met one indicator."""
    log = write(tmp_path / "a.log", HEADER + conn(0, "10.1.1.1", "203.0.113.77"))
    swept(tmp_path, log)
    return read_folder(tmp_path / "findings")


def test_a_device_has_its_findings_with_times_and_samples(findings: Findings) -> None:
    device = devices_in(findings)[0]
    found = device.findings[0]
    assert (device.device, device.grade, device.sightings) == ("10.1.1.1", "likely", 1)
    assert (found.key, found.listed_in, found.row, len(found.samples)) == (
        "203.0.113.77",
        "list.txt",
        1,
        1,
    )
    assert found.first_seen is not None
    assert found.first_seen.utcoffset() is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [("device", 7), ("addresses", None), ("findings", [7]), ("first_seen", "yesterday")],
)
def test_a_device_of_another_shape_is_an_error_of_the_folder(
    field: str, value: Any, findings: Findings
) -> None:
    forged = {"devices": [{**findings.devices["devices"][0], field: value}]}
    with pytest.raises(QuetsachError) as caught:
        devices_in(replace(findings, devices=forged))
    assert caught.value.problem.code == "E305"
