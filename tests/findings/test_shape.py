"""Findings made elsewhere: whole ones are believed, and no page may say what no sighting says."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quetsach.api import findings
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.shape import examine_findings
from quetsach.findings.signed import digest_of_manifest
from tests.sweeping.evidence import HEADER, conn, swept, write

LOG = (
    HEADER
    + conn(0, "10.0.0.5", "203.0.113.77")
    + conn(1, "10.0.0.6", "203.0.113.77")
    + conn(2, "10.0.0.6", "203.0.113.77")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Findings of two devices."""
    swept(tmp_path, write(tmp_path / "conn.log", LOG))
    return tmp_path / "findings"


def change(folder: Path, name: str, by: Callable[[dict[str, Any]], None]) -> None:
    """Change a page, and its digest in the manifest, as a cheat would."""
    page = json.loads((folder / name).read_text())
    by(page)
    (folder / name).write_text(json.dumps(page))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_sweep_of_ours_holds_together(folder: Path) -> None:
    examined = examine_findings(folder)
    assert [one.sightings for one in examined.devices.devices] == [2, 1]
    assert examined.manifest.summary.sightings == 3
    assert examined.coverage.sources[0].lines == len(LOG.splitlines())
    assert examined.digest == digest_of_manifest(findings.read_folder(folder).manifest)


CHEATS: dict[str, Callable[[dict[str, Any]], None]] = {
    "one device more": lambda page: page["devices"].append(
        {**page["devices"][0], "device": "10.0.0.9"}
    ),
    "one device less": lambda page: page["devices"].pop(),
    "a count that is higher": lambda page: page["devices"][0].update(sightings=7),
    "another name": lambda page: page["devices"][0].update(device="10.0.0.9"),
    "no name": lambda page: page["devices"][0].update(device=""),
    "a grade that is none": lambda page: page["devices"][0].update(grade="sure"),
    "a time that is none": lambda page: page["devices"][0].update(first_seen="today"),
    "a time without a zone": lambda page: page["devices"][0].update(
        first_seen="2022-09-12T07:00:00"
    ),
    "a negative count": lambda page: page["devices"][0].update(sightings=-1),
    "a list in place of a text": lambda page: page["devices"][0].update(device=["x"]),
    "a name without end": lambda page: page["devices"][0].update(device="x" * 5_000),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_page_that_says_what_no_sighting_says_is_refused(folder: Path, cheat: str) -> None:
    change(folder, "devices.json", CHEATS[cheat])
    with pytest.raises(QuetsachError) as told:
        examine_findings(folder)
    assert told.value.problem.code == "E305"


def test_a_summary_that_does_not_count_as_the_sightings_do_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["summary"]["sightings"] = 0
    path.write_text(json.dumps(manifest))
    with pytest.raises(QuetsachError) as told:
        examine_findings(folder)
    assert told.value.problem.code == "E305"


def test_a_file_that_was_changed_without_its_digest_is_refused(folder: Path) -> None:
    with (folder / "alive.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(QuetsachError) as told:
        examine_findings(folder)
    assert told.value.problem.code == "E305"


def test_no_findings_at_all_are_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError) as told:
        examine_findings(tmp_path)
    assert told.value.problem.code == "E303"


def test_sightings_whose_columns_have_no_names_are_refused(folder: Path) -> None:
    path = folder / "sightings.parquet"
    content = path.read_bytes().replace(b"event.action", b"event.actio\xff")
    path.write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][path.name] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(QuetsachError, match="E305"):
        examine_findings(folder)
