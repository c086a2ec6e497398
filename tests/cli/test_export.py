"""`quetsach export`: to stdout or a file, and what became of each sighting on stderr."""

import json
from pathlib import Path

from quetsach.api.exporting import EXPORTS
from quetsach.cli.export import FORMS
from tests.cli.running import quetsach
from tests.exports.findings_made import made


def test_the_command_knows_every_form() -> None:
    assert tuple(form.name for form in EXPORTS) == FORMS


def test_stdout_has_the_export_alone_and_stderr_the_counts(tmp_path: Path) -> None:
    run = quetsach("export", made(tmp_path), "--to", "ndjson")
    assert run.returncode == 0
    assert len([json.loads(line) for line in run.stdout.splitlines()]) == 4
    assert b"4 sightings written" in run.stderr
    assert b"1 left out: the marking" in run.stderr
    assert b"--with-machines" in run.stderr
    whole = quetsach("export", tmp_path / "findings", "--to", "ndjson", "-o", "-", "--quiet")
    assert whole.stdout == run.stdout
    assert whole.stderr == b""


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "x" / "bundle.json"
    run = quetsach("export", made(tmp_path), "--to", "stix-sighting", "-o", out)
    assert run.returncode == 0
    assert json.loads(out.read_bytes())["type"] == "bundle"
    run = quetsach("export", tmp_path / "none", "--to", "misp", "-o", tmp_path / "y.json")
    assert run.returncode == 2
    assert b"E303" in run.stderr
    assert not (tmp_path / "y.json").exists()
