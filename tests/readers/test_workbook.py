"""Workbooks: each row with the number its program shows, each value as a person sees it."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from quetsach.readers.contract import ReadLimits
from quetsach.readers.read import read_paper
from quetsach.readers.workbook import WorkbookReader, display_cell
from tests.libreoffice import Part, convert
from tests.readers.samples import (
    attempted,
    codes,
    only,
    read,
    rows,
    texts,
    unzipped,
    workbook,
    zipped,
)


def test_rows_have_the_numbers_of_their_sheet_also_behind_empty_ones() -> None:
    first = [[], [], [None, "STT", "IP"], [], [None, 1, "203.0.113.7"]]
    paper = read(WorkbookReader(read_paper), workbook({"IoC": first, "Khác": [["x"]]}), "pl.xlsx")
    assert [(b.place.sheet, b.place.row, b.text) for b in paper.blocks] == [
        ("IoC", 3, "\tSTT\tIP"),
        ("IoC", 5, "\t1\t203.0.113.7"),
        ("Khác", 1, "x"),
    ]


def test_values_are_as_a_person_sees_them() -> None:
    seen = {
        203.0: "203",
        0.1: "0.1",
        1e20: "1e+20",
        dt.date(2022, 9, 29): "2022-09-29",
        dt.datetime(2022, 9, 29, 7, 30): "2022-09-29 07:30:00",
        dt.time(7, 30): "07:30:00",
        "a\r\nb": "a\nb",
        "": "",
    }
    assert {value: display_cell(value) for value in seen} == seen
    assert (display_cell(True), display_cell(False)) == ("TRUE", "FALSE")


def test_numbers_and_dates_come_so_out_of_the_file() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("S")
        sheet.write(0, 0, 203)
        sheet.write(0, 1, dt.date(2022, 9, 9), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write(0, 2, "a\nb")
    assert rows(read(WorkbookReader(read_paper), out.getvalue(), "x.xlsx")) == [
        ("203", "2022-09-09", "a\nb")
    ]


def test_hidden_sheets_are_read_and_merged_cells_once() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("ẩn")
        sheet.merge_range(0, 0, 1, 1, "gộp")
        sheet.write(1, 2, "bad.example")
        sheet.hide()
        book.add_worksheet("thấy").activate()
    assert rows(read(WorkbookReader(read_paper), out.getvalue(), "x.xlsx")) == [
        ("gộp",),
        ("", "", "bad.example"),
    ]


def test_link_targets_and_notes_are_kept() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("S")
        sheet.write_url(0, 0, "https://host.example/x", string="xem")
        sheet.write_comment(0, 0, "ghi chú 203.0.113.3")
    paper = read(WorkbookReader(read_paper), out.getvalue(), "x.xlsx")
    assert [link for block in paper.blocks for link in block.links] == ["https://host.example/x"]
    assert any("203.0.113.3" in text for text in texts(paper))


def test_another_reader_of_workbooks_agrees() -> None:
    lines = [[n, f"bad-{n}.example", f"ghi chú {n}" if n % 3 else None] for n in range(1, 200)]
    raw = workbook({"A": lines, "B": lines[:7]})
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
    theirs = [
        (sheet.title, number, "\t".join("" if one is None else str(one) for one in row).rstrip())
        for sheet in book.worksheets
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
    ]
    ours = read(WorkbookReader(read_paper), raw, "x.xlsx").blocks
    assert [(b.place.sheet, b.place.row, b.text) for b in ours] == theirs


def test_a_workbook_of_libreoffice_is_read() -> None:
    raw = ods(
        "<table:table table:name='IoC'><table:table-row><table:table-cell "
        "office:value-type='string'><text:p>bad.example</text:p></table:table-cell>"
        "<table:table-cell office:value-type='float' office:value='203'><text:p>203</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    paper = read(WorkbookReader(read_paper), raw, "x.ods")
    assert (rows(paper), paper.blocks[0].place.sheet) == ([("bad.example", "203")], "IoC")


def test_a_workbook_of_the_old_kind_is_read(tmp_path: Path) -> None:
    lines = [[None, "STT"], [], [None, 203, "bad.example"]]
    (tmp_path / "x.xlsx").write_bytes(workbook({"IoC": lines}))
    old = convert(tmp_path / "x.xlsx", "xls", Part.CALC)
    paper = read(WorkbookReader(read_paper), old.read_bytes(), "x.xls")
    assert [(b.place.sheet, b.place.row, b.cells) for b in paper.blocks] == [
        ("IoC", 1, ("", "STT")),
        ("IoC", 3, ("", "203", "bad.example")),
    ]
    assert codes(paper) == []


def ods(body: str, head: str = "") -> bytes:
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    content = (
        f'<?xml version="1.0"?>{head}<office:document-content {names}><office:body>'
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


ENTITIES = '<!DOCTYPE x [<!ENTITY a "203.0.113.1 "><!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("name", ["a", "f"])
def test_entities_of_a_workbook_are_never_put_in(name: str) -> None:
    members = unzipped(workbook({"S": [["MARK"]]}))
    shared = members["xl/sharedStrings.xml"].decode().replace("MARK", f"x&{name};")
    members["xl/sharedStrings.xml"] = shared.replace("<sst", f"{ENTITIES}<sst", 1).encode()
    raw = zipped(members)
    found = attempted(WorkbookReader(read_paper), raw, "x.xlsx")
    assert set(found) <= {"E411", "E414"}
    if not found:
        said = [block.text for block in read(WorkbookReader(read_paper), raw, "x.xlsx").blocks]
        assert not any("203.0.113.1" in text or "root:" in text for text in said)


def test_a_workbook_with_macros_is_read_and_named() -> None:
    members = unzipped(workbook({"S": [["chữ"]]}))
    members["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 not run"
    paper = read(WorkbookReader(read_paper), zipped(members), "x.xlsm")
    assert (rows(paper), codes(paper)) == ([("chữ",)], ["E415"])


def test_a_limit_of_rows_is_named_and_what_stood_before_is_kept() -> None:
    raw = workbook({"S": [[n] for n in range(50)]})
    paper = read(WorkbookReader(read_paper), raw, "x.xlsx", ReadLimits(blocks=10))
    assert (len(paper.blocks), codes(paper)) == (10, ["E413"])


def test_a_damaged_sheet_does_not_take_the_others_with_it() -> None:
    members = unzipped(workbook({"A": [["mất"]], "B": [["còn 203.0.113.4"]]}))
    members["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row r='1'><c r='A1' t='"
    paper = read(WorkbookReader(read_paper), zipped(members), "x.xlsx")
    assert only(paper, "203.0.113.4").place.sheet == "B"
    assert codes(paper) == ["E411"]


def test_an_open_spreadsheet_that_breaks_off_is_damaged_at_once() -> None:
    members = unzipped(ods("<table:table/>"))
    content = members["content.xml"]
    members["content.xml"] = content[: content.index(b"<table:table/>")] + b"<table:table>"
    assert attempted(WorkbookReader(read_paper), zipped(members), "x.ods") == ["E411"]


@pytest.mark.parametrize("row", [b"1048577", b"4294967295", b"999999999999"])
def test_a_row_that_no_sheet_has_is_damage_and_not_counted_up_to(row: bytes) -> None:
    members = unzipped(workbook({"A": [["mất"]], "B": [["còn 203.0.113.4"]]}))
    cell = b"<row r='%b'><c r='A%b' t='inlineStr'><is><t>x</t></is></c></row>" % (row, row)
    name = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b"<worksheet xmlns='%b'><sheetData>%b</sheetData></worksheet>" % (name, cell)
    members["xl/worksheets/sheet1.xml"] = sheet
    paper = read(WorkbookReader(read_paper), zipped(members), "x.xlsx")
    assert only(paper, "203.0.113.4").place.sheet == "B"
    assert codes(paper) == ["E411"]
