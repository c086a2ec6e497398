"""The sweep report: every number with the evidence searched, the filled form, the files."""

from pathlib import Path
from typing import Any

import pytest

from quetsach.documents.reports import sweep_report
from quetsach.documents.reports.sweep_report import assess, fill_from_findings, write_report
from quetsach.documents.typeset.content import DocumentTable
from quetsach.documents.typeset.form_paper import compose
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.typst import BUILT_IN, Face
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.values import AbsenceReason, FigureGrade, FilledForm, GradedCount, TextValue


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


def test_lines_to_look_at_are_no_all_clear_and_no_sighting(summary: Any, coverage: Any) -> None:
    told = assess({**clean(summary), "sightings": 0, "lines_to_look_at": 3}, coverage).text
    assert "không ghi nhận thiết bị nào" not in told
    assert "03 dòng nhật ký có nêu chỉ báo nhưng không chứng minh có kết nối" in told


def test_what_was_set_aside_is_no_source(summary: Any, coverage: Any) -> None:
    readme = {**coverage["sources"][0], "path": "README.txt", "set_aside": True}
    coverage["sources"].append(readme)
    assert "từ 02 nguồn" in assess(summary, coverage).text


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


def test_findings_fill_the_assessment_and_never_the_counts(
    filling: FilledForm, form: ReportFormDefinition
) -> None:
    assert set(filling.values) == {"unit", "assessment"}
    assessment = filling.words("assessment")
    assert isinstance(assessment, TextValue)
    assert assessment.grade is FigureGrade.MEASURED
    assert form.sections[1].table is not None
    assert [filling.count(row.id) for row in form.sections[1].table.rows] == [
        AbsenceReason.MISSING
    ] * 3


@pytest.mark.parametrize("unit", [None, "", "  "])
def test_a_unit_that_is_not_given_stays_open(
    form: ReportFormDefinition, summary: Any, coverage: Any, unit: str | None
) -> None:
    assert fill_from_findings(form, summary, coverage, unit).words("unit") is AbsenceReason.MISSING


def test_a_value_without_a_place_in_the_form_is_refused(form: ReportFormDefinition) -> None:
    with pytest.raises(QuetsachError) as caught:
        compose(form, FilledForm({"machines": GradedCount(3, FigureGrade.DECLARED)}), Letterhead())
    assert caught.value.problem.code == "E403"


@pytest.mark.parametrize(
    "values",
    [
        {"unit": GradedCount(3, FigureGrade.DECLARED)},
        {"people_took_part": TextValue("many", FigureGrade.DECLARED)},
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(form: ReportFormDefinition, values: Any) -> None:
    with pytest.raises(QuetsachError) as caught:
        compose(form, FilledForm(values), Letterhead())
    assert caught.value.problem.code == "E403"


def test_zero_nil_not_collected_and_blank_print_differently(form: ReportFormDefinition) -> None:
    def cells(value: GradedCount | AbsenceReason) -> tuple[str, str]:
        paper = compose(form, FilledForm({"people_took_part": value}), Letterhead())
        (grid,) = [block for block in paper.blocks if isinstance(block, DocumentTable)]
        return grid.rows[2][2], grid.rows[2][3]

    printed = [cells(GradedCount(0, FigureGrade.ATTESTED)), *map(cells, AbsenceReason)]
    assert printed[0] == ("0", "Có minh chứng")
    assert printed[1] == ("............", "")
    assert printed[2:] == [
        ("", "Không phát sinh"),
        ("", "Không thu thập"),
        ("", "Không áp dụng"),
    ]


def test_a_count_shows_its_grade_and_its_remark(form: ReportFormDefinition) -> None:
    count = GradedCount(12_345, FigureGrade.DECLARED, "cả\nđơn vị trực thuộc")
    paper = compose(form, FilledForm({"people_took_part": count}), Letterhead())
    (grid,) = [block for block in paper.blocks if isinstance(block, DocumentTable)]
    assert grid.rows[2][2:] == ("12.345", "Tự khai; cả đơn vị trực thuộc")


UNIT = "Ủy ban nhân dân xã Tập Sơn"


def written(
    summary: Any, coverage: Any, out: Path, created: Any, unit: str = UNIT
) -> sweep_report.WrittenReport:
    return write_report(
        summary, coverage, out, form_code="phu-luc-2022", unit=unit, created=created
    )


def test_both_files_are_written_and_nothing_else(summary, coverage, tmp_path, created) -> None:
    out = tmp_path / "kết quả" / "báo cáo"
    files = written(summary, coverage, out, created).files
    assert files == (out / "phu-luc-2022.docx", out / "phu-luc-2022.pdf")
    assert sorted(out.iterdir()) == sorted(files)
    assert files[0].read_bytes()[:2] == b"PK"
    assert files[1].read_bytes()[:5] == b"%PDF-"


def test_writing_again_gives_the_same_bytes(summary, coverage, tmp_path, created) -> None:
    first = [f.read_bytes() for f in written(summary, coverage, tmp_path, created).files]
    assert [f.read_bytes() for f in written(summary, coverage, tmp_path, created).files] == first


def test_characters_that_cannot_be_printed_are_noted(summary, coverage, tmp_path, created) -> None:
    notes = written(summary, coverage, tmp_path, created, unit="Phòng 漢").notes
    assert any("U+6F22" in note for note in notes)


def test_another_typeface_is_noted(summary, coverage, tmp_path, created, monkeypatch) -> None:
    monkeypatch.setattr(sweep_report, "find_face", lambda: Face(BUILT_IN))
    (note,) = written(summary, coverage, tmp_path, created).notes
    assert BUILT_IN in note


def test_a_place_that_cannot_be_written_is_told(summary, coverage, tmp_path, created) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(QuetsachError) as caught:
        written(summary, coverage, tmp_path / "file", created)
    assert caught.value.problem.code == "E406"


def test_bad_findings_leave_no_half_of_a_report(summary, coverage, tmp_path, created) -> None:
    with pytest.raises(QuetsachError) as caught:
        written({**summary, "lines": "?"}, coverage, tmp_path, created)
    assert caught.value.problem.code == "E404"
    assert list(tmp_path.iterdir()) == []
