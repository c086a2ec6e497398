"""The cache gives what reading gives, is never stale, and belongs to its user."""

import os
from pathlib import Path

import pytest

from quetsach.indicators.compiled import cache
from quetsach.indicators.compiled.cache import CacheUse, list_cache_folder, read_cached
from quetsach.indicators.indicator_set import indicator_table
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.scanning.job import ScanJob, prepare


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "FEWEST_BYTES", 10)
    found = list_cache_folder({"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert found is not None
    return found


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text("a.example\n203.0.113.7\nb[.]example # seen\n10.0.0.1\n")
    return path


def test_the_second_time_what_was_stored_is_mapped(folder: Path, listed: Path) -> None:
    plain = read_lists([listed], ListOptions())
    uses = []
    for _ in range(2):
        cached = read_cached([listed], ListOptions(), folder)
        uses.append(cached.use)
        assert tuple(cached.indicators.indicators) == tuple(plain.indicators)
        assert cached.indicators.digest == plain.digest
        assert cached.indicators.readings == plain.readings
        assert cached.indicators.refusals == plain.refusals
        assert cached.indicators.compiled == ()
    assert uses == [CacheUse.STORED, CacheUse.MAPPED]
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_another_file_option_or_name_is_read_anew(folder: Path, listed: Path) -> None:
    def use(path: Path = listed, options: ListOptions | None = None) -> CacheUse:
        return read_cached([path], ListOptions() if options is None else options, folder).use

    assert use() is CacheUse.STORED
    assert use(options=ListOptions(accept_private=True)) is CacheUse.STORED
    other = listed.with_name("other.txt")
    other.write_bytes(listed.read_bytes())
    assert use(other) is CacheUse.STORED
    assert use(listed.parent / "list.txt") is CacheUse.MAPPED
    listed.write_bytes(listed.read_bytes() + b"c.example\n")
    assert use() is CacheUse.STORED
    keys = {one.key for one in read_cached([listed], ListOptions(), folder).indicators.indicators}
    assert "c.example" in keys


def test_what_is_damaged_is_made_again(folder: Path, listed: Path) -> None:
    read_cached([listed], ListOptions(), folder)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    cached = read_cached([listed], ListOptions(), folder)
    assert cached.use is CacheUse.REBUILT
    assert len(cached.indicators.indicators) == 3
    assert file.read_bytes() == whole


def test_without_folder_or_for_small_lists_nothing_is_kept(
    folder: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_cached([listed], ListOptions(), None).use is CacheUse.NONE
    monkeypatch.setattr(cache, "FEWEST_BYTES", 1000)
    assert read_cached([listed], ListOptions(), folder).use is CacheUse.NONE
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_only_costs_time(folder: Path, listed: Path) -> None:
    folder.rmdir()
    cached = read_cached([listed], ListOptions(), folder)
    assert (cached.use, len(cached.indicators.indicators)) == (CacheUse.NONE, 3)


def test_the_folder_is_the_users_alone(tmp_path: Path) -> None:
    assert list_cache_folder({}) is None
    assert list_cache_folder({"HOME": "relative"}) is None
    home = list_cache_folder({"HOME": str(tmp_path), "XDG_CACHE_HOME": "relative"})
    assert home == tmp_path / ".cache/quetsach/lists"
    assert home.stat().st_mode & 0o077 == 0
    home.chmod(0o755)
    assert list_cache_folder({"HOME": str(tmp_path)}) is None
    home.rmdir()
    home.symlink_to(tmp_path)
    assert list_cache_folder({"HOME": str(tmp_path)}) is None


def test_the_files_used_longest_ago_make_room(
    folder: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("old", "older")):
        (folder / name).write_bytes(bytes(6000))
        os.utime(folder / name, (1000 - number, 1000 - number))
    monkeypatch.setattr(cache, "MOST_BYTES", 9000)
    read_cached([listed], ListOptions(), folder)
    assert {path.name for path in folder.iterdir() if path.suffix == ""} == {"old"}


def test_the_kernels_keys_are_kept_beside_and_made_again(folder: Path, listed: Path) -> None:
    block = b"1 x.a.example\n2 a.b.c\n3 203.0.113.7\n"
    found = []
    for _ in range(3):
        cached = read_cached([listed], ListOptions(), folder)
        assert indicator_table(cached.indicators).keys_folder == folder
        sieve = prepare(ScanJob(cached.indicators)).sieve
        found.append(sieve.scan(block, None, None).candidates)
        for image in folder.glob("*.qskeys"):
            image.write_bytes(image.read_bytes()[:-8])
    assert found[0] == found[1] == found[2] == [(0, 13), (22, 35)]
