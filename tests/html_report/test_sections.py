import pytest

from quetsach.html_report.page import render
from quetsach.texts import Language
from tests.html_report import example
from tests.html_report.reading import read


def page(found: example.Findings, used: Language = "vi") -> str:
    return render(*found, used, example.ZONE)


def part(name: str, found: example.Findings | None = None, used: Language = "vi") -> str:
    source = page(example.findings() if found is None else found, used)
    return read(source).section(source, name)


def head(found: example.Findings, used: Language = "vi") -> str:
    source = page(found, used)
    return read(source[source.index("<header") : source.index("<nav")] + "</header>").text


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
    wanted = "trong những gì đã xem" if used == "vi" else "in what was looked at"
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
    assert len([a for tag, a in tags if tag == "input" and a["type"] == "checkbox"]) == 15
    assert part("steps").count("Rà quét lại sau ít nhất 7 ngày") == 1


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


def test_not_blamed_says_why() -> None:
    text = part("not-blamed")
    assert "10.20.1.53" in text
    assert "máy chủ tên miền (DNS)" in text
    assert "được 14 thiết bị hỏi" in text
    assert "đích bị dò quét" in text


def test_sightings_without_a_device_name_what_would_tell() -> None:
    text = part("unattributed")
    assert "Số dấu vết chưa xác định được thiết bị: 3" in text
    assert "cần bảng NAT của router" in text
    assert "mỗi dấu vết đều đã có thiết bị" in part("unattributed", example.nothing_found())


def test_indicators_met_counted_and_refused_with_reason() -> None:
    text = part("indicators")
    assert "Đã tìm: 1.664. Đã gặp: 6. Số hàng bị từ chối: 4." in text
    assert "203.0.113.9" in text
    assert "192.168[.]1[.]1" in text
    assert "dải địa chỉ riêng (private)" in text
    assert "cột “Tên miền”" in text


def test_every_source_is_in_the_table_with_its_zone_and_hours() -> None:
    found = example.findings()
    text = part("looked-at", found)
    assert all(one["path"] in text for one in found.coverage["sources"])
    assert "múi giờ: Asia/Ho_Chi_Minh" in text
    assert "144 giờ trong 6 ngày" in text
    assert "trùng nội dung với xã Đại An/zeek/dns.log" in text
    assert "17/9/2022: 3" in text


def test_unread_files_have_code_and_way_out_and_refused_lines_their_place() -> None:
    text = part("not-read")
    assert "E106" in text
    assert "bị đứt ở byte 18.874.368" in text
    assert "What stood before is counted." in part("not-read", used="en")
    assert "1.048.576" in text
    assert "không đọc được thời gian (bad-time): 1" in text
    assert "chứng cứ/xã Tân Sơn/router.log" in text


def test_more_refused_lines_than_shown_are_counted() -> None:
    found = example.findings()
    found.rejects["rows"] *= 300
    found.rejects["total"] = 5_000
    assert "không hiện ở đây: 4.800" in part("not-read", found)


def test_figures_can_be_made_again_from_what_the_last_part_states() -> None:
    found = example.findings()
    text = part("made", found)
    assert "sightings.parquet" in text
    assert "quetsach 0.1.0" in text
    assert found.manifest["indicator_set"]["digest"] in text
    assert all(one["sha256"] in text for one in found.manifest["evidence"])
    assert "10.0.0.0/8, 192.168.0.0/16" in text
