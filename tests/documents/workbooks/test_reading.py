"""Reading a workbook back: numbers, absences, and files that somebody changed."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import openpyxl
import pytest

from quetsach.documents.workbooks.layout import WorkbookHead
from quetsach.documents.workbooks.reading import read_workbook
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.values import (
    AbsenceReason,
    FigureGrade,
    GradedCount,
)
from tests.documents.workbooks.workbooks import (
    DEPLOYED,
    FORM,
    HEAD,
    INFORMED,
    PEOPLE,
    filled,
    made,
    members,
    read,
)


def reason(raw: bytes, expected: WorkbookHead = HEAD) -> str:
    with pytest.raises(QuetsachError) as told:
        read(raw, expected)
    return str(told.value.problem)


def repacked(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


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
