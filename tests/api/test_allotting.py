"""Notices and a table of ranges in, files of units out."""

import json
from datetime import date
from pathlib import Path

import pytest

from quetsach.api.allotting import ALLOTTED, allot_files, items_of_files, range_table
from quetsach.errors.exceptions import QuetsachError

NOTICES = (
    "timestamp,ip,port\n"
    "2026-11-30 05:00:00Z,203.0.113.5,1\n"
    "2026-11-30 05:00:00Z,198.51.100.5,2\n"
    "2026-11-30 05:00:00Z,nothing,3\n"
)


def written(tmp_path: Path, text: str, name: str = "ranges.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_files_of_units_and_the_answer_are_written(tmp_path: Path) -> None:
    notices = written(tmp_path, NOTICES, "n.csv")
    prefixes = written(tmp_path, "198.51.100.0\t24\t64500\n", "p.txt")
    ranges = written(tmp_path, "unit,cidr\nTC01,203.0.113.0/28\nTC02,AS64500\n")
    table = range_table(ranges, [(date(2026, 11, 1), prefixes)])
    out = tmp_path / "out"
    answer = allot_files([str(notices)], table, out=out)
    assert [row["units"] for row in answer["items"]] == [["TC01"], ["TC02"], []]
    assert answer["files"] == ["notices-TC01.csv", "notices-TC02.csv"]
    assert sorted(one.name for one in out.iterdir()) == [ALLOTTED, *answer["files"]]
    assert json.loads((out / ALLOTTED).read_text())["counts"]["items"] == 3


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("unit,cidr\nA,203.0.113.0/28\nB,203.0.113.0/28\n", "2 + 3"),
        ("unit,cidr\nA,10.0.0.0/8\n", "2 ("),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_with_its_rows(
    tmp_path: Path, text: str, rows: str
) -> None:
    with pytest.raises(QuetsachError) as refused:
        range_table(written(tmp_path, text))
    assert refused.value.problem.code == "E256"
    assert rows in str(refused.value.problem.facts["rows"])


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError) as refused:
        range_table(written(tmp_path, "a,b\n1,2\n"))
    assert refused.value.problem.code == "E255"


def test_items_alone_go_to_nobody_yet(tmp_path: Path) -> None:
    items = items_of_files([str(written(tmp_path, NOTICES, "n.csv"))])
    assert len(items) == 3
    assert {one.allotment.units for one in items} == {()}
