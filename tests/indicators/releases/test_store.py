"""A store never changes what it has, and finds a version by the first digits of its digest."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import (
    AllowDecision,
    Decision,
    Indicator,
    IndicatorKind,
    IndicatorSet,
    MatchRule,
    Origin,
)
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.decisions import Decisions
from quetsach.indicators.releases.lines import ReleaseEntry
from quetsach.indicators.releases.release import Release, digest_of, release_bytes
from quetsach.indicators.releases.store import (
    PublishedRelease,
    ReleaseTarget,
    ReleaseVersion,
    add_release,
    find_release,
    latest,
    open_release,
    publish,
    versions,
    write_new,
)
from quetsach.indicators.releases.updates import ReleaseTitles

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


def test_a_version_torn_by_a_kill_is_none_and_the_next_takes_its_place(tmp_path: Path) -> None:
    first, second = add(tmp_path, "a.example"), add(tmp_path, "b.example")
    listed = tmp_path / "versions.jsonl"
    listed.write_bytes(listed.read_bytes()[:-9])
    assert [one.name for one in versions(tmp_path)] == [first.name]
    assert latest(tmp_path) == (digest_of(first.read_bytes()), release("a.example"))
    assert add(tmp_path, "b.example") == second
    assert [one.name for one in versions(tmp_path)] == [first.name, second.name]


def test_a_damaged_version_that_is_not_the_last_is_told(tmp_path: Path) -> None:
    add(tmp_path, "a.example")
    listed = tmp_path / "versions.jsonl"
    listed.write_bytes(b'{"digest"\n' + listed.read_bytes())
    with pytest.raises(QuetsachError) as error:
        versions(tmp_path)
    assert error.value.problem.code == "E220"


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
