"""A store never changes what it has, and finds a version by the first digits of its digest."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule, Origin
from quetsach.indicators.releases.lines import ReleaseEntry
from quetsach.indicators.releases.release import Release, digest_of, release_bytes
from quetsach.indicators.releases.store import (
    ReleaseVersion,
    add_release,
    find_release,
    latest,
    open_release,
    versions,
    write_new,
)

CREATED = "2026-09-01T08:00:00+07:00"


def release(*keys: str) -> Release:
    origins = (Origin("l", "a", 1, "x"),)
    made = (
        Indicator(key, key, IndicatorKind.NAME, MatchRule.BELOW, origins=origins) for key in keys
    )
    return Release(CREATED, tuple(map(ReleaseEntry, made)))


def add(folder: Path, *keys: str, note: str = "") -> Path:
    raw = release_bytes(release(*keys))
    return add_release(folder, raw, ReleaseVersion(digest_of(raw), CREATED, note=note))


def test_releases_are_found_by_their_digest_and_the_latest_is_known(tmp_path: Path) -> None:
    store = tmp_path / "a" / "store"
    assert (latest(store), versions(store)) == (None, [])
    first, second = add(store, "a.example", note="đầu"), add(store, "b.example")
    assert first.name == f"{digest_of(first.read_bytes())[:16]}.jsonl"
    assert [(one.name, one.note) for one in versions(store)] == [
        (first.name, "đầu"),
        (second.name, ""),
    ]
    found = latest(store)
    assert found == (digest_of(second.read_bytes()), release("b.example"))
    assert find_release(store, first.stem[:6])[1] == release("a.example")
    assert open_release(f"{store}@{first.stem.upper()}")[1] == release("a.example")
    assert open_release(str(store)) == found
    assert open_release(str(first))[1] == release("a.example")


def test_the_same_release_twice_is_one_file_and_one_version(tmp_path: Path) -> None:
    path = add(tmp_path, "a.example")
    path.write_bytes(path.read_bytes() + b'{"signature":{}}\n')
    signed = path.read_bytes()
    assert add(tmp_path, "a.example") == path
    assert path.read_bytes() == signed, "a signature that was added stays"
    assert len(versions(tmp_path)) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([path.name, "versions.jsonl"])


def test_a_file_with_other_content_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    write_new(path, release_bytes(release("a.example")))
    before = path.read_bytes()
    with pytest.raises(QuetsachError, match="E227"):
        write_new(path, release_bytes(release("b.example")))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["r.jsonl"]


def test_a_release_that_was_changed_in_the_store_is_not_read(tmp_path: Path) -> None:
    path = add(tmp_path, "a.example")
    other = release_bytes(release("b.example"))
    path.write_bytes(other)
    with pytest.raises(QuetsachError, match="E220"):
        latest(tmp_path)
    path.unlink()
    with pytest.raises(QuetsachError, match="E220"):
        latest(tmp_path)


def test_no_digest_or_several_are_an_error(tmp_path: Path) -> None:
    add(tmp_path, "a.example")
    for digits in ("", "zz"):
        with pytest.raises(QuetsachError, match="E224"):
            open_release(f"{tmp_path}@{digits}")
    (tmp_path / "empty").mkdir()
    with pytest.raises(QuetsachError, match="E224"):
        open_release(str(tmp_path / "empty"))


def test_a_damaged_list_of_versions_is_an_error_with_its_line(tmp_path: Path) -> None:
    add(tmp_path, "a.example")
    with (tmp_path / "versions.jsonl").open("ab") as file:
        file.write(b"{\n")
    with pytest.raises(QuetsachError, match=r"E220 .*versions\.jsonl:2"):
        versions(tmp_path)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(QuetsachError, match="E225"):
        add(tmp_path / "file" / "store", "a.example")
