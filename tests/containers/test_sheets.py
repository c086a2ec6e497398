"""Formulas, other workbooks and hidden sheets are found, with the sheet's name and the cell."""

import io

import pytest

from quetsach.containers.office import remarks
from quetsach.containers.office_kinds import OfficeKind, OfficeRemark, RemarkKind
from quetsach.containers.sheets import check_open_sheets
from tests.containers.samples import (
    code_of,
    replaced,
    spreadsheet,
    unzipped,
    with_parts,
    workbook,
    zipped,
)

NOTES = "xl/worksheets/sheet2.xml"


def noted(raw: bytes, kind: OfficeKind = OfficeKind.XLSX) -> list[tuple[RemarkKind, str, str]]:
    """Return kind, sheet and cell of each remark."""
    return [(remark.kind, remark.sheet, remark.cell) for remark in remarks(io.BytesIO(raw), kind)]


def test_a_formula_is_found_with_its_sheet_and_cell() -> None:
    assert noted(workbook(formula="=1+2")) == [(RemarkKind.FORMULA, "Đơn vị", "B21")]


def test_a_formula_far_down_is_found_wherever_the_pieces_are_cut() -> None:
    assert noted(workbook(formula="=SUM(A1:A9)", rows=20_000)) == [
        (RemarkKind.FORMULA, "Đơn vị", "B20001")
    ]
    sheet = b"<worksheet><sheetData>" + b" " * 65_500
    for more in range(0, 60, 1):
        body = sheet + b" " * more + b'<c r="A1"><f>1+2</f></c></sheetData></worksheet>'
        assert noted(with_parts(workbook(rows=1), {NOTES: body})) == [
            (RemarkKind.FORMULA, "Ghi chú", "A1")
        ]


@pytest.mark.parametrize("text", ["= chữ f(x) <f> &lt;f/&gt;", "tỷ lệ :f / và <f >"])
def test_text_that_looks_like_a_formula_is_none(text: str) -> None:
    assert noted(workbook(text=text)) == []


@pytest.mark.parametrize(
    "sheet",
    [
        b"<worksheet><!-- <f>1</f> --></worksheet>",
        b"<worksheet><c><is><t><![CDATA[<f>1</f>]]></t></is></c></worksheet>",
    ],
)
def test_what_only_looks_like_an_element_is_none(sheet: bytes) -> None:
    """The two searches took this for a formula."""
    assert noted(with_parts(workbook(), {NOTES: sheet})) == []


@pytest.mark.parametrize(
    "prefix",
    [
        b"x",
        # The reader of uploads knew prefixes of letters and digits, 20 at most.
        b"a-b.c",
        "đ".encode(),
        b"p" * 21,
        # The reader of documents knew 200 signs at most.
        b"p" * 5_000,
    ],
)
@pytest.mark.parametrize("folder", ["worksheets", "other"])
def test_a_formula_is_found_under_any_prefix_and_in_any_folder(prefix: bytes, folder: str) -> None:
    parts = {}
    for name, content in unzipped(workbook(formula="=1+2")).items():
        renamed = content.replace(b"<f>", b'<%s:f xmlns:%s="u">' % (prefix, prefix))
        renamed = renamed.replace(b"</f>", b"</%s:f>" % prefix)
        renamed = renamed.replace(b"worksheets/sheet1.xml", f"{folder}/sheet1.xml".encode())
        parts[name.replace("worksheets/", f"{folder}/")] = renamed
    assert noted(zipped(parts)) == [(RemarkKind.FORMULA, "Đơn vị", "B21")]


def test_a_sheet_that_the_workbook_does_not_name_is_looked_through_all_the_same() -> None:
    """The reader of uploads passed over it."""
    raw = with_parts(workbook(), {"xl/worksheets/sheet9.xml": b"<worksheet><f>1</f></worksheet>"})
    assert noted(raw) == [(RemarkKind.FORMULA, "", "")]


@pytest.mark.parametrize("name", ["XL/Worksheets/Sheet2.XML", "xl\\worksheets\\sheet2.xml"])
def test_case_and_slashes_hide_no_sheet(name: str) -> None:
    """The reader of documents compared names by case."""
    parts = unzipped(workbook())
    del parts[NOTES]
    parts[name] = b'<worksheet><c r="C3"><f>1</f></c></worksheet>'
    assert noted(zipped(parts)) == [(RemarkKind.FORMULA, "Ghi chú", "C3")]


def test_a_second_identifier_hides_no_sheet() -> None:
    """The reader of uploads took the last attribute called id, whatever its prefix."""
    raw = workbook(formula="=1+2")
    book = unzipped(raw)["xl/workbook.xml"]
    both = book.replace(b'r:id="rId1"', b'r:id="rId1" xmlns:z="u" z:id="none"')
    assert both != book
    assert noted(with_parts(raw, {"xl/workbook.xml": both})) == [
        (RemarkKind.FORMULA, "Đơn vị", "B21")
    ]


