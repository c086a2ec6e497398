"""What several sweeps say together: each sighting once, by device and indicator."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quetsach.api import verdicts
from quetsach.api.findings import devices_in, digest_of_findings, merge_known_findings, sightings_in
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from tests.sweeping.evidence import HEADER, conn, swept, write

LISTED = "203.0.113.77\n203.0.113.78\n"


def _folder(tmp_path: Path, name: str, *lines: tuple[str, str]) -> Path:
    for file, text in lines:
        write(tmp_path / file, HEADER + text)
    out = tmp_path / name
    swept(tmp_path, *(tmp_path / file for file, _text in lines), listed=LISTED, out=out)
    return out


def test_a_file_that_two_sweeps_read_counts_once_and_another_besides(tmp_path: Path) -> None:
    first = ("a.log", conn(0, "10.1.1.1", "203.0.113.77") + conn(1, "10.1.1.1", "203.0.113.77"))
    second = ("b.log", conn(90_000, "10.1.1.1", "203.0.113.77"))
    folders = [_folder(tmp_path, "one", first), _folder(tmp_path, "two", first, second)]
    known = merge_known_findings(folders)
    assert known.counts == {("10.1.1.1", "203.0.113.77"): 3}
    assert merge_known_findings(folders[::-1]) == known


def test_contacts_are_kept_for_each_indicator_of_an_hour(tmp_path: Path) -> None:
    lines = "".join(
        conn(second, "10.1.1.1", f"203.0.113.{77 + second % 2}") for second in range(20)
    )
    known = merge_known_findings([_folder(tmp_path, "one", ("a.log", lines))])
    met = [one.indicator for one in known.contacts["10.1.1.1"]]
    assert sorted(met) == ["203.0.113.77", "203.0.113.77", "203.0.113.78", "203.0.113.78"]


def test_the_verdict_on_known_contacts_is_that_of_the_folders(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "one", ("a.log", conn(0, "10.1.1.1", "203.0.113.77")))
    known = merge_known_findings([folder])
    limits = verdicts.Thresholds()
    contacts = known.contacts["10.1.1.1"]
    verdict = verdicts.judge("10.1.1.1", contacts, [], [], known.coverage, limits, "2022-10-01")
    assert verdict == verdicts.verdicts([folder], as_of="2022-10-01").devices[0][1]


def test_sightings_are_read_by_their_numbers(tmp_path: Path) -> None:
    lines = conn(0, "10.1.1.1", "203.0.113.77") + conn(1, "10.1.1.1", "203.0.113.78")
    findings = read_folder(_folder(tmp_path, "one", ("a.log", lines)))
    found = devices_in(findings)[0].findings
    numbers = [number for one in found for number in one.samples]
    rows = sightings_in(findings, [numbers[1], "no such number"])
    assert [row["quetsach.sighting.id"] for row in rows] == [numbers[1]]
    assert sightings_in(findings, []) == []


def test_the_digest_is_that_of_the_manifest(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "one", ("a.log", conn(0, "10.1.1.1", "203.0.113.77")))
    digest = digest_of_findings(read_folder(folder))
    assert len(digest) == 64
    assert digest == digest_of_findings(read_folder(folder))


def test_no_folder_is_an_error_with_its_code() -> None:
    with pytest.raises(QuetsachError) as caught:
        merge_known_findings([])
    assert caught.value.problem.code == "E303"


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
