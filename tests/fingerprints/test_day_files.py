"""Fingerprints on disk: written whole, joined, and never believed where they are damaged."""

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from quetsach.arrays import np
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.fingerprints.day_files import DayPrint, days_in, read_keys, remove_day, write_day

DAY = DayPrint(
    unit="xã Tân Sơn",
    first=date(2022, 9, 12),
    last=date(2022, 9, 12),
    lines=10,
    sources=2,
    keys=0,
    key_id="0123456789abcdef",
    inside=("10.0.0.0/8",),
    is_complete=True,
)


def _keys(*numbers: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(numbers, np.int64)


def test_a_day_that_is_swept_again_is_joined(tmp_path: Path) -> None:
    assert write_day(tmp_path, DAY, _keys(1, 5)).keys == 2
    more = replace(DAY, lines=4, sources=3, inside=("192.168.0.0/16",))
    written = write_day(tmp_path, more, _keys(3, 5))
    assert (written.keys, written.lines, written.sources) == (3, 10, 3)
    assert written.inside == ("10.0.0.0/8", "192.168.0.0/16")
    assert list(days_in(tmp_path)) == [written]
    assert read_keys(tmp_path, written).tolist() == [1, 3, 5]
    assert written.is_complete
    assert not write_day(tmp_path, replace(DAY, is_complete=False), _keys(1)).is_complete


def test_under_another_secret_the_earlier_keys_are_lost_and_that_is_said(tmp_path: Path) -> None:
    write_day(tmp_path, DAY, _keys(1, 5))
    written = write_day(tmp_path, DAY.under("f" * 16), _keys(7))
    assert not written.is_complete
    assert read_keys(tmp_path, written).tolist() == [7]


def test_days_have_a_month_and_a_place(tmp_path: Path) -> None:
    undated = replace(DAY, first=None, last=None)
    span = replace(DAY, first=date(2022, 8, 30), last=date(2022, 9, 2))
    assert (undated.month, span.month) == ("undated", "2022-09")
    for day in (undated, span, DAY):
        write_day(tmp_path, day, _keys())
    assert len(list(days_in(tmp_path))) == 3
    remove_day(tmp_path, span)
    assert len(list(days_in(tmp_path))) == 2
    assert len(list(tmp_path.glob("*/*"))) == 4


def test_keys_are_packed_by_their_differences(tmp_path: Path) -> None:
    keys = np.array(sorted(random.Random(1).sample(range(1 << 48), 38_000)))
    day = write_day(tmp_path, DAY, keys)
    path = tmp_path / f"{day.place}.parquet"
    (column,) = (pq.ParquetFile(path).metadata.row_group(0).column(0),)
    assert "DELTA_BINARY_PACKED" in column.encodings
    assert path.stat().st_size < 5 * len(keys)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"version": 9}',
        b"[" * 100_000,
        b'{"version":1,"unit":"b","days":["2022-09-12","2022-09-12"],"lines":1,"sources":1,'
        b'"keys":0,"key_id":"x","inside":[],"is_complete":true}',
    ],
)
def test_a_damaged_description_is_told_and_the_others_are_read(
    tmp_path: Path, content: bytes
) -> None:
    day = write_day(tmp_path, DAY, _keys(1))
    (tmp_path / "a").mkdir()
    (tmp_path / "a/2022-09-12_2022-09-12.json").write_bytes(content)
    problems: list[Problem] = []
    assert list(days_in(tmp_path, problems)) == [day]
    assert [problem.code for problem in problems] == ["E327"]
    with pytest.raises(QuetsachError, match="E327"):
        list(days_in(tmp_path))


@pytest.mark.parametrize(
    ("field", "forged"), [("lines", "1e999"), ("inside", '["x"]'), ("keys", "{}")]
)
def test_a_forged_description_is_told(tmp_path: Path, field: str, forged: str) -> None:
    content = {"version": 1, "lines": 1, "sources": 1, "keys": 0, "is_complete": True}
    written = {name: json.dumps(fact) for name, fact in content.items()}
    written |= {"unit": '"a"', "days": "[null, null]", "key_id": '"x"', "inside": "[]"}
    path = tmp_path / "a/undated.json"
    path.parent.mkdir()
    path.write_text("{" + ",".join(f'"{name}":{fact}' for name, fact in written.items()) + "}")
    assert len(list(days_in(tmp_path))) == 1
    written[field] = forged
    path.write_text("{" + ",".join(f'"{name}":{fact}' for name, fact in written.items()) + "}")
    with pytest.raises(QuetsachError, match="E327"):
        list(days_in(tmp_path))


@pytest.mark.parametrize("damage", ["gone", "cut", "other", "fewer"])
def test_damaged_keys_are_no_answer(tmp_path: Path, damage: str) -> None:
    day = write_day(tmp_path, DAY, _keys(*range(100)))
    path = tmp_path / f"{day.place}.parquet"
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    elif damage == "fewer":
        other = write_day(tmp_path / "other", DAY, _keys(7))
        (tmp_path / "other" / f"{other.place}.parquet").replace(path)
    else:
        path.write_bytes(b"PAR1" * 20)
    with pytest.raises(QuetsachError, match="E327"):
        read_keys(tmp_path, day)


def test_no_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E327"):
        list(days_in(tmp_path / "none"))