def test_the_namespaces_of_strict_workbooks_are_read() -> None:
    """The reader of documents knew those of the transitional form alone."""
    raw = workbook(formula="=1+2", hidden=True)
    strict = {
        name: part.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, part in unzipped(raw).items()
    }
    assert noted(zipped(strict)) == [
        (RemarkKind.HIDDEN, "Ghi chú", ""),
        (RemarkKind.FORMULA, "Đơn vị", "B21"),
    ]


@pytest.mark.parametrize("state", [b"hidden", b"veryHidden"])
def test_a_hidden_sheet_is_named(state: bytes) -> None:
    raw = replaced(
        workbook(hidden=True), "xl/workbook.xml", b'state="hidden"', b'state="%s"' % state
    )
    assert noted(raw) == [(RemarkKind.HIDDEN, "Ghi chú", "")]


def test_another_workbook_in_a_formula_is_a_remark_on_its_sheet() -> None:
    assert noted(workbook(other_book=True)) == [
        (RemarkKind.FORMULA, "Ghi chú", "A6"),
        (RemarkKind.OTHER_BOOK, "Ghi chú", ""),
    ]


def test_a_formula_of_many_pieces_names_its_workbook_all_the_same() -> None:
    body = b"<worksheet><c><f>" + b"A1+\n" * 500 + b"[1\n2]+[&#49;2]S!A1</f></c></worksheet>"
    assert (RemarkKind.OTHER_BOOK, "Ghi chú", "") in noted(with_parts(workbook(), {NOTES: body}))


def test_a_value_in_brackets_names_no_workbook() -> None:
    body = b"<worksheet><c><f>1+2</f><v>[1]</v></c></worksheet>"
    assert noted(with_parts(workbook(), {NOTES: body})) == [(RemarkKind.FORMULA, "Ghi chú", "")]


def test_a_sheet_with_formulas_that_is_no_xml_is_damage() -> None:
    raw = with_parts(workbook(), {NOTES: b"<worksheet><f>1</g></worksheet>"})
    assert code_of(lambda: noted(raw)) == "damaged"


def test_an_open_spreadsheet_names_sheets_with_formulas_and_hidden_ones() -> None:
    body = (
        '<style:style style:name="ta2"><style:table-properties table:display="false"/>'
        '</style:style><table:table table:name="Tổng" table:style-name="ta2">'
        '<table:table-cell table:formula="of:=SUM([.A1:.A9])"/></table:table>'
        '<table:table table:name="Xã"><table:table-cell '
        "table:formula=\"of:='file:///D:/a.ods'#$Sheet1.A1\"/></table:table>"
    )
    assert noted(spreadsheet(body), OfficeKind.ODS) == [
        (RemarkKind.HIDDEN, "Tổng", ""),
        (RemarkKind.FORMULA, "Tổng", ""),
        (RemarkKind.FORMULA, "Xã", ""),
        (RemarkKind.OTHER_BOOK, "Xã", ""),
    ]


def test_a_second_attribute_of_the_same_name_hides_nothing_in_an_open_spreadsheet() -> None:
    """The reader of uploads took the last of them."""
    body = (
        '<style:style style:name="t"><style:table-properties table:display="false" '
        'text:display="true"/></style:style>'
        '<table:table table:name="A" table:style-name="t" text:style-name="u"/>'
    )
    assert noted(spreadsheet(body), OfficeKind.ODS) == [(RemarkKind.HIDDEN, "A", "")]


def test_remarks_on_thousands_of_sheets_are_bounded() -> None:
    each = (
        f'<table:table table:name="{n}"><a table:formula="1"/></table:table>' for n in range(3000)
    )
    assert len(noted(spreadsheet("".join(each)), OfficeKind.ODS)) == 1_000


def test_a_remark_is_one_value() -> None:
    assert OfficeRemark(RemarkKind.FORMULA, sheet="A") == OfficeRemark(RemarkKind.FORMULA, "", "A")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<a><b/></a>", ""),
        (b"<a><b>", "damaged"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "document-type"),
    ],
)
def test_content_of_an_open_spreadsheet_is_whole_or_refused(content: bytes, code: str) -> None:
    raw = zipped({"mimetype": b"x", "content.xml": content})
    assert code_of(lambda: check_open_sheets(io.BytesIO(raw))) == code


def test_only_the_content_of_an_open_spreadsheet_is_looked_at() -> None:
    check_open_sheets(io.BytesIO(zipped({"xl/workbook.xml": b"<a>"})))
    check_open_sheets(io.BytesIO(b"no archive"))
