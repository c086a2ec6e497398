"""Maps of an office's own tables: what a row says by them, and which maps are refused."""

from datetime import UTC
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.formats.table_maps import mapped, split_maps, table_map_of

MAP = """
table = "so-theo-doi"
headings = ["Thời gian", "Tên  MÁY"]
date_order = "dmy"
zone = "Asia/Ho_Chi_Minh"
persons = ["Người dùng"]
[fields]
"@timestamp" = "Thời gian"
"source.ip" = "Địa chỉ I.P"
"host.name" = "Tên máy"
"dns.question.name" = "Tên miền"
[verdict]
column = "Xử lý"
denied = ["Chặn"]
"""
ROW = {
    "Thời gian": "01/09/2026 08:15:22",
    "Tên máy": "PC-VT-07",
    "Địa chỉ I.P": "10.20.3.41",
    "Tên miền": "bad.example",
    "Xử lý": "chặn",
    "Người dùng": "an",
}


def test_a_row_is_an_event_with_the_row_beside_it() -> None:
    ready = mapped(table_map_of(MAP, "map.toml"))
    assert ready.fits(["thời gian", "tên máy", "khác"])
    assert not ready.fits(["thời gian"])
    event = ready.event_of(ROW, UTC)
    assert event is not None
    assert event.pop("table.row") == {name: ROW[name] for name in ROW if name != "Người dùng"}
    assert event == {
        "event.dataset": "table.so-theo-doi",
        "event.type": "denied",
        "event.action": "chặn",
        "event.outcome": "failure",
        "@timestamp": 1_788_225_322_000_000,
        "source.ip": "10.20.3.41",
        "host.name": "PC-VT-07",
        "quetsach.host.end": "source",
        "dns.question.name": "bad.example",
        "user.name": "an",
    }


def test_day_and_hour_may_stand_apart_and_the_zone_may_be_that_of_the_sweep() -> None:
    text = MAP.replace('"Thời gian"\n', '["Ngày", "Giờ"]\n').replace("Asia/Ho_Chi_Minh", "")
    row = {"Ngày": "2026-09-01T00:00:00", "Giờ": "01:15:22", "Tên miền": "bad.example"}
    event = mapped(table_map_of(text, "map.toml")).event_of(row, UTC)
    assert event is not None
    assert (event["@timestamp"], event["event.timezone"]) == (1_788_225_322_000_000, "UTC")


def test_a_row_that_says_nothing_is_none() -> None:
    ready = mapped(table_map_of(MAP, "map.toml"))
    assert ready.event_of({"Ghi chú": "bad.example"}, UTC) is None
    assert ready.untold({"a": 1})["table.row"] == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        "fields = 7",
        "x = [",
        MAP.replace("source.ip", "source.planet"),
        MAP.replace("Asia/Ho_Chi_Minh", "Mars/Base"),
        MAP.replace("so-theo-doi", " "),
        MAP + "[more]\nx = 1\n",
        "x = " + "9" * 5000,
    ],
)
def test_a_map_that_is_not_sound_is_refused(text: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        table_map_of(text, "map.toml")
    assert caught.value.problem.code == "E133"


def test_maps_of_evidence_and_of_lists_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "b.toml").write_text('sender = "x"\n', encoding="utf-8")
    others, maps = split_maps([tmp_path, tmp_path / "gone.toml"])
    assert others == [tmp_path / "b.toml", tmp_path / "gone.toml"]
    assert [one.table for one in maps] == ["so-theo-doi"]
