"""The headline and its main figures: a zero only of what was searched, and how it was made."""

import pytest

from quetsach.texts import Language
from tests.html_report import example
from tests.html_report.reading import head, part


def test_headline_counts_the_devices_and_says_what_was_not_read() -> None:
    text = head(example.findings())
    assert "Có 5 thiết bị cần xử lý." in text
    assert "Số tệp chưa đọc được hết: 2" in text
    assert "541.598 dòng" in text
    assert "12/9/2022 00:00 – 18/9/2022 23:00" in text
    assert "số chỉ báo đã tìm: 1.664" in text


def test_english_writes_numbers_and_dates_its_own_way() -> None:
    text = head(example.findings(), "en")
    assert "5 devices need to be handled." in text
    assert "541,598 lines" in text
    assert "12 Sep 2022 00:00 – 18 Sep 2022 23:00" in text


def test_one_device_is_said_in_the_singular() -> None:
    found = example.findings()
    del found.devices["devices"][1:]
    assert "1 device needs to be handled." in head(found, "en")


@pytest.mark.parametrize("used", ["vi", "en"])
def test_nothing_found_is_said_of_what_was_looked_at_and_never_called_clean(used: Language) -> None:
    text = head(example.nothing_found(), used)
    wanted = "trong những gì đã xem" if used == "vi" else "in the evidence that was examined"
    assert wanted in text
    for word in ("clean", "sạch", "an toàn", "safe"):
        assert word not in text.replace("quetsach", "")


def test_nothing_found_with_a_file_unread_says_so_in_the_headline() -> None:
    found = example.nothing_found()
    found.manifest["summary"]["unread"] = example.findings().manifest["summary"]["unread"][:1]
    text = head(found)
    assert "Không thấy thiết bị nào" in text
    assert "Số tệp chưa đọc được hết: 1" in text


def test_nothing_looked_at_is_no_answer() -> None:
    text = head(example.nothing_looked_at())
    assert "Chưa xem được gì" in text
    assert "Không thấy" not in text
    assert "0 thiết bị" not in text
    assert "Chưa xem được gì." in part("looked-at", example.nothing_looked_at())


def test_figures_can_be_made_again_from_what_the_last_part_states() -> None:
    found = example.findings()
    text = part("made", found)
    assert "sightings.parquet" in text
    assert "quetsach 0.1.0" in text
    assert found.manifest["indicator_set"]["digest"] in text
    assert all(one["sha256"] in text for one in found.manifest["evidence"])
    assert "10.0.0.0/8, 192.168.0.0/16" in text
