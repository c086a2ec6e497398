"""The acts in the sandbox answer in plain values, or say what is wrong."""

from pathlib import Path

import msgspec
import pytest

from quetsach_portal.lists import sandboxed_lists
from quetsach_portal.lists.sandboxed_lists import ChangesGiven, ListsGiven


def _silent(_done: int, _total: int) -> None:
    pass


def _answer(act: str, given: object) -> dict[str, object]:
    raw = getattr(sandboxed_lists, act)(msgspec.json.encode(given), _silent)
    answer: dict[str, object] = msgspec.json.decode(raw)
    return answer


def test_a_release_is_made_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("a.example\n")
    given = ListsGiven(lists=("a.txt",), created="2026-11-30T08:00:00+07:00", title="Đợt 1")
    assert _answer("build", given)["problem"] == ""
    changes = _answer("changes", ChangesGiven(before="", after="release.jsonl"))
    assert changes["value"]["fresh"] == ["a.example"]  # type: ignore[index] - plain JSON
    assert Path(sandboxed_lists.FRESH).is_file()


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("check", ListsGiven(lists=("missing.txt",))),
        ("build", ListsGiven(lists=("missing.txt",), created="2026-11-30T08:00:00+07:00")),
        ("changes", ChangesGiven(before="", after="missing.jsonl")),
    ],
)
def test_what_is_not_there_is_said(
    act: str, given: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "missing" in str(_answer(act, given)["problem"])
