"""`quetsach indicators withdrawn`: past findings held against what was taken back."""

import json
from pathlib import Path

from tests.cli.running import quetsach_here
from tests.sweeping.evidence import write


def test_findings_that_rest_on_what_was_withdrawn_are_told(
    tmp_path: Path, findings: Path, listed: Path
) -> None:
    store = tmp_path / "store"
    quetsach_here("indicators", "release", listed, "--store", store)
    run = quetsach_here("indicators", "withdrawn", findings, "--release", store)
    assert run.returncode == 0
    assert "nothing rests on" in run.stdout.decode()
    write(listed, "bad.example\n")
    quetsach_here("indicators", "release", listed, "--store", store, "--accept-shrunken", "x")
    run = quetsach_here("indicators", "withdrawn", findings, "--release", store)
    assert (run.returncode, run.stderr) == (1, b"")
    shown = run.stdout.decode()
    assert "1 sightings rest on 1 indicators that were taken back." in shown
    assert "203.0.113.77: withdrawn, since 20" in shown
    assert "Named by nothing else, to be looked at again: 1\n  10.0.0.5" in shown
    run = quetsach_here("indicators", "withdrawn", findings, "--release", store, "--json")
    (one,) = json.loads(run.stdout)["findings"]
    assert one["cleared"] == ["10.0.0.5"]
    assert len(one["indicators"][0]["sightings"]) == 1


def test_what_is_no_findings_folder_is_an_error(tmp_path: Path, listed: Path) -> None:
    quetsach_here("indicators", "release", listed, "--store", tmp_path / "store")
    run = quetsach_here("indicators", "withdrawn", tmp_path, "--release", tmp_path / "store")
    assert run.returncode == 2
    assert "E303" in run.stderr.decode()
