"""The steps to take: strongest device first, and only what the findings ask for."""

from tests.html_report import example
from tests.html_report.reading import page, part, read


def test_steps_name_the_strongest_device_first_and_link_to_its_card() -> None:
    source = page(example.findings())
    steps = part("steps")
    assert steps.index("PC-VT-07") < steps.index("10.20.3.17") < steps.index("10.20.9.3")
    links = [a["href"] for tag, a in read(source).tags if tag == "a" and a.get("class") == "go"]
    assert links[0] == "#device-1"
    assert "trước hết xác định" in steps
    assert "kiểm tra chỉ báo trước" in steps


def test_steps_ask_for_all_that_is_missing() -> None:
    steps = part("steps")
    assert "Lấy lại các tệp chưa đọc được hết: 2" in steps
    assert "Tìm thiết bị đứng sau số dấu vết này: 3" in steps
    assert "thiết bị nào đã hỏi nó" in steps


def test_steps_ask_a_person_about_devices_that_met_only_an_allow_list() -> None:
    found = example.findings()
    assert "Quyết định về các thiết bị" not in part("steps", found)
    found.devices["not_blamed"][0]["role"] = "allowed"
    assert "danh sách dịch vụ quen biết: 1" in part("steps", found)


def test_steps_take_nothing_off_the_network_where_nothing_was_found() -> None:
    steps = part("steps", example.nothing_found())
    assert "chưa có thiết bị nào phải ngắt khỏi mạng" in steps
    assert "Rút dây mạng" not in steps


def test_steps_are_three_with_boxes_to_tick() -> None:
    tags = read(page(example.findings())).tags
    assert len([a for tag, a in tags if tag == "input" and a["type"] == "checkbox"]) == 16
    assert part("steps").count("Rà quét lại sau ít nhất 7 ngày") == 1
