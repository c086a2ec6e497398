"""Tests that ask LibreOffice are skipped where it lacks the part, and never fail for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.libreoffice import Part, convert, has

# Saves what a text program can save, and says no to the rest as LibreOffice does: with exit code 0.
WRITER_ALONE = """#!/bin/sh
case "$4" in
    docx) : > "${5%.*}.docx" ;;
    *) echo "Error: no export filter for $5 found, aborting." >&2 ;;
esac
"""


@pytest.fixture
def writer_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which only the Writer of LibreOffice is installed."""
    program = tmp_path / "soffice"
    program.write_text(WRITER_ALONE)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    has.cache_clear()
    yield
    has.cache_clear()


def test_a_program_without_calc_is_told_from_one_with_it(writer_alone: None) -> None:
    assert has(Part.WRITER)
    assert not has(Part.CALC)


def test_what_needs_calc_is_skipped_without_it(writer_alone: None, tmp_path: Path) -> None:
    book = tmp_path / "x.xlsx"
    book.touch()
    with pytest.raises(pytest.skip.Exception, match="no LibreOffice Calc"):
        convert(book, "xls", Part.CALC)
