"""Which form takes back, and for whom a form is."""

from pathlib import Path

import pytest

from quetsach.api.exporting import EXPORTS, export_findings, export_named, write_export
from quetsach.errors.exceptions import QuetsachError
from tests.exports.findings_made import made


def test_a_form_that_cannot_take_back_says_so(tmp_path: Path) -> None:
    folder = made(tmp_path)
    for form in EXPORTS:
        if form.takes_back:
            export_findings(folder, form, withdraw=True)
            continue
        with pytest.raises(QuetsachError, match="E601"):
            export_findings(folder, form, withdraw=True)


def test_an_export_that_breaks_leaves_no_file(tmp_path: Path) -> None:
    folder = made(tmp_path)
    exported = export_findings(folder, export_named("ndjson"))
    (folder / "sightings.parquet").write_bytes(b"PAR1 no table")
    with pytest.raises(QuetsachError, match="E305"):
        write_export(exported, tmp_path / "out.ndjson")
    assert not [path for path in tmp_path.iterdir() if "out.ndjson" in path.name]


def test_a_changed_folder_is_refused(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "devices.json").write_text("{}")
    with pytest.raises(QuetsachError, match="E305"):
        export_findings(folder, EXPORTS[0])
