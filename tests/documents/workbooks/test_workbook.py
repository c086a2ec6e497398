"""The form as a workbook, out and in: values alone, and each refusal names page and cell."""

import io
import re
from dataclasses import replace

import openpyxl
import pytest

from quetsach.documents.workbooks.reading import read_workbook
from quetsach.documents.workbooks.workbook import WorkbookPaper, workbook_bytes
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
from tests.documents.officials import every_kind
from tests.documents.workbooks.workbooks import (
    FORM,
    HEAD,
    KEY,
    PEOPLE,
    UNIT,
    counted,
    filled,
    made,
    members,
    read,
)

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


@pytest.mark.asvs("V1.2.10")
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


def test_F4_the_units_name_is_locked_and_another_is_refused() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made()))
    at = next(row for row in book["Báo cáo"].iter_rows() if row[0].value == "unit")
    assert (at[5].value, {at[column].protection.locked for column in (5, 6, 7)}) == (UNIT, {True})
    cell = at[5].coordinate
    found = read(filled({cell: "UBND xã Khác"}))
    assert [(one.cell, one.field) for one in found.problems] == [(cell, "unit")]
    assert found.answers["unit"].value == TextValue(UNIT, FigureGrade.DECLARED)


def test_the_extended_form_fits_into_a_workbook() -> None:
    form = shipped_form("phu-luc-mo-rong")
    head = replace(HEAD, form_digest=form_digest(form))
    raw = workbook_bytes(WorkbookPaper(head, form, {}), KEY)
    found = read_workbook(raw, "a.xlsx", form, head, key=KEY)
    assert set(found.answers) == set(form.ids())
    known = {one.id for one in form.entries() if getattr(one, "source", None) is TextSource.UNIT}
    empty = {key for key, one in found.answers.items() if one.value is AbsenceReason.MISSING}
    assert empty == set(form.ids()) - known
