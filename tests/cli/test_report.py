"""`quetsach report`: the form beside the findings."""

from pathlib import Path

from tests.cli.running import names_in, quetsach


def test_the_documents_are_written_and_named(findings: Path, tmp_path: Path) -> None:
    out = tmp_path / "papers"
    run = quetsach(
        "report", findings, "--form", "phu-luc-2022", "--unit", "UBND xã Hàm Giang", "-o", out
    )
    assert run.returncode == 0
    written = sorted(run.stdout.decode().split("\n")[:-1])
    assert written == [str(out / name) for name in names_in(out)]
    assert {Path(one).suffix for one in written} == {".docx", ".pdf"}


def test_an_unknown_form_names_the_known_ones(findings: Path) -> None:
    run = quetsach("report", findings, "--form", "nothing")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E401 ")
    assert b"phu-luc-2022" in run.stderr
