"""The form as a workbook, out and in: values alone, and each refusal names page and cell."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from quetsach.documents.workbooks.layout import WorkbookHead
from quetsach.documents.workbooks.reading import FilledWorkbook, read_workbook
from quetsach.documents.workbooks.workbook import WorkbookPaper, workbook_bytes
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import TextSource
from quetsach.forms.reading import form_digest, shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    TextValue,
    Value,
)
from tests.documents.officials import every_kind, seed_form
from tests.libreoffice import Part, convert

KEY = b"the portal's own key"
HOSTILE = (
    "=1+2",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "a\x00b\x01",
    "＝1",
    '=HYPERLINK("http://x.example")',
    "A & B <x> C",
)
UNIT = "Ủy ban nhân dân xã Hàm Giang"
FORM = seed_form()
HEAD = WorkbookHead(FORM.code, form_digest(FORM), "1", "7", UNIT, "0/1")


def counted(number: int, derived: int | None = None) -> OwnValue:
    known = None if derived is None else GradedCount(derived, FigureGrade.MEASURED)
    return OwnValue(GradedCount(number, FigureGrade.DECLARED), known)


def made(own: Mapping[str, OwnValue] | None = None, head: WorkbookHead = HEAD) -> bytes:
    return workbook_bytes(WorkbookPaper(head, FORM, own or {}, (UNIT,)), KEY)


def read(raw: bytes, expected: WorkbookHead = HEAD) -> FilledWorkbook:
    return read_workbook(raw, "bao-cao.xlsx", FORM, expected, key=KEY)


def filled(cells: Mapping[str, Any], raw: bytes | None = None, sheet: str = "Báo cáo") -> bytes:
    """Return the workbook as an office program saves it with these cells written."""
    book = openpyxl.load_workbook(io.BytesIO(made() if raw is None else raw))
    for cell, value in cells.items():
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(field: str) -> int:
    book = openpyxl.load_workbook(io.BytesIO(made()))
    return next(row[0].row for row in book["Báo cáo"].iter_rows() if row[0].value == field)


INFORMED = f"F{row_of('organisations_informed')}"
DEPLOYED = f"F{row_of('organisations_deployed')}"
PEOPLE = f"F{row_of('people_took_part')}"


def reason(raw: bytes, expected: WorkbookHead = HEAD) -> str:
    with pytest.raises(QuetsachError) as told:
        read(raw, expected)
    return str(told.value.problem)


def members(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


def test_F1_no_cell_is_ever_a_formula() -> None:
    for text in HOSTILE:
        own = {"assessment": OwnValue(TextValue(text, FigureGrade.DECLARED), reason=text)}
        paper = WorkbookPaper(replace(HEAD, unit=text), FORM, own, (text,))
        for name, data in members(workbook_bytes(paper, KEY)).items():
            if name.startswith("xl/worksheets/"):
                assert not re.search(rb"<f[\s>]", data), (name, text)
                assert not re.search(rb"<hyperlink", data), (name, text)


@pytest.mark.parametrize("text", HOSTILE)
def test_F1_words_come_back_as_they_were_written(text: str) -> None:
    found = read(made({"assessment": OwnValue(TextValue(text, FigureGrade.DECLARED))}))
    came = found.answers["assessment"].value
    assert isinstance(came, TextValue)
    assert came.text.replace("\x00", "").strip() == text.replace("\x00", "").strip()
    assert found.problems == ()


def test_F3_what_the_records_know_is_a_number_and_an_answer_is_text() -> None:
    raw = made({"people_took_part": counted(1_234, 1_240)})
    page = openpyxl.load_workbook(io.BytesIO(raw))["Báo cáo"]
    assert page[PEOPLE].value == "1.234"
    assert page[PEOPLE.replace("F", "E")].value == 1_240
    assert page[PEOPLE].protection.locked is False
    assert page[PEOPLE.replace("F", "E")].protection.locked is True
    assert page.protection.sheet is True


def test_a_count_takes_digits_alone_and_a_text_only_so_many_characters() -> None:
    page = openpyxl.load_workbook(io.BytesIO(made()))["Báo cáo"]
    rules = {str(one.sqref): one for one in page.data_validations.dataValidation}
    for cell in (INFORMED, DEPLOYED, PEOPLE):
        rule = rules[cell]
        assert (rule.type, rule.errorStyle or "stop") == ("custom", "stop")
        assert len(rule.formula1) <= 255
        assert "chữ số" in rule.error
    assessment = rules[f"F{row_of('assessment')}"]
    assert (assessment.type, assessment.operator) == ("textLength", "lessThanOrEqual")
    assert assessment.formula1 == "20000"


def calculated(formulas: list[str], cells: Mapping[str, str], folder: Path) -> list[str]:
    """Return what LibreOffice makes of formulas over text cells."""
    import xlsxwriter

    with xlsxwriter.Workbook(folder / "try.xlsx") as book:
        page, text = book.add_worksheet(), book.add_format({"num_format": "@"})
        for cell, value in cells.items():
            page.write_string(cell, value, text)
        for row, formula in enumerate(formulas):
            # Without a value the program has to calculate it.
            page.write_formula(row, 0, f"={formula.removeprefix('=')}", None, "")
    return convert(folder / "try.xlsx", "csv", Part.CALC).read_text().split("\n")


def test_the_rules_say_in_libreoffice_what_the_form_s_checks_say(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(io.BytesIO(made()))["Báo cáo"]
    digits = next(
        one.formula1 for one in page.data_validations.dataValidation if str(one.sqref) == PEOPLE
    )
    typed = {"1.234": True, "12": True, "0": True, "12a": False, "-1": False, "1,5": False}
    asked = {f"G{row}": text for row, text in enumerate(typed, 1)}
    formulas = [digits.replace(PEOPLE, cell) for cell in asked]
    (red,) = [
        one.formula[0]
        for held in page.conditional_formatting
        for one in held.rules
        if str(held.sqref) == DEPLOYED
    ]
    dollars = {cell: f"${cell[0]}${cell[1:]}" for cell in (INFORMED, DEPLOYED)}
    pairs = [("5", "1.000"), ("5", "4"), ("", "4"), ("1.000", "5")]
    for row, (informed, deployed) in enumerate(pairs, 1):
        asked |= {f"H{row}": informed, f"I{row}": deployed}
        there = red.replace(dollars[INFORMED], f"H{row}")
        formulas.append(there.replace(dollars[DEPLOYED], f"I{row}"))
    lines = calculated(formulas, asked, tmp_path)
    told = [line.split(",")[0] == "TRUE" for line in lines[: len(formulas)]]
    assert told == [*typed.values(), True, False, False, False]


def test_a_row_is_as_high_as_its_longest_text() -> None:
    said = OwnValue(GradedCount(1, FigureGrade.DECLARED, "chữ " * 60))
    heights = []
    for own in (counted(1), said):
        page = openpyxl.load_workbook(io.BytesIO(made({"people_took_part": own})))["Báo cáo"]
        heights.append(page.row_dimensions[page[PEOPLE].row].height)
    assert heights[1] > 5 * heights[0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1234", 1234), ("1.234", 1234), ("1,234", 1234), ("1 234", 1234), ("１２３４", 1234),
     (1234, 1234), (1234.0, 1234), ("0", 0), (0, 0)],
)  # fmt: skip
def test_F3_numbers_are_read_as_on_the_screen(typed: object, number: int) -> None:
    found = read(filled({PEOPLE: typed}))
    assert found.problems == ()
    assert found.answers["people_took_part"].value == GradedCount(number, FigureGrade.DECLARED)


@pytest.mark.parametrize("typed", ["12a", "-1", -1, "1e3", 1.5, "1.5", True])
def test_F3_what_is_no_whole_number_is_told_with_its_cell(typed: object) -> None:
    found = read(filled({PEOPLE: typed}))
    assert [(one.sheet, one.cell, one.field) for one in found.problems] == [
        ("Báo cáo", PEOPLE, "people_took_part")
    ]


def test_an_empty_cell_is_missing_and_a_reason_beside_it_is_kept() -> None:
    found = read(filled({INFORMED.replace("F", "G"): "không phát sinh", DEPLOYED: None}))
    assert found.answers["organisations_informed"].value is AbsenceReason.NIL
    assert found.answers["organisations_deployed"].value is AbsenceReason.MISSING


def test_an_answer_beside_a_reason_for_none_is_told() -> None:
    found = read(filled({INFORMED: "3", INFORMED.replace("F", "G"): "không thu thập"}))
    assert [one.cell for one in found.problems] == [INFORMED.replace("F", "G")]


def test_every_kind_of_field_comes_back_as_it_went_out() -> None:
    form = every_kind()
    own: dict[str, OwnValue] = {}
    for entry in form.entries():
        value: Value
        if hasattr(entry, "choices") and entry.choices:
            picked = tuple(one.id for one in entry.choices)
            value = ChosenAnswers(picked if entry.several else picked[:1])
        elif hasattr(entry, "columns") and entry.columns:
            value = FieldRows((tuple("a" for _one in entry.columns),) * 2)
        elif entry.unit is not None:
            value = GradedCount(1_000, FigureGrade.DECLARED, "ghi chú")
        else:
            value = TextValue("Một đoạn\nhai dòng", FigureGrade.DECLARED)
        own[entry.id] = OwnValue(value)
    head = replace(HEAD, form_digest=form_digest(form))
    raw = workbook_bytes(WorkbookPaper(head, form, own), KEY)
    found = read_workbook(raw, "a.xlsx", form, head, key=KEY)
    assert {key: one.value for key, one in found.answers.items()} == {
        key: one.value for key, one in own.items()
    }
    assert found.problems == ()


def test_F4_a_formula_is_refused_with_its_page_and_cell() -> None:
    said = reason(filled({PEOPLE: "=1+1"}))
    assert "Báo cáo" in said
    assert PEOPLE in said


def test_F4_macros_links_and_hidden_pages_are_refused() -> None:
    parts = members(made())
    assert "E475" in reason(repacked({**parts, "xl/vbaProject.bin": b"macro"}))
    link = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    assert "E475" in reason(repacked({**parts, **link}))
    book = openpyxl.load_workbook(io.BytesIO(made()))
    book.create_sheet("Ghi chép").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert "Ghi chép" in reason(out.getvalue())


def test_a_workbook_older_than_the_draft_says_so() -> None:
    assert read(made(), replace(HEAD, state="0/2")).is_older
    assert not read(made()).is_older


def test_F4_the_units_name_is_locked_and_another_is_refused() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made()))
    at = next(row for row in book["Báo cáo"].iter_rows() if row[0].value == "unit")
    assert (at[5].value, {at[column].protection.locked for column in (5, 6, 7)}) == (UNIT, {True})
    cell = at[5].coordinate
    found = read(filled({cell: "UBND xã Khác"}))
    assert [(one.cell, one.field) for one in found.problems] == [(cell, "unit")]
    assert found.answers["unit"].value == TextValue(UNIT, FigureGrade.DECLARED)


def test_F4_another_units_and_a_foreign_workbook_are_refused() -> None:
    other = replace(HEAD, slot="8", unit="Ủy ban nhân dân xã Đại An")
    assert "Đại An" in reason(made(head=other))
    assert "E475" in reason(made(), replace(HEAD, form_digest="0" * 64))
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    assert "E475" in reason(plain.getvalue())
    assert "E475" in reason(b"STT;Noi dung\n1;2\n")


def test_F4_a_hidden_page_that_was_changed_is_refused() -> None:
    raw = filled({"A1": '{"format":"quetsach-workbook/1"}'}, sheet="kiem-tra")
    assert "E475" in reason(raw)
    with pytest.raises(QuetsachError, match="E475"):
        read_workbook(made(), "a.xlsx", FORM, HEAD, key=b"another")


def test_F5_what_swells_is_packed_of_too_much_or_nested_is_refused() -> None:
    parts = members(made())
    bomb = repacked({**parts, "xl/media.xml": b"\x20" * (200 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    assert "E414" in reason(bomb)
    many = repacked({**parts, **{f"xl/extra{n}.xml": b"<a/>" for n in range(10_000)}})
    assert "E475" in reason(many)
    assert "E475" in reason(repacked({**parts, "xl/embeddings/a.xlsx": made()}))
    assert "E475" in reason(repacked({**parts, "inner.zip": made()}))


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/x.rels"])
def test_F6_an_entity_or_a_dtd_is_refused(member: str) -> None:
    parts = members(made())
    data = parts.get(member, b'<?xml version="1.0"?><a/>')
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "http://192.0.2.1/">]>'
    parts[member] = data.replace(b"?>", b"?>" + entity, 1)
    assert "E475" in reason(repacked(parts))
    parts[member] = data.decode().encode("utf-16")
    assert "E475" in reason(repacked(parts))


def test_the_extended_form_fits_into_a_workbook() -> None:
    form = shipped_form("phu-luc-mo-rong")
    head = replace(HEAD, form_digest=form_digest(form))
    raw = workbook_bytes(WorkbookPaper(head, form, {}), KEY)
    found = read_workbook(raw, "a.xlsx", form, head, key=KEY)
    assert set(found.answers) == set(form.ids())
    known = {one.id for one in form.entries() if getattr(one, "source", None) is TextSource.UNIT}
    empty = {key for key, one in found.answers.items() if one.value is AbsenceReason.MISSING}
    assert empty == set(form.ids()) - known
