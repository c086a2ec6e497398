"""Secrets are random, one a unit and month, in files of their own that can be deleted."""

import stat
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.fingerprints.month_secrets import SecretFolder, folder_name, is_month


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    secrets = SecretFolder(folder)
    assert secrets.secret("xã A", "2026-09") is None
    made = secrets.secret_or_new("xã A", "2026-09")
    assert secrets.secret_or_new("xã A", "2026-09") == SecretFolder(folder).secret(
        "xã A", "2026-09"
    )
    others = [("xã A", "2026-10"), ("xã B", "2026-09"), ("xã A", "undated")]
    ids = {made.key_id, *(secrets.secret_or_new(*one).key_id for one in others)}
    assert len(ids) == 4
    assert made.value.hex() not in " ".join(ids)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(path.suffix == ".key" for path in folder.iterdir())


def test_a_month_is_forgotten_for_one_unit_or_all(tmp_path: Path) -> None:
    secrets = SecretFolder(tmp_path)
    for unit in ("a", "b", "a~b"):
        for month in ("2026-09", "2026-10"):
            secrets.secret_or_new(unit, month)
    assert secrets.forget("2026-09", "a") == ["a~2026-09.key"]
    assert secrets.secret("a", "2026-09") is None
    assert secrets.secret("a~b", "2026-09") is not None
    assert len(secrets.forget("2026-09")) == 2
    assert len(list(tmp_path.iterdir())) == 3
    assert SecretFolder(tmp_path / "none").forget("2026-09") == []


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "é"])
def test_a_damaged_secret_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "a~2026-09.key").write_text(content, encoding="utf-8")
    with pytest.raises(QuetsachError, match="E328"):
        SecretFolder(tmp_path).secret("a", "2026-09")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(QuetsachError, match="E328"):
        SecretFolder(tmp_path / "file").secret_or_new("a", "2026-09")


def test_no_unit_leaves_its_folder_or_shares_it() -> None:
    units = ["", "..", ".", "/etc", "a/b", "a~b", "xã Tân Sơn", "x" * 300, "x" * 301, "a%2Fb", "~"]
    names = [folder_name(unit) for unit in units]
    assert len(set(names)) == len(units)
    assert all("/" not in name and "." not in name and 0 < len(name) < 110 for name in names)


def test_months() -> None:
    assert is_month("2026-09")
    assert is_month("undated")
    assert not any(map(is_month, ("2026-13", "2026", "../x", "2026-09\n", "٢٠٢٦-٠٩")))
