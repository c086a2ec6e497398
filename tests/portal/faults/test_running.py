"""What is not as after an undisturbed run is told: half an act, and one that is done twice."""

from tests.portal.faults.home import files_in, put_back
from tests.portal.faults.points import FAULTS, Site
from tests.portal.faults.running import _rows_that_differ, points_of
from tests.portal.faults.trials import chosen_points

TRAIL = "audit.AuditEvent"


def test_an_act_done_twice_or_by_half_is_told() -> None:
    whole = {"a.A": ["x"], TRAIL: ["done"]}
    assert list(_rows_that_differ(whole, whole)) == []
    assert list(_rows_that_differ(whole, {"a.A": ["x", "x"], TRAIL: ["done"]})) == [
        "rows of a.A: +['x'] -[]"
    ]
    assert list(_rows_that_differ(whole, {"a.A": ["x"], TRAIL: []})) == [
        f"rows of {TRAIL}: +[] -['done']"
    ]


def test_a_file_that_came_and_was_cleared_away_is_no_difference_but_one_that_stayed_is() -> None:
    whole = {TRAIL: ["done"], "jobs": []}
    cleared = ["done", "'file.kept'", "'file.unclaimed'"]
    assert list(_rows_that_differ(whole, {TRAIL: cleared, "jobs": ["files.check"]})) == []
    assert list(_rows_that_differ(whole, {TRAIL: cleared[:2], "jobs": []})) != []


def test_each_fault_is_tried_at_the_first_a_middle_and_the_last_time() -> None:
    commit = Site("commit", "a.py:1")
    numbers = [(point.number, point.fault) for point in points_of({commit: 5})]
    assert numbers == [(number, fault) for fault in FAULTS["commit"] for number in (1, 3, 5)]
    assert len(points_of({commit: 1})) == len(FAULTS["commit"])


def test_a_site_of_many_acts_is_tried_in_three_and_each_commit_in_all() -> None:
    commit, write = Site("commit", "a.py:1"), Site("sql write", "b.py:2")
    acts = {name: {commit: 1, write: 1} for name in "abcde"}
    chosen = chosen_points(acts)
    by_write = [name for name in acts if any(one.site == write for one in chosen[name])]
    assert by_write == ["a", "c", "e"]
    assert all(any(one.site == commit for one in chosen[name]) for name in acts)


def test_a_home_is_put_back_as_it_was_and_files_are_compared_without_their_lot(tmp_path) -> None:
    kept, home = tmp_path / "kept", tmp_path / "home"
    (kept / "files" / "6a").mkdir(parents=True)
    (kept / "files" / "6a" / "6a0123456789").write_bytes(b"x")
    home.mkdir()
    (home / "db.sqlite3-wal").write_bytes(b"left")
    put_back(kept, home)
    assert files_in(home) == {"files/#/#": 1}
    assert not (home / "db.sqlite3-wal").exists()
