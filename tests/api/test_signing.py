"""Signing on disk: whole or not at all, beside other signatures, never over a change."""

import stat
from pathlib import Path

import pytest

from quetsach.api.lists import ReleaseTarget, ReleaseTitles, release_indicators
from quetsach.api.signing import (
    look_at,
    needs_passphrase,
    new_key,
    read_signing_key,
    read_trusted,
    release_facts,
    sign,
    sign_path,
    write_key_pair,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.signature import SignedKind, judge
from tests.signing.seals import KEY, OTHER, WHEN, sealed_by
from tests.signing.seals import release as release_bytes


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
    path.write_bytes(release_bytes())
    path.chmod(0o640)
    done = sign_path(path, KEY, WHEN)
    assert (done.kind, done.written) == (SignedKind.RELEASE, path)
    assert path.read_bytes() == sealed_by(release_bytes(), KEY)
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
    for name, content in (("a.jsonl", release_bytes()), ("b.txt", b"x")):
        (tmp_path / name).write_bytes(content)
        sign_path(tmp_path / name, KEY, WHEN)
        assert code(tmp_path / name) == "E234"


def test_what_was_changed_since_is_not_signed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(sealed_by(release_bytes(), KEY).replace(b"203.0.113.7", b"203.0.113.6"))
    assert code(path, OTHER) == "E235"


def test_release_that_is_cut_off_is_not_signed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(release_bytes()[:-1])
    assert code(path) == "E233"


def test_missing_file_and_folder_without_findings_are_named(tmp_path: Path) -> None:
    assert code(tmp_path / "no") == "E237"
    (tmp_path / "empty").mkdir()
    assert code(tmp_path / "empty") == "E303"


def refused(code: str, *words: object, **more: object) -> None:
    with pytest.raises(QuetsachError) as error:
        write_key_pair(*words, **more)  # type: ignore[arg-type]
    assert error.value.problem.code == code


def test_only_its_owner_may_read_the_private_key(tmp_path: Path) -> None:
    pair = write_key_pair("so", tmp_path / "new", owner="Sở KH&CN")
    assert stat.S_IMODE(pair.private.stat().st_mode) == 0o600
    (public,) = read_trusted([pair.public])
    assert (public.key_id, public.owner) == (pair.key_id, "Sở KH&CN")
    assert read_signing_key(pair.private).public == public


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    pair = write_key_pair("so", tmp_path)
    before = pair.private.read_bytes()
    refused("E232", "so", tmp_path)
    pair.private.rename(tmp_path / "kept")
    refused("E232", "so", tmp_path)
    assert not pair.private.exists()
    assert (tmp_path / "kept").read_bytes() == before


def test_key_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "so.key.pem").symlink_to(tmp_path / "elsewhere")
    refused("E232", "so", tmp_path)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["", "../so", "a/b", ".hidden", "a\n", "x" * 200])
def test_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    refused("E230", name, tmp_path)


def test_locked_key_says_so(tmp_path: Path) -> None:
    assert needs_passphrase(write_key_pair("a", tmp_path, passphrase=b"x").private)
    assert not needs_passphrase(write_key_pair("b", tmp_path).private)


def test_folder_of_keys_gives_the_public_ones(tmp_path: Path) -> None:
    pairs = [write_key_pair(name, tmp_path) for name in ("a", "b")]
    (tmp_path / "note.txt").write_text("not a key")
    assert {key.key_id for key in read_trusted([tmp_path])} == {one.key_id for one in pairs}


def test_missing_key_and_folder_without_keys_are_named(tmp_path: Path) -> None:
    for path, code in ((tmp_path, "E230"), (tmp_path / "no.pem", "E237")):
        with pytest.raises(QuetsachError) as error:
            read_trusted([path])
        assert error.value.problem.code == code


@pytest.fixture
def release(tmp_path: Path) -> Path:
    source, out = tmp_path / "xau.csv", tmp_path / "xau.jsonl"
    source.write_text("address\n198.51.100.7\n198.51.100.8\nxau.example\n", encoding="utf-8")
    titles = ReleaseTitles(created="2022-09-01T08:00:00+07:00", title="Đợt 1", campaign="Thử")
    release_indicators([source], titles, ReleaseTarget(out=out))
    return out


def test_a_release_tells_its_title_count_and_words(release: Path) -> None:
    facts = release_facts(release)
    assert (facts.title, facts.count, facts.signed_by) == ("Đợt 1", 3, ())
    assert sum(facts.kinds.values()) == 3
    assert len(facts.words) == 24


def test_a_signature_changes_neither_digest_nor_words(release: Path, tmp_path: Path) -> None:
    before = release_facts(release)
    pair = new_key("ky", tmp_path / "keys")
    sign(release, key=pair.private)
    after = release_facts(release)
    assert (after.digest, after.words) == (before.digest, before.words)
    assert len(after.signed_by) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.replace(b"xau.example", b"tot.example"),
        lambda raw: raw[:-20],
        lambda _raw: b"",
        lambda _raw: b"PK\x03\x04",
    ],
)
def test_what_was_changed_or_is_no_release_is_told(release: Path, damage) -> None:
    release.write_bytes(damage(release.read_bytes()))
    with pytest.raises(QuetsachError):
        release_facts(release)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E237"):
        release_facts(tmp_path / "none.jsonl")
