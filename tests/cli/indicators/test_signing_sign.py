"""`quetsach indicators sign` and `sweep --sign`: signed, and the words printed."""

import json
from pathlib import Path

from quetsach.signing.printed import read_printed
from tests.cli.running import quetsach_here
from tests.signing.seals import release


def test_release_is_signed_and_its_words_are_printed(tmp_path: Path) -> None:
    quetsach_here("indicators", "key", "so", cwd=tmp_path)
    (tmp_path / "r.jsonl").write_bytes(release())
    at = "2026-11-24T09:30:00+07:00"
    words = ("indicators", "sign", "r.jsonl", "--key", "so.key.pem", "--at", at)
    run = quetsach_here(*words, cwd=tmp_path)
    assert run.returncode == 0
    seal = json.loads((tmp_path / "r.jsonl").read_text().splitlines()[-1])["signature"]
    assert seal["signed"] == at
    grid = "\n".join(run.stdout.decode().split("words:\n")[1].splitlines()[:6])
    assert read_printed(grid).digest == seal["digest"]
    again = quetsach_here(*words, cwd=tmp_path)
    assert (again.returncode, again.stderr[:5]) == (2, b"E234 ")


def test_time_without_offset_is_refused(tmp_path: Path) -> None:
    quetsach_here("indicators", "key", "so", cwd=tmp_path)
    words = ("indicators", "sign", "so.pub.pem", "--key", "so.key.pem", "--at", "2026-11-24")
    assert quetsach_here(*words, cwd=tmp_path).stderr.startswith(b"E601 ")


def test_sweep_signs_its_findings_at_once(tmp_path: Path, log: Path, listed: Path) -> None:
    quetsach_here("indicators", "key", "so", cwd=tmp_path)
    words = ("sweep", log, "-i", listed, "-o", "f", "--sign", "so.key.pem", "--quiet")
    assert quetsach_here(*words, cwd=tmp_path).returncode == 1
    verify = ("indicators", "verify", "f", "--key", "so.pub.pem")
    assert quetsach_here(*verify, cwd=tmp_path).returncode == 0
    assert quetsach_here("why", "f", "0", cwd=tmp_path).stderr.startswith(b"E304 ")
    page = (tmp_path / "f/report.html").read_bytes()
    (tmp_path / "f/report.html").write_bytes(page.replace(b"10.0.0.5", b"10.0.0.6"))
    assert quetsach_here(*verify, cwd=tmp_path).returncode == 2


def test_sweep_with_a_bad_key_does_not_begin(tmp_path: Path, log: Path, listed: Path) -> None:
    run = quetsach_here("sweep", log, "-i", listed, "-o", "f", "--sign", listed, cwd=tmp_path)
    assert (run.returncode, run.stderr[:5]) == (2, b"E230 ")
    assert not (tmp_path / "f").exists()
