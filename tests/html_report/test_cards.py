"""The cards of devices, and the steps to a device in words, in the zone of the reader."""

from datetime import UTC
from typing import Any

import pytest

from quetsach.attribution.model import StepKind
from quetsach.html_report.cards import record_text, step_text
from quetsach.texts import use_language
from tests.html_report import example
from tests.html_report.reading import page, part, read


def _step(kind: str, **more: Any) -> dict[str, Any]:
    step = {"kind": kind, "before": "10.0.0.7", "after": "PC-07", "grade": "certain", "note": ""}
    return {**step, "path": "dhcp.log", "offset": 7, "start": None, "end": None, **more}


@pytest.mark.parametrize("kind", list(StepKind))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_kind_of_step_has_its_sentence(kind: StepKind, language: str) -> None:
    use_language(language)  # type: ignore[arg-type]  # one of the two
    text = step_text(_step(kind), UTC)
    assert "10.0.0.7" in text
    assert "->" not in text


def test_a_span_is_shown_from_either_form_of_time() -> None:
    use_language("en")
    by_number = step_text(_step("lease", start=1_788_225_322_000_000, end=None), UTC)
    by_text = step_text(_step("lease", start="2026-09-01T01:15:22+00:00"), UTC)
    assert by_number == by_text
    assert "1 Sep 2026" in by_number.replace("\N{NO-BREAK SPACE}", " ")


def test_hostile_names_are_made_harmless() -> None:
    assert "\x1b" not in step_text(_step("lease", after="\x1b[31mPC"), UTC)


def test_a_step_without_a_record_names_none() -> None:
    assert record_text(_step("direct", path=None, offset=None)) == ""
    assert "7" in record_text(_step("lease"))


def test_card_says_who_how_sure_how_strong_and_from_which_row() -> None:
    text = part("devices")
    assert "PC-VT-07 (00-17-A4-B2-C3-D4)" in text
    assert "10.20.3.58" in text
    assert "chắc chắn . Có bản ghi nêu rõ" in text
    assert "Dữ liệu đã đi cả hai chiều" in text
    assert "Emotet" in text
    assert "danh-sach-ioc-2022.txt , hàng 88" in text
    assert "số kết nối: 21; cổng 443" in text


def test_card_names_the_rivals_of_a_device_that_is_not_settled() -> None:
    assert "PC-KT-02 (00-17-A4-00-11-22)" in part("devices")


def test_card_gives_the_command_that_shows_the_raw_line() -> None:
    found = example.findings()
    first = found.devices["devices"][0]["findings"][0]["samples"][0]
    assert f"quetsach why . {first}" in part("devices", found)


def test_card_warns_of_an_indicator_that_is_on_an_allow_list() -> None:
    text = part("devices")
    assert "Cũng nằm trong danh sách máy chủ DNS công cộng" in text
    assert text.count("Mọi chỉ báo của thiết bị này") == 1


def test_device_without_times_says_that_there_is_no_plot() -> None:
    assert part("devices").count("các nhật ký này không ghi thời gian") == 1


def test_many_findings_of_a_card_collapse_and_none_is_lost() -> None:
    found = example.findings()
    device = found.devices["devices"][0]
    model = device["findings"][0]
    device["findings"] = [model | {"indicator": f"n{one}.example"} for one in range(75)]
    text = part("devices", found)
    assert "còn 55 chỉ báo nữa" in text
    assert all(f"n{one}.example" in text for one in range(75))


def test_devices_beyond_the_cards_stand_in_a_table() -> None:
    found = example.many_devices(250)
    source = page(found)
    cards = [a for tag, a in read(source).tags if tag == "article"]
    assert len(cards) == 200
    text = part("devices", found)
    assert "50 thiết bị còn lại" in text
    assert all(one["device"] in text for one in found.devices["devices"])
    assert "và 240 thiết bị nữa" in part("steps", found)


def test_a_likely_device_says_what_was_not_proven() -> None:
    use_language("en")
    told = example.findings()
    device = told.devices["devices"][0]
    lease = _step("lease", grade="likely", note="nobody declared the zone")
    device |= {"grade": "likely", "path": [lease]}
    assert "likely . Nobody declared the zone." in part("devices", told, "en")
