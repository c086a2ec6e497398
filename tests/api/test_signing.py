"""Signing on disk: whole or not at all, beside other signatures, never over a change."""

from pathlib import Path

import pytest

from quetsach.api.signing import look_at, sign_path
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.signature import SignedKind, judge
from tests.signing.seals import KEY, OTHER, WHEN, release, sealed_by


def code(path: Path, key: object = KEY) -> str:
    before = {one: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
    with pytest.raises(QuetsachError) as error:
        sign_path(path, key, WHEN)  # type: ignore[arg-type]
    assert before == {one: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
    return error.value.problem.code


def state(path: Path) -> str:
    return str(judge(look_at(path), (KEY.public,)).state)


def test_release_is_signed_in_itself(tmp_path: Path) -> None:
    path = tmp_path / "release.jsonl"
    path.write_bytes(release())
    path.chmod(0o640)
    done = sign_path(path, KEY, WHEN)
    assert (done.kind, done.written) == (SignedKind.RELEASE, path)
    assert path.read_bytes() == sealed_by(release(), KEY)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["release.jsonl"]
    assert state(path) == "trusted"


def test_any_other_file_gets_its_signature_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "rpz.zone"
    path.write_bytes(b"; zone\n")
    for key in (KEY, OTHER):
        done = sign_path(path, key, WHEN)
        assert (done.kind, done.written.name) == (SignedKind.FILE, "rpz.zone.sig")
    assert path.read_bytes() == b"; zone\n"
    assert len(look_at(path).signatures) == 2
    assert state(path) == "trusted"
    path.write_bytes(b"; zone \n")
    assert state(path) == "altered"


def test_same_key_signs_once(tmp_path: Path) -> None:
    for name, content in (("a.jsonl", release()), ("b.txt", b"x")):
        (tmp_path / name).write_bytes(content)
        sign_path(tmp_path / name, KEY, WHEN)
        assert code(tmp_path / name) == "E234"


def test_what_was_changed_since_is_not_signed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(sealed_by(release(), KEY).replace(b"203.0.113.7", b"203.0.113.6"))
    assert code(path, OTHER) == "E235"


def test_release_that_is_cut_off_is_not_signed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(release()[:-1])
    assert code(path) == "E233"


def test_missing_file_and_folder_without_findings_are_named(tmp_path: Path) -> None:
    assert code(tmp_path / "no") == "E237"
    (tmp_path / "empty").mkdir()
    assert code(tmp_path / "empty") == "E303"
