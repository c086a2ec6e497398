"""Office documents: macros and what reaches outside are refused, formulas name sheets: F4, F6."""

import pytest

from tests.portal.files.samples import (
    checked,
    code,
    document,
    refusal,
    remarks,
    replaced,
    shortly,
    spreadsheet,
    with_parts,
    workbook,
)

RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
)
FETCHING = b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><worksheet/>'


def relation(kind: str, target: str) -> bytes:
    return RELATION.format(kind=kind, target=target).encode()


def test_a_plain_workbook_has_no_remark() -> None:
    assert checked(workbook(), "don-vi.xlsx", "register").remarks == ()


def test_F4_a_formula_is_a_remark_that_names_its_sheet() -> None:
    raw = workbook(formula=True)
    assert remarks(raw, "don-vi.xlsx", "register") == [("P140", "Đơn vị")]
    told = checked(raw, "don-vi.xlsx", "register").remarks[0].what()
    assert "Đơn vị" in told
    assert "công thức" in told


def test_F4_a_hidden_sheet_and_another_workbook_are_remarks_that_name_the_sheet() -> None:
    assert remarks(workbook(hidden=True), "a.xlsx", "register") == [("P141", "Ghi chú")]
    raw = workbook(other_book=True)
    assert remarks(raw, "a.xlsx", "register") == [("P140", "Ghi chú"), ("P142", "Ghi chú")]


def test_F4_a_formula_is_found_across_the_pieces_that_are_read() -> None:
    sheet = b"<worksheet><sheetData>" + b" " * 65_500
    for more in range(40):
        body = sheet + b" " * more + b"<c><f>1+2</f></c></sheetData></worksheet>"
        raw = with_parts(workbook(), {"xl/worksheets/sheet2.xml": body})
        assert remarks(raw, "a.xlsx", "register") == [("P140", "Ghi chú")]


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"},
        {"xl/VBAPROJECT.BIN": b"x"},
        {"xl/macrosheets/sheet1.xml": b"<macrosheet/>"},
        {"xl/dialogsheets/sheet1.xml": b"<dialogsheet/>"},
    ],
    ids=shortly,
)
def test_F4_a_workbook_with_macros_is_refused_and_its_sheets_are_named(parts) -> None:
    found, told = refusal(with_parts(workbook(), parts), "don-vi.xlsm", "register")
    assert found == "P117"
    assert "macro" in told
    if "xl/vbaProject.bin" in parts:
        assert "Đơn vị" in told


def test_F4_a_macro_sheet_is_named_as_its_workbook_names_it() -> None:
    raw = replaced(
        workbook(),
        "xl/_rels/workbook.xml.rels",
        b"worksheets/sheet2.xml",
        b"macrosheets/sheet2.xml",
    )
    raw = with_parts(raw, {"xl/macrosheets/sheet2.xml": b"<macrosheet/>"})
    found, told = refusal(raw, "don-vi.xlsx", "register")
    assert found == "P117"
    assert "Ghi chú" in told


def test_F4_a_type_with_macros_is_refused_though_no_macro_is_there() -> None:
    raw = replaced(
        workbook(),
        "[Content_Types].xml",
        b"spreadsheetml.sheet.main+xml",
        b"sheet.macroEnabled.main+xml",
    )
    assert code(raw, "don-vi.xlsx", "register") == "P117"
    assert code(with_parts(document(), {"word/vbaProject.bin": b"x"}), "a.docx", "proof") == "P117"


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/connections.xml", b"<connections/>"),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink><ddeLink/></externalLink>"),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink><oleLink/></externalLink>"),
        ("xl/drawings/_rels/drawing1.xml.rels", relation("image", "http://192.0.2.1/a.png")),
        ("xl/worksheets/_rels/sheet1.xml.rels", relation("oleObject", "file://192.0.2.1/a")),
    ],
    ids=shortly,
)
def test_F4_a_workbook_that_fetches_from_outside_is_refused(part: str, content: bytes) -> None:
    assert code(with_parts(workbook(), {part: content}), "a.xlsx", "register") == "P119"


