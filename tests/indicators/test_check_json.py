"""The check as JSON says all there is to say, in at most twice the size of the lists."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.indicators.check import check
from quetsach.indicators.check_json import FEWEST_BYTES, check_text
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists


def _checked(tmp_path: Path, text: str) -> tuple[int, dict[str, Any]]:
    path = tmp_path / "list.txt"
    path.write_text(text, encoding="utf-8")
    size = path.stat().st_size
    answer = check_text(check(read_lists([path], ListOptions())), size)
    assert len(answer.encode()) <= max(2 * size, FEWEST_BYTES)
    return size, json.loads(answer)


@pytest.mark.parametrize(
    "row",
    [
        "10.0.{a}.{b}\n",
        "bad{n}.example\nbad{n}.example\n",
        "com.vn\n",
        "x{n}.bad.example\n",
        "é{n} ợ\n",
    ],
)
def test_the_answer_is_never_more_than_twice_the_lists(tmp_path: Path, row: str) -> None:
    rows = "".join(row.format(n=n, a=n // 250, b=n % 250) for n in range(3000))
    _size, answer = _checked(tmp_path, "bad.example\n" + rows)
    refused = answer["lists"][0]["reading"]["refused"]
    shown = sum(map(len, answer["lists"][0]["refusals"].values()))
    assert shown + answer["not_shown"].get("refusals", 0) == refused


def test_all_refused_rows_of_a_usual_list_are_there(tmp_path: Path) -> None:
    rows = "".join(f"10.20.{n // 250}.{n % 250}\n" for n in range(2000))
    _size, answer = _checked(tmp_path, "bad.example\n" + rows)
    assert len(answer["lists"][0]["refusals"]["private"]) == 2000
    assert answer["not_shown"] == {}


def test_a_row_is_named_by_its_list_and_number(tmp_path: Path) -> None:
    text = "bad.example\nbad.example\nhttp://hacked.example/\n203.0.113.9/24\ncom.vn\n"
    _size, answer = _checked(tmp_path, text)
    assert answer["duplicates"] == [["bad.example", [[0, 1], [0, 2]]]]
    assert answer["masked"] == [[0, 4, "203.0.113.0/24"]]
    assert answer["suffixes"] == [[0, 5, "icann"]]
    assert answer["whole_sites"] == ["hacked.example/"]
