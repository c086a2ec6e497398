"""Keys that processes share: one a period, forgotten in time, whatever the file looks like."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from quetsach_public.plane_keys import PlaneKeys

DAY = date(2026, 11, 30)


def keys(folder: Path) -> PlaneKeys:
    return PlaneKeys(
        folder / "run" / "x.keys", lambda: secrets.token_bytes(32), renew_after=7, keep_for=30
    )


def test_all_processes_get_the_same_key_even_when_they_ask_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        newest = list(threads.map(lambda _n: keys(tmp_path).newest(DAY), range(32)))
    assert len(set(newest)) == 1


def test_a_key_is_used_a_week_read_for_its_time_and_then_gone_from_the_file(tmp_path: Path) -> None:
    ours = keys(tmp_path)
    first = ours.newest(DAY)
    assert ours.newest(DAY + timedelta(days=6)) == first
    second = ours.newest(DAY + timedelta(days=7))
    assert second != first
    assert list(ours.known(DAY + timedelta(days=36))) == [second, first]
    assert first not in ours.known(DAY + timedelta(days=37))
    ours.newest(DAY + timedelta(days=37))
    assert first.secret.hex() not in (tmp_path / "run" / "x.keys").read_text()


@pytest.mark.parametrize("content", ["", "{", "[[1]]", '[["2026-11-30"]]', '[["x", "00"]]', "5"])
def test_a_damaged_file_opens_nothing_and_is_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "x.keys").write_text(content)
    ours = keys(tmp_path)
    assert list(ours.known(DAY)) == []
    assert list(ours.known(DAY)) == [] != [ours.newest(DAY)]
    assert list(ours.known(DAY)) == [ours.newest(DAY)]


def test_a_key_from_the_future_of_a_clock_that_was_set_back_is_not_used(tmp_path: Path) -> None:
    ours = keys(tmp_path)
    early = ours.newest(DAY + timedelta(days=3))
    assert ours.newest(DAY) != early
