"""`quetsach indicators verify`: plain words, the exit code, and JSON for programs."""

import json
from pathlib import Path

import pytest

from quetsach.api.signing import read_trusted
from quetsach.signing.printed import read_printed
from tests.cli.running import names_in, quetsach_here
from tests.signing.seals import release


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    quetsach_here("indicators", "key", "so", "--owner", "Sở KH&CN", cwd=tmp_path)
    (tmp_path / "r.jsonl").write_bytes(release())
    quetsach_here("indicators", "sign", "r.jsonl", "--key", "so.key.pem", cwd=tmp_path)
    return tmp_path


def verify(folder: Path, *words: str) -> tuple[int, str]:
    run = quetsach_here("indicators", "verify", *words, cwd=folder)
    return run.returncode, run.stdout.decode() + run.stderr.decode()


def test_trusted_unknown_altered_and_unsigned_are_told_apart(folder: Path) -> None:
    code, text = verify(folder, "r.jsonl", "--key", "so.pub.pem")
    assert (code, "by a key that you trust" in text, "Sở KH&CN" in text) == (0, True, True)
    code, text = verify(folder, "r.jsonl")
    assert (code, "a key that you have not marked as trusted" in text) == (3, True)
    (folder / "r.jsonl").write_bytes((folder / "r.jsonl").read_bytes() + b"{}\n")
    code, text = verify(folder, "r.jsonl", "--key", ".")
    assert (code, "ALTERED" in text, "lines were added" in text) == (2, True, True)
    (folder / "r.jsonl").write_bytes(release())
    code, text = verify(folder, "r.jsonl", "--key", ".")
    assert (code, "It is not signed" in text) == (2, True)


def test_words_of_the_sheet_are_accepted_as_people_type_them(folder: Path) -> None:
    _code, told = verify(folder, "r.jsonl", "--json")
    from quetsach.signing.printed import words_of

    words = words_of(json.loads(told)["verdict"]["digest"])
    typed = "\n".join(f"{place}) {word[:4].upper()}" for place, word in enumerate(words, 1))
    assert verify(folder, "r.jsonl", "--printed", typed)[0] == 0
    code, text = verify(folder, "r.jsonl", "--printed", typed.rpartition("\n")[0])
    assert code == 2
    assert "E236" in text


def test_json_holds_the_verdict(folder: Path) -> None:
    code, text = verify(folder, "r.jsonl", "--key", "so.pub.pem", "--json")
    told = json.loads(text)
    assert (code, told["exit_code"], told["verdict"]["state"]) == (0, 0, "trusted")
    assert told["verdict"]["signers"][0]["owner"] == "Sở KH&CN"


def test_nothing_to_verify_is_a_usage_error(tmp_path: Path) -> None:
    assert verify(tmp_path)[0] == 2


def test_pair_is_written_and_its_number_told(tmp_path: Path) -> None:
    run = quetsach_here("indicators", "key", "so", "--owner", "Sở KH&CN", "-o", tmp_path / "keys")
    assert run.returncode == 0
    assert names_in(tmp_path / "keys") == ["so.key.pem", "so.pub.pem"]
    (key,) = read_trusted([tmp_path / "keys/so.pub.pem"])
    assert key.key_id in run.stdout.decode()
    assert key.owner == "Sở KH&CN"
    assert b"not encrypted" in run.stderr


def test_second_pair_of_one_name_is_refused(tmp_path: Path) -> None:
    quetsach_here("indicators", "key", "so", cwd=tmp_path)
    run = quetsach_here("indicators", "key", "so", cwd=tmp_path)
    assert (run.returncode, run.stderr[:5]) == (2, b"E232 ")


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
