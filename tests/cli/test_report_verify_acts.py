"""`quetsach report verify-acts`: what is proved, and the exit code says it too."""

import json
from pathlib import Path

import pytest

from quetsach.api.signing import read_signing_key, write_key_pair
from tests.api.test_trails import made
from tests.cli.running import quetsach_here


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("acts")
    pair = write_key_pair("office", folder, owner="x")
    content = made(read_signing_key(pair.private))
    path, anchors = folder / "acts.json", folder / "anchors.jsonl"
    path.write_text(json.dumps(content), encoding="utf-8")
    anchors.write_text(json.dumps(content["anchor"]) + "\n", encoding="utf-8")
    return path, anchors, pair.public


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "stands in the trail"), ("vi", "có trong nhật ký")]
)
def test_it_says_what_is_proved(proof, lang: str, words: str) -> None:
    path, anchors, key = proof
    run = quetsach_here(
        "--lang", lang, "report", "verify-acts", path, "--anchors", anchors, "--key", key
    )
    assert run.returncode == 0
    assert words in run.stdout.decode()
    assert "Cán Bộ" in run.stdout.decode()


def test_exit_codes_and_json(proof) -> None:
    path, anchors, key = proof
    asked = ("--lang", "en", "report", "verify-acts", path)
    run = quetsach_here(*asked, "--key", key, "--json")
    assert run.returncode == 3
    assert json.loads(run.stdout)["published"] is False
    assert quetsach_here(*asked, "--anchors", anchors).returncode == 1
    run = quetsach_here("report", "verify-acts", key, "--key", key)
    assert run.returncode == 2
    assert b"E456" in run.stderr


@pytest.mark.parametrize(("lang", "words"), [("en", "nor on which report"), ("vi", "báo cáo nào")])
def test_digests_alone_are_not_said_to_prove_acts(proof, tmp_path, lang: str, words: str) -> None:
    path, anchors, key = proof
    content = json.loads(path.read_text(encoding="utf-8"))
    for act in content["acts"]:
        del act["row"]
    bare = tmp_path / "acts.json"
    bare.write_text(json.dumps(content), encoding="utf-8")
    asked = ("--lang", lang, "report", "verify-acts", bare, "--anchors", anchors, "--key", key)
    run = quetsach_here(*asked)
    assert run.returncode == 0
    said = run.stdout.decode()
    assert words in said
    assert not any(line.startswith(("act ", "dòng ")) for line in said.splitlines())
    shown = quetsach_here("--lang", lang, "report", "verify-acts", path, "--key", key)
    assert words not in shown.stdout.decode()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "the row holds no code"), ("vi", "dòng này không ghi mã")]
)
def test_a_row_without_a_code_is_named(proof, tmp_path, lang: str, words: str) -> None:
    _path, _anchors, key = proof
    signer = read_signing_key(write_key_pair("other", tmp_path, owner="x").private)
    bare = tmp_path / "acts.json"
    bare.write_text(json.dumps(made(signer, code=None)), encoding="utf-8")
    run = quetsach_here("--lang", lang, "report", "verify-acts", bare, "--key", key)
    assert run.stdout.decode().count(words) == 2
