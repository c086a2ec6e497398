"""The acts on lists: a wrong value stops before anything is written, a folder leads on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach.api import lists
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import AllowDecision

AT = datetime(2026, 9, 12, 1, tzinfo=UTC)


def listed(folder: Path, *names: str) -> Path:
    path = folder / "list.txt"
    path.write_text("\n".join(names) + "\n")
    return path


@pytest.mark.parametrize(
    ("key", "reason", "until", "where"),
    [
        ("bad.example", "  ", "2099-01-01", "--reason"),
        ("bad.example", "a page was meant", "2020-01-01", "--until"),
        ("bad.example", "a page was meant", "soon", "--until"),
        ("not a name", "a page was meant", "2099-01-01", "KEY"),
    ],
)
def test_a_decision_with_a_wrong_value_is_not_written(
    key: str, reason: str, until: str, where: str, tmp_path: Path
) -> None:
    file = tmp_path / "decisions.jsonl"
    with pytest.raises(QuetsachError, match="E601") as caught:
        lists.decide_indicators(
            [key], AllowDecision.DROP, reason=reason, until=until, by="", file=file
        )
    assert caught.value.problem.where == where
    assert not file.exists()


def test_a_release_in_the_folder_is_the_one_before(tmp_path: Path) -> None:
    out = tmp_path / "out"
    request = lists.ConvertRequest("plain", AT)
    first, _set = lists.convert_indicators([listed(tmp_path, "a.example")], request, out=out)
    assert first.changed is None
    second, _set = lists.convert_indicators([listed(tmp_path, "b.example")], request, out=out)
    assert second.changed is not None
    assert [block.indicator.key for block in second.changed.added] == ["b.example"]
    assert [block.indicator.key for block in second.changed.removed] == ["a.example"]


def test_several_forms_at_once_are_those_made_one_by_one(tmp_path: Path) -> None:
    sources = [listed(tmp_path, "bad.example", "dns.google", "203.0.113.9")]
    requests = [
        lists.ConvertRequest(form, AT, mode=mode)
        for form in ("rpz", "paloalto")
        for mode in (lists.Mode.WATCH, lists.Mode.BLOCK)
    ]
    each = lists.convert_each(sources, requests)
    alone = [lists.convert_indicators(sources, request)[0] for request in requests]
    assert [one.files for one in each] == [one.files for one in alone]
    assert each[0].files != each[1].files


def test_a_never_block_file_that_is_no_text_stops_the_conversion(tmp_path: Path) -> None:
    damaged = tmp_path / "belt.txt"
    damaged.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(QuetsachError, match="E242"):
        lists.convert_indicators(
            [listed(tmp_path, "bad.example")],
            lists.ConvertRequest("rpz", AT),
            never_block=[damaged],
            out=tmp_path / "out",
        )
    assert not (tmp_path / "out").exists()


def test_lists_are_compared_as_releases_are(tmp_path: Path) -> None:
    before = listed(tmp_path, "a.example")
    after = before.rename(tmp_path / "before.txt")
    diff = lists.diff_indicators(str(after), str(listed(tmp_path, "a.example", "b.example")))
    added = [one.shown for one in diff.changes if one.change == "added"]
    assert added == ["b.example"]
