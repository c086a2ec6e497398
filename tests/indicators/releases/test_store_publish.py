"""A release is written with what it changes, or nothing is written at all."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import AllowDecision, Decision, IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.decisions import Decisions
from quetsach.indicators.releases.store import (
    PublishedRelease,
    ReleaseTarget,
    open_release,
    publish,
    versions,
)
from quetsach.indicators.releases.updates import ReleaseTitles

DROP = Decision("b.example", AllowDecision.DROP, "x", "2027-01-01", "2026-09-01")


def read(tmp_path: Path, *rows: str) -> IndicatorSet:
    path = tmp_path / "ds.txt"
    path.write_text("\n".join(rows))
    return read_lists([path], ListOptions())


def put(tmp_path: Path, *rows: str, day: int = 1, accepted: str = "") -> PublishedRelease:
    shelf = ReleaseTarget(store=tmp_path / "store", note=f"ngày {day}", accepted=accepted)
    titles = ReleaseTitles(f"2026-09-0{day}T00:00:00+07:00", "Đợt")
    return publish(read(tmp_path, *rows), titles, shelf)


def test_a_store_grows_by_versions_that_know_the_one_before(tmp_path: Path) -> None:
    first = put(tmp_path, "a.example", "b.example")
    second = put(tmp_path, "a.example", "b.example", "c.example", day=2)
    assert (first.previous, second.previous) == ("", first.digest)
    assert second.changes.counts == {"added": 1}
    assert [(one.digest, one.note) for one in versions(tmp_path / "store")] == [
        (first.digest, "ngày 1"),
        (second.digest, "ngày 2"),
    ]


def test_an_update_that_changes_nothing_is_no_new_version(tmp_path: Path) -> None:
    first = put(tmp_path, "a.example")
    again = put(tmp_path, "a.example", day=2)
    assert (again.digest, again.path, again.changes.counts) == (first.digest, first.path, {})
    assert len(versions(tmp_path / "store")) == 1
    put(tmp_path, "a.example", "b.example", day=3)
    assert len(versions(tmp_path / "store")) == 2


def test_a_shrunken_update_writes_nothing_until_somebody_says_why(tmp_path: Path) -> None:
    put(tmp_path, *(f"n{one}.example" for one in range(10)))
    before = sorted((tmp_path / "store").iterdir())
    with pytest.raises(QuetsachError, match="E222"):
        put(tmp_path, "n1.example", day=2)
    with pytest.raises(QuetsachError, match="E221"):
        put(tmp_path, "# rỗng", day=2)
    assert sorted((tmp_path / "store").iterdir()) == before
    published = put(tmp_path, "n1.example", day=2, accepted="nguồn đã đóng")
    assert published.counts == {"active": 1, "withdrawn": 9}
    assert versions(tmp_path / "store")[-1].accepted == "nguồn đã đóng"


def test_without_a_store_it_is_one_file_beside_a_version_named_by_hand(tmp_path: Path) -> None:
    titles = ReleaseTitles("2026-09-01T00:00:00+07:00")
    first = publish(read(tmp_path, "a.example"), titles, ReleaseTarget(out=tmp_path / "r1.jsonl"))
    shelf = ReleaseTarget(out=tmp_path / "r2.jsonl", previous=str(first.path))
    made = Decisions({"b.example": DROP})
    second = publish(read(tmp_path, "a.example", "b.example"), titles, shelf, decisions=made)
    assert second.counts == {"active": 1, "dropped": 1}
    digest, release = open_release(str(tmp_path / "r2.jsonl"))
    assert (digest, release.previous) == (second.digest, first.digest)
    assert release.entries[1].decision == DROP


def test_what_is_past_its_last_day_counts_as_expired_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "ds.csv"
    path.write_text("indicator,valid_until\na.example,2026-08-01\nb.example,2026-10-01\n")
    found = read_lists([path], ListOptions())
    shelf = ReleaseTarget(out=tmp_path / "r.jsonl")
    published = publish(found, ReleaseTitles("2026-09-01T00:00:00+07:00"), shelf)
    assert published.counts == {"active": 1, "expired": 1}
    assert open_release(str(published.path))[1].indicator_set.indicators == found.indicators


def test_a_first_release_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E201"):
        put(tmp_path, "com.vn")
    assert not (tmp_path / "store").exists()
