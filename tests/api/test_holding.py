"""Rows on hold and rows of the office are watched, and only they."""

from pathlib import Path

import pytest

from quetsach.api import gate, holding, lists
from quetsach.errors.exceptions import QuetsachError


def _release(folder: Path, name: str, text: str, decisions: str = "") -> Path:
    listed, out = folder / f"{name}.txt", folder / f"{name}.jsonl"
    listed.write_text(text)
    decided = folder / f"{name}.decisions"
    decided.write_text(decisions)
    titles = lists.ReleaseTitles(created="2026-11-30T08:00:00+07:00", title=name)
    lists.release_indicators([listed], titles, lists.ReleaseTarget(out=out), decisions=decided)
    return out


def _watched(release: Path) -> set[str]:
    return {one.key for one in gate.set_of(release).indicators if one.decided == "watch"}


def test_a_row_on_hold_is_only_watched_and_the_change_says_that_it_is_gone(tmp_path: Path) -> None:
    whole, out = _release(tmp_path, "a", "a.example\nb.example\n"), tmp_path / "held.jsonl"
    result = holding.hold_rows(whole, out, keys=frozenset({"a.example", "c.example"}))
    assert (result.count, result.by_key) == (1, {"a.example": 1, "c.example": 0})
    assert _watched(out) == {"a.example"}
    changes = gate.release_changes(whole, out, tmp_path / "fresh.jsonl")
    assert (changes.gone, changes.fresh) == (("a.example",), ())
    lifted = gate.release_changes(out, whole, tmp_path / "fresh.jsonl")
    assert (lifted.gone, lifted.fresh) == ((), ("a.example",))


def test_holding_all_that_is_new_brings_nothing_back(tmp_path: Path) -> None:
    before = _release(tmp_path, "a", "old.example\nboth.example\n")
    after = _release(tmp_path, "b", "both.example\nnew.example\n")
    out = tmp_path / "held.jsonl"
    assert holding.hold_rows(after, out, before=before).count == 1
    assert _watched(out) == {"new.example"}
    assert {one.key for one in gate.set_of(out).indicators} == {"both.example", "new.example"}


def test_a_row_of_the_office_holds_what_it_touches_but_what_somebody_kept(tmp_path: Path) -> None:
    keep = (
        '{"key":"203.0.113.9","verdict":"keep","reason":"r","until":"2099-01-01T00:00:00+07:00",'
        '"decided":"2026-11-30T08:00:00+07:00","by":"b","classes":[]}\n'
    )
    text = "203.0.113.7\n203.0.113.9\nmail.office.example\nbad.example\n"
    whole, out = _release(tmp_path, "a", text, keep), tmp_path / "held.jsonl"
    own = ("203.0.113.0/28", "office.example", "198.51.100.1")
    result = holding.hold_rows(whole, out, own=own)
    assert result.by_own == {
        "203.0.113.0/28": (2, ("203.0.113.7", "203.0.113.9")),
        "office.example": (1, ("mail.office.example",)),
        "198.51.100.1": (0, ()),
    }
    assert _watched(out) == {"203.0.113.7", "mail.office.example"}
    assert holding.own_effects(whole, own) == result.by_own


def test_nothing_held_writes_nothing(tmp_path: Path) -> None:
    whole, out = _release(tmp_path, "a", "a.example\n"), tmp_path / "held.jsonl"
    assert holding.hold_rows(whole, out, keys=frozenset({"b.example"})).count == 0
    assert not out.exists()


def test_what_a_person_writes_becomes_keys_or_is_refused() -> None:
    assert holding.keys_in(" Bad[.]Example ") == ("bad.example",)
    assert holding.keys_in("10.0.0.0/24") == ("10.0.0.0/24",)
    with pytest.raises(QuetsachError):
        holding.keys_in("không phải địa chỉ")
