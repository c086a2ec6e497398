"""`quetsach indicators verify`: plain words, the exit code, and JSON for programs."""

import json
from pathlib import Path

import pytest

from tests.cli.running import quetsach
from tests.signing.seals import release


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    quetsach("indicators", "key", "so", "--owner", "Sở KH&CN", cwd=tmp_path)
    (tmp_path / "r.jsonl").write_bytes(release())
    quetsach("indicators", "sign", "r.jsonl", "--key", "so.key.pem", cwd=tmp_path)
    return tmp_path


def verify(folder: Path, *words: str) -> tuple[int, str]:
    run = quetsach("indicators", "verify", *words, cwd=folder)
    return run.returncode, run.stdout.decode() + run.stderr.decode()


def test_trusted_unknown_altered_and_unsigned_are_told_apart(folder: Path) -> None:
    code, text = verify(folder, "r.jsonl", "--key", "so.pub.pem")
    assert (code, "by a key that you trust" in text, "Sở KH&CN" in text) == (0, True, True)
    code, text = verify(folder, "r.jsonl")
    assert (code, "a key you have not said you trust" in text) == (3, True)
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
