"""Key files: written once, shown to nobody else, and read back from files and folders."""

import stat
from pathlib import Path

import pytest

from quetsach.api.signing import needs_passphrase, read_signing_key, read_trusted, write_key_pair
from quetsach.errors.exceptions import QuetsachError


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
