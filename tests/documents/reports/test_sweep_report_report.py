"""From findings to both files."""

from pathlib import Path
from typing import Any

import pytest

from quetsach.documents.reports import sweep_report
from quetsach.documents.reports.sweep_report import write_report
from quetsach.documents.typeset.typst import BUILT_IN, Face
from quetsach.errors.exceptions import QuetsachError

UNIT = "Ủy ban nhân dân xã Tập Sơn"


def written(
    summary: Any, coverage: Any, out: Path, created: Any, unit: str = UNIT
) -> sweep_report.WrittenReport:
    return write_report(
        summary, coverage, out, form_code="phu-luc-2022", unit=unit, created=created
    )


def test_both_files_are_written_and_nothing_else(summary, coverage, tmp_path, created) -> None:
    out = tmp_path / "kết quả" / "báo cáo"
    files = written(summary, coverage, out, created).files
    assert files == (out / "phu-luc-2022.docx", out / "phu-luc-2022.pdf")
    assert sorted(out.iterdir()) == sorted(files)
    assert files[0].read_bytes()[:2] == b"PK"
    assert files[1].read_bytes()[:5] == b"%PDF-"


def test_writing_again_gives_the_same_bytes(summary, coverage, tmp_path, created) -> None:
    first = [f.read_bytes() for f in written(summary, coverage, tmp_path, created).files]
    assert [f.read_bytes() for f in written(summary, coverage, tmp_path, created).files] == first


def test_characters_that_cannot_be_printed_are_noted(summary, coverage, tmp_path, created) -> None:
    notes = written(summary, coverage, tmp_path, created, unit="Phòng 漢").notes
    assert any("U+6F22" in note for note in notes)


def test_another_typeface_is_noted(summary, coverage, tmp_path, created, monkeypatch) -> None:
    monkeypatch.setattr(sweep_report, "find_face", lambda: Face(BUILT_IN))
    (note,) = written(summary, coverage, tmp_path, created).notes
    assert BUILT_IN in note


def test_a_place_that_cannot_be_written_is_told(summary, coverage, tmp_path, created) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(QuetsachError) as caught:
        written(summary, coverage, tmp_path / "file", created)
    assert caught.value.problem.code == "E406"


def test_bad_findings_leave_no_half_of_a_report(summary, coverage, tmp_path, created) -> None:
    with pytest.raises(QuetsachError) as caught:
        written({**summary, "lines": "?"}, coverage, tmp_path, created)
    assert caught.value.problem.code == "E404"
    assert list(tmp_path.iterdir()) == []
