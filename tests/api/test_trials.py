"""A dry run says whom a set would name and by which rows, and leaves nothing behind."""

import tempfile
from pathlib import Path

import pytest

from quetsach.api import lists, sweeps
from quetsach.api.trials import Trial
from quetsach.errors.exceptions import QuetsachError
from tests.sweeping.evidence import HEADER, conn, write

BAD, WIDE = "203.0.113.77", "198.51.100.9"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def evidence(tmp_path: Path) -> Path:
    """Two units; five devices meet the wide row, two of them the bad one as well."""
    first = [conn(n, f"10.0.0.{n}", WIDE) for n in range(1, 4)]
    first += [conn(10, "10.0.0.1", BAD), conn(11, "10.0.0.9", "192.0.2.1")]
    write(tmp_path / "logs" / "xa-a" / "conn.log", HEADER + "".join(first))
    second = [conn(n, f"10.9.0.{n}", WIDE, moved=0) for n in range(4, 6)] + [
        conn(12, "10.9.0.4", BAD)
    ]
    write(tmp_path / "logs" / "xa-b" / "conn.log", HEADER + "".join(second))
    return tmp_path / "logs"


def tried(tmp_path: Path, listed: str, *, units: Path | None = None, previous: str = "") -> Trial:
    request = sweeps.sweep_request(
        evidence=[str(evidence(tmp_path))],
        lists=[write(tmp_path / "new.txt", listed)],
        out=tmp_path / "never",
    )
    return lists.try_indicators(request, units=units, allow=["none"], previous=previous or None)


def test_devices_are_counted_by_row_and_by_unit(tmp_path: Path, temporary: Path) -> None:
    found = tried(tmp_path, f"{BAD}\n{WIDE}\nunmet.example\n")
    assert (found.devices, found.units, found.without_unit) == (5, {"xa-a": 3, "xa-b": 2}, 0)
    wide, bad = found.rows
    assert (wide.key, wide.list_name, wide.row) == (WIDE, "new.txt", 2)
    assert (wide.devices, wide.only, wide.units, wide.share) == (5, 3, 2, 1.0)
    assert (bad.devices, bad.only, bad.units, bad.share) == (2, 0, 2, 0.4)
    assert (wide.sightings, bad.sightings, wide.best_grade) == (5, 2, "moved")
    assert found.wide == (WIDE, BAD)
    assert found.unmet == 1
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "never").exists()


def test_a_table_of_units_goes_before_the_folders(tmp_path: Path) -> None:
    table = write(tmp_path / "u.csv", "mạng,đơn vị\n10.0.0.0/24,Xã A\n")
    found = tried(tmp_path, f"{WIDE}\n", units=table)
    assert (found.units, found.without_unit) == ({"Xã A": 3}, 2)


def test_the_difference_to_the_release_in_use_names_the_devices(tmp_path: Path) -> None:
    old = write(tmp_path / "old.txt", f"{BAD}\n")
    shelf = lists.ReleaseTarget(out=tmp_path / "r.jsonl")
    lists.release_indicators([old], lists.ReleaseTitles("2026-09-01"), shelf)
    found = tried(tmp_path, f"{WIDE}\n", previous=str(tmp_path / "r.jsonl"))
    assert found.previous is not None
    assert found.previous.devices == 2
    assert found.previous.added == ("10.0.0.2", "10.0.0.3", "10.9.0.5")
    assert found.previous.gone == ()


def test_what_is_to_be_watched_names_nobody(tmp_path: Path) -> None:
    decisions = tmp_path / "d.jsonl"
    lists.decide_indicators(
        [WIDE], lists.AllowDecision.WATCH, reason="x", until="2099-01-01", by="", file=decisions
    )
    request = sweeps.sweep_request(
        evidence=[str(evidence(tmp_path))],
        lists=[write(tmp_path / "new.txt", f"{BAD}\n{WIDE}\n")],
        decisions=decisions,
        out=tmp_path / "never",
    )
    found = lists.try_indicators(request, allow=["none"])
    assert (found.devices, found.asked) == (2, 3)
    assert {one.key: one.allow for one in found.rows} == {BAD: (), WIDE: ("watch-only",)}


def test_a_sweep_that_cannot_be_done_leaves_nothing_behind(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(QuetsachError, match="E201"):
        tried(tmp_path, "com.vn\n")
    assert list(temporary.iterdir()) == []