@pytest.mark.parametrize(
    ("kind", "target", "wanted"),
    [
        ("attachedTemplate", "http://192.0.2.1/a.dotm", "P119"),
        ("attachedTemplate", "file://192.0.2.1/share/a.dotm", "P119"),
        ("attachedTemplate", "\\\\192.0.2.1\\share\\a.dotm", "P119"),
        ("attachedTemplate", "file:///C:\\Users\\an\\Mau.dotx", ""),
        ("attachedTemplate", "Normal.dotm", ""),
        ("oleObject", "http://192.0.2.1/a", "P119"),
        ("aFChunk", "http://192.0.2.1/a.html", "P119"),
        ("image", "http://192.0.2.1/a.png", "P119"),
        ("hyperlink", "https://congan.example/", ""),
    ],
)
def test_a_document_that_fetches_from_outside_is_refused(
    kind: str, target: str, wanted: str
) -> None:
    raw = with_parts(document(), {"word/_rels/settings.xml.rels": relation(kind, target)})
    assert code(raw, "a.docx", "proof") == wanted


def test_a_field_that_starts_a_program_is_refused() -> None:
    text = "Biên bản kiểm tra máy tính".encode()
    field = b"x</w:t></w:r><w:r><w:instrText> DDEAUTO c:\\\\cmd.exe</w:instrText></w:r><w:r><w:t>"
    assert code(replaced(document(), "word/document.xml", text, field), "a.docx", "proof") == "P119"


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("word/activeX/activeX1.xml", b"<ax/>"),
        ("word/media/image9.png", b"MZ" + bytes(200)),
        ("word/media/image9.emf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ],
    ids=shortly,
)
def test_embedded_objects_and_programs_are_refused(part: str, content: bytes) -> None:
    assert code(with_parts(document(), {part: content}), "a.docx", "proof") == "P120"


@pytest.mark.parametrize("hostile", [BOMB, FETCHING], ids=shortly)
@pytest.mark.parametrize(
    "part",
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/a.xml"],
)
def test_F6_a_workbook_with_a_document_type_is_refused(hostile: bytes, part: str) -> None:
    assert code(with_parts(workbook(), {part: hostile}), "don-vi.xlsx", "register") == "P118"


@pytest.mark.parametrize("part", ["word/document.xml", "word/_rels/document.xml.rels", "a.vml"])
def test_F6_a_document_with_a_document_type_is_refused(part: str) -> None:
    assert code(with_parts(document(), {part: BOMB}), "a.docx", "proof") == "P118"


def test_F6_another_coding_hides_nothing() -> None:
    hidden = BOMB.decode().encode("utf-16")
    assert code(with_parts(workbook(), {"xl/styles.xml": hidden}), "a.xlsx", "register") == "P106"


def ods(body: str) -> bytes:
    return spreadsheet(body)


def test_F4_an_open_spreadsheet_names_sheets_with_formulas_and_hidden_ones() -> None:
    body = (
        '<style:style style:name="ta2"><style:table-properties table:display="false"/>'
        '</style:style><table:table table:name="Tổng" table:style-name="ta2">'
        '<table:table-cell table:formula="of:=SUM([.A1:.A9])"/></table:table>'
        '<table:table table:name="Xã"><table:table-cell '
        "table:formula=\"of:='file:///D:/a.ods'#$Sheet1.A1\"/></table:table>"
    )
    assert remarks(ods(body), "don-vi.ods", "register") == [
        ("P141", "Tổng"),
        ("P140", "Tổng"),
        ("P140", "Xã"),
        ("P142", "Xã"),
    ]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<table:dde-link/>", "P119"),
        ('<table:table table:name="a"><table:table-source/></table:table>', "P119"),
        ("<script:event-listener/>", "P117"),
        ("<a><b>", "P106"),
        ("<a>" * 300 + "</a>" * 300, "P106"),
    ],
)
def test_F4_an_open_spreadsheet_that_reaches_outside_is_refused(body: str, wanted: str) -> None:
    assert code(ods(body), "don-vi.ods", "register") == wanted


def test_F4_an_open_spreadsheet_with_macros_or_a_password_is_refused() -> None:
    macros = with_parts(spreadsheet(), {"Basic/Standard/Module1.xml": b"<a/>"})
    assert code(macros, "don-vi.ods", "register") == "P117"
    locked = b"<manifest><file-entry><encryption-data/></file-entry></manifest>"
    raw = with_parts(spreadsheet(), {"META-INF/manifest.xml": locked})
    assert code(raw, "don-vi.ods", "register") == "P107"


def test_a_part_that_says_how_others_hang_together_is_never_long() -> None:
    import random

    noise = random.Random(1).randbytes(9 << 20).hex().encode()
    long = b"<Relationships><!--" + noise + b"--></Relationships>"
    raw = with_parts(workbook(), {"xl/_rels/workbook.xml.rels": long})
    assert code(raw, "don-vi.xlsx", "register") == "P108"
