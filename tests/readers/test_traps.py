"""Formulas, links, macros and hidden sheets of a workbook are found, in every kind of it."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.traps import OfficeTrap, TrapKind, traps_in
from tests.readers.compound_writer import compound


def _book(*, formula: str = "", hidden: bool = False, rows: int = 1) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Đơn & vị")
        for row in range(rows):
            sheet.write_string(row, 0, "= chữ f(x) <f> &lt;f/&gt;")
        if formula:
            sheet.write_formula(rows, 1, formula, None, 3)
        if hidden:
            book.add_worksheet("Ẩn").hide()
    return out.getvalue()


def _old_book(*records: tuple[int, bytes]) -> bytes:
    stream = b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)
    return compound({"Workbook": stream.ljust(4096, b"\0")})


def test_a_formula_is_found_with_its_sheet_and_cell() -> None:
    assert traps_in(_book(formula="=1+2"), "x.xlsx") == (
        OfficeTrap(TrapKind.FORMULA, "Đơn & vị", "B2"),
    )


def test_a_formula_is_found_wherever_the_pieces_of_the_file_are_cut() -> None:
    found = traps_in(_book(formula="=SUM(A1:A9)", rows=40_000), "x.xlsx")
    assert found == (OfficeTrap(TrapKind.FORMULA, "Đơn & vị", "B40001"),)


def test_text_that_looks_like_a_formula_is_none() -> None:
    assert traps_in(_book(), "x.xlsx") == ()
    assert traps_in(b"=1+2;a\n", "x.csv") == ()


def test_a_hidden_sheet_is_named() -> None:
    assert traps_in(_book(hidden=True), "x.xlsx") == (OfficeTrap(TrapKind.HIDDEN, "Ẩn"),)


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("xl/vbaProject.bin", TrapKind.MACRO),
        ("xl/externalLinks/externalLink1.xml", TrapKind.EXTERNAL),
        ("xl/worksheets/sheet9.bin", TrapKind.OPAQUE),
    ],
)
def test_macros_links_and_binary_sheets_are_told(member: str, kind: TrapKind) -> None:
    out = io.BytesIO(_book())
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(member, b"<x/>")
    assert traps_in(out.getvalue(), "x.xlsx") == (OfficeTrap(kind),)


def test_a_formula_of_an_old_workbook_is_found() -> None:
    bof, cell = (0x0809, b"\0" * 16), (0x0203, b"\0" * 14)
    assert traps_in(_old_book(bof, cell), "x.xls") == ()
    assert traps_in(_old_book(bof, cell, (0x0006, b"\0" * 22)), "x.xls") == (
        OfficeTrap(TrapKind.FORMULA),
    )


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(QuetsachError) as caught:
        traps_in(out.getvalue(), "x.xlsx")
    assert caught.value.problem.code == "E414"


@pytest.mark.parametrize("folder", ["worksheets", "other"])
def test_a_formula_is_found_in_any_folder_and_under_any_prefix(folder: str) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_book(formula="=1+2"))) as book,
        zipfile.ZipFile(out, "w") as to,
    ):
        for name in book.namelist():
            data = book.read(name).replace(b"<f>", b"<a-b.c:f>").replace(b"</f>", b"</a-b.c:f>")
            data = data.replace(b"worksheets/sheet1.xml", f"{folder}/sheet1.xml".encode())
            to.writestr(name.replace("worksheets/", f"{folder}/"), data)
    assert [one.kind for one in traps_in(out.getvalue(), "x.xlsx")] == [TrapKind.FORMULA]
