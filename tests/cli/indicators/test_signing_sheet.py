"""`quetsach indicators sheet`: a page beside the file, or where it is wanted."""

from pathlib import Path

from tests.cli.running import quetsach_here
from tests.signing.seals import release


def test_page_is_written_and_named(tmp_path: Path) -> None:
    quetsach_here("indicators", "key", "so", cwd=tmp_path)
    (tmp_path / "r.jsonl").write_bytes(release())
    run = quetsach_here("indicators", "sheet", "r.jsonl", cwd=tmp_path)
    assert (run.returncode, run.stderr[:5]) == (2, b"E238 ")
    quetsach_here("indicators", "sign", "r.jsonl", "--key", "so.key.pem", cwd=tmp_path)
    run = quetsach_here("indicators", "sheet", "r.jsonl", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (0, b"r.jsonl.sheet.pdf\n")
    assert (tmp_path / "r.jsonl.sheet.pdf").read_bytes().startswith(b"%PDF")
    assert quetsach_here("indicators", "verify", "r.jsonl", cwd=tmp_path).returncode == 3
