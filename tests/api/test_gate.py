"""The gate of a list: what a person must know, and what a release brings and takes."""

from pathlib import Path

import pytest

from quetsach.api import gate, lists
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.allow.classes import span_of
from quetsach.indicators.allow.lists import AllowList, AllowLists


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    span = span_of("8.8.8.8")
    assert span is not None
    few = AllowLists((AllowList("resolvers", "resolver", spans=[span]),))
    monkeypatch.setattr(gate, "allow_lists", lambda _own, *, usual: few)


def _release(folder: Path, name: str, text: str, decisions: str = "") -> Path:
    listed, out = folder / f"{name}.txt", folder / f"{name}.jsonl"
    listed.write_text(text)
    decided = folder / f"{name}.decisions"
    decided.write_text(decisions)
    titles = lists.ReleaseTitles(created="2026-11-30T08:00:00+07:00", title=name)
    target = lists.ReleaseTarget(out=out)
    lists.release_indicators([listed], titles, target, decisions=decided)
    return out


def _decision(key: str, verdict: str) -> str:
    return (
        f'{{"key":"{key}","verdict":"{verdict}","reason":"r","until":"2099-01-01T00:00:00+07:00",'
        '"decided":"2026-11-30T08:00:00+07:00","by":"b","classes":[]}\n'
    )


def test_the_report_names_refused_and_doubtful_rows_in_bounds(tmp_path: Path) -> None:
    listed = tmp_path / "a.txt"
    private = "".join(f"10.0.0.{n}\n" for n in range(60))
    listed.write_text(f"bad.example\n8.8.8.8\n{private}")
    report = gate.gate_report([listed])
    (refused,) = report["refused"]
    assert (refused["reason"], refused["count"], len(refused["rows"])) == ("private", 60, 50)
    (question,) = report["questions"]
    assert (question["key"], question["row"], question["proposal"]) == ("8.8.8.8", 2, "drop")
    assert (report["count"], report["questions_count"], report["decided"]) == (2, 1, 0)


def test_what_a_release_decided_is_not_asked_again(tmp_path: Path) -> None:
    release = _release(tmp_path, "a", "8.8.8.8\n", _decision("8.8.8.8", "keep"))
    report = gate.gate_report([release])
    assert (report["questions"], report["decided"]) == ([], 1)


def test_changes_are_what_is_new_and_what_no_longer_accuses(tmp_path: Path) -> None:
    before = _release(tmp_path, "a", "a.example\nb.example\nc.example\nd.example\n8.8.8.8\n")
    after = _release(
        tmp_path,
        "b",
        "a.example\nc.example\nd.example\n8.8.8.8\ne.example\n",
        _decision("8.8.8.8", "keep") + _decision("c.example", "watch"),
    )
    fresh = tmp_path / "fresh.jsonl"
    changes = gate.release_changes(before, after, fresh)
    assert changes.fresh == ("8.8.8.8", "e.example")
    assert changes.gone == ("b.example", "c.example")
    assert {one.key for one in gate.set_of(fresh).indicators} == {"8.8.8.8", "e.example"}
    back = gate.release_changes(after, before, tmp_path / "back.jsonl")
    assert back.gone == ("8.8.8.8", "e.example")


def test_the_first_release_is_all_new_and_the_same_one_changes_nothing(tmp_path: Path) -> None:
    release = _release(tmp_path, "a", "a.example\nb.example\n")
    first = gate.release_changes(None, release, tmp_path / "f.jsonl")
    assert (first.fresh, first.gone, first.shrunken) == (("a.example", "b.example"), (), "")
    again = gate.release_changes(release, release, tmp_path / "g.jsonl")
    assert (again.fresh, again.gone) == ((), ())
    assert not (tmp_path / "g.jsonl").exists()


def test_a_release_that_lost_much_is_told_by_its_code(tmp_path: Path) -> None:
    before = _release(tmp_path, "a", "".join(f"a{n}.example\n" for n in range(10)))
    after = _release(tmp_path, "b", "a1.example\n")
    changes = gate.release_changes(before, after, tmp_path / "f.jsonl")
    assert changes.shrunken in ("E222", "E223")
    with pytest.raises(QuetsachError):
        gate.release_changes(tmp_path / "a.txt", after, tmp_path / "f.jsonl")
