"""The factual paragraph: every number beside what was looked at."""

from typing import Any

import pytest

from quetsach.documents.reports.sweep_report import assess
from quetsach.errors.exceptions import QuetsachError


def test_what_was_looked_at_stands_before_what_was_found(summary: Any, coverage: Any) -> None:
    assert assess(summary, coverage).text.split("\n") == [
        "Đã rà soát 1.234.567 dòng nhật ký từ 02 nguồn, thời gian từ ngày 12/9/2022 đến ngày"
        " 15/9/2022 (01 nguồn không xác định được thời gian), đối chiếu với 09 chỉ báo mã độc."
        " Dữ liệu ghi nhận 02 địa chỉ nội bộ có hoạt động.",
        "Phát hiện 02 thiết bị có dấu hiệu nhiễm mã độc với 12 dấu vết, liên quan 02 chỉ báo; phân"
        " theo mức cao nhất ghi nhận được: 01 thiết bị đã trao đổi dữ liệu hai chiều; 01 thiết bị"
        " mới chỉ truy vấn tên miền. Dấu vết đầu tiên ghi nhận ngày 12/9/2022, gần nhất ngày"
        " 14/9/2022.",
        "01 địa chỉ có dấu vết nhưng không bị coi là thiết bị nhiễm (máy chủ phân giải tên miền,"
        " địa chỉ đích hoặc địa chỉ bên ngoài). 02 dấu vết chưa xác định được thiết bị. Chưa đọc"
        " được đầy đủ: 01 tệp, 03 dòng; kết quả nêu trên không bao gồm phần này.",
    ]


def clean(summary: dict[str, Any]) -> dict[str, Any]:
    nothing = {"devices": [], "not_blamed": [], "unattributed": 0, "unread": [], "rejects": 0}
    return {**summary, **nothing, "sightings": 0}


def test_a_zero_says_what_was_looked_at(summary: Any, coverage: Any) -> None:
    looked, found = assess(clean(summary), coverage).text.split("\n")
    assert looked.startswith("Đã rà soát 1.234.567 dòng nhật ký từ 02 nguồn")
    assert found == (
        "Trong phạm vi dữ liệu nêu trên, không ghi nhận thiết bị nào phát sinh kết nối đến các"
        " chỉ báo này."
    )


@pytest.mark.parametrize("sources", [[], [{"path": "a", "lines": 0}]])
def test_where_nothing_was_looked_at_nothing_is_called_clean(summary: Any, sources: Any) -> None:
    told = assess({**clean(summary), "lines": 0}, {"sources": sources, "alive": {}})
    assert not told.is_measured
    assert told.text == (
        "Chưa có dữ liệu nhật ký nào được rà soát, nên chưa đủ cơ sở để đánh giá có hay không có"
        " thiết bị nhiễm mã độc."
    )


def test_what_could_not_be_read_is_told_even_when_nothing_was(summary: Any) -> None:
    told = assess({**summary, "lines": 0}, {"sources": [], "alive": {}}).text
    assert told.endswith(
        "Chưa đọc được đầy đủ: 01 tệp, 03 dòng; kết quả nêu trên không bao gồm phần này."
    )


def test_sightings_without_a_device_are_no_all_clear(summary: Any, coverage: Any) -> None:
    told = assess({**clean(summary), "sightings": 2, "unattributed": 2}, coverage).text
    assert "không ghi nhận thiết bị nào" not in told
    assert "Chưa xác định được thiết bị nào có dấu hiệu nhiễm mã độc, nhưng có dấu vết" in told
    assert told.endswith("02 dấu vết chưa xác định được thiết bị.")


def test_a_copy_of_a_source_is_not_counted_again(summary: Any, coverage: Any) -> None:
    copy = {**coverage["sources"][0], "path": "copy.log", "duplicate_of": "dns.log"}
    coverage["sources"].append(copy)
    assert "từ 02 nguồn" in assess(summary, coverage).text


def test_logs_of_one_day_name_the_day_once(summary: Any, coverage: Any) -> None:
    coverage["sources"] = coverage["sources"][:1]
    coverage["sources"][0]["last"] = "2022-09-12T23:59:59+07:00"
    assert "nguồn, trong ngày 12/9/2022, đối chiếu" in assess(summary, coverage).text


def test_logs_without_times_do_not_invent_a_period(summary: Any, coverage: Any) -> None:
    coverage["sources"] = coverage["sources"][1:]
    assert "không xác định được thời gian của dữ liệu" in assess(summary, coverage).text


def test_a_period_is_told_in_one_zone(summary: Any, coverage: Any) -> None:
    early, late = coverage["sources"]
    early["first"] = early["last"] = "2022-09-13T01:00:00+07:00"
    late["first"] = late["last"] = "2022-09-12T20:00:00+00:00"
    assert "nguồn, trong ngày 13/9/2022, đối chiếu" in assess(summary, coverage).text


def test_a_log_read_as_plain_text_is_told(summary: Any, coverage: Any) -> None:
    told = assess({**summary, "as_text": ["odd.log"]}, coverage).text
    assert "01 nguồn thuộc dạng nhật ký chưa nhận biết" in told


@pytest.mark.parametrize(
    ("which", "key", "value"),
    [
        (0, "lines", "many"),
        (0, "lines", None),
        (0, "devices", [{"device": "10.0.0.1"}]),
        (0, "devices", {}),
        (1, "sources", "dns.log"),
        (1, "alive", []),
    ],
)
def test_findings_of_another_shape_are_refused(
    summary: Any, coverage: Any, which: int, key: str, value: Any
) -> None:
    (summary, coverage)[which][key] = value
    with pytest.raises(QuetsachError) as caught:
        assess(summary, coverage)
    assert caught.value.problem.code == "E404"


def test_a_grade_nobody_knows_is_refused(summary: Any, coverage: Any) -> None:
    summary["devices"][0]["best_grade"] = "felt"
    with pytest.raises(QuetsachError, match="felt"):
        assess(summary, coverage)


def test_a_time_without_offset_is_refused(summary: Any, coverage: Any) -> None:
    summary["devices"][0]["first_seen"] = "2022-09-12T08:15:22"
    with pytest.raises(QuetsachError) as caught:
        assess(summary, coverage)
    assert caught.value.problem.code == "E404"


def test_a_device_on_an_allow_list_is_left_for_a_person_and_not_called_harmless(
    summary: Any, coverage: Any
) -> None:
    summary["not_blamed"].append({"device": "PC-1", "role": "allowed"})
    text = assess(summary, coverage).text
    assert "01 địa chỉ có dấu vết nhưng không bị coi là thiết bị nhiễm" in text
    assert "01 thiết bị chỉ liên lạc với chỉ báo cũng nằm trong danh sách dịch vụ" in text
