"""`quetsach card`: the sheets are written and named."""

from pathlib import Path

from tests.cli.running import names_in, quetsach_here


def test_the_sheets_are_written_and_named(findings: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheets"
    run = quetsach_here("card", findings, "10.0.0.5", "-o", out, "--tool", "KVRT")
    assert run.returncode == 0
    assert run.stdout.decode().split() == [str(out / name) for name in names_in(out)]
    assert (out / "001-10-0-0-5.pdf").read_bytes().startswith(b"%PDF")
    run = quetsach_here("card", findings, "--html", "--case-url", "https://portal.example/{device}")
    assert run.returncode == 0
    page = (findings / "cards" / "001-10-0-0-5.html").read_text(encoding="utf-8")
    assert "Handling sheet" in page


def test_a_device_that_is_not_there_is_an_error(findings: Path) -> None:
    run = quetsach_here("card", findings, "nobody")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E408 ")


def test_a_folder_without_findings_is_an_error(tmp_path: Path) -> None:
    run = quetsach_here("card", tmp_path)
    assert (run.returncode, run.stderr[:5]) == (2, b"E303 ")
