"""Word documents: everything that a person sees is read, in its order, and nothing is run."""

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import BlockKind
from quetsach.readers.read import read_paper
from quetsach.readers.word import WordReader
from tests.readers.samples import (
    attempted,
    changed,
    codes,
    only,
    read,
    rows,
    saved,
    texts,
    unzipped,
    word,
    workbook,
    zipped,
)

W = nsdecls("w")


def test_paragraphs_and_tables_come_in_the_order_of_the_document() -> None:
    document = Document()
    document.add_paragraph("Kính gửi: Các phòng")
    table = document.add_table(2, 2)
    for at, text in enumerate(("STT", "Tên miền", "1", "bad[.]example")):
        table.cell(at // 2, at % 2).text = text
    document.add_paragraph("Nơi nhận:")
    paper = read(WordReader(read_paper), saved(document), "cv.docx")
    assert [block.text for block in paper.blocks] == [
        "Kính gửi: Các phòng",
        "STT\tTên miền",
        "1\tbad[.]example",
        "Nơi nhận:",
    ]
    place = paper.blocks[2].place
    assert (place.table, place.row, place.line) == (1, 2, None)
    assert paper.blocks[3].place.line == 2


def test_a_line_break_in_a_cell_stays_one_and_merged_cells_are_read_once() -> None:
    document = Document()
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "dọc"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "ngang"
    table.cell(1, 1).text = "http://bad.example/\nlong"
    assert rows(read(WordReader(read_paper), saved(document), "x.docx")) == [
        ("dọc", "ngang"),
        ("", "http://bad.example/\nlong", ""),
    ]


def test_a_table_in_a_cell_is_a_table_of_its_own() -> None:
    document = Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "ngoài"
    cell.add_table(1, 2).cell(0, 1).text = "203.0.113.7"
    paper = read(WordReader(read_paper), saved(document), "x.docx")
    assert rows(paper) == [("ngoài",), ("", "203.0.113.7")]
    assert [block.place.table for block in paper.blocks] == [1, 2]


def test_header_footer_and_footnotes_are_read() -> None:
    document = Document()
    document.add_paragraph("thân")
    document.sections[0].header.paragraphs[0].text = "đầu"
    document.sections[0].footer.paragraphs[0].text = "chân"
    raw = _with_footnote(saved(document), "chú thích 198.51.100.9")
    paper = read(WordReader(read_paper), raw, "x.docx")
    assert texts(paper, BlockKind.HEADER) == ["đầu"]
    assert texts(paper, BlockKind.FOOTER) == ["chân"]
    assert texts(paper) == ["thân", "chú thích 198.51.100.9"]


def _with_footnote(raw: bytes, text: str) -> bytes:
    members = unzipped(raw)
    members["word/footnotes.xml"] = (
        f'<w:footnotes {W}><w:footnote w:id="1"><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    ).encode()
    relations = "word/_rels/document.xml.rels"
    members[relations] = members[relations].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdF" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/footnotes" Target="footnotes.xml"/></Relationships>',
    )
    return zipped(members)


def test_tracked_deletions_are_left_out_and_insertions_kept() -> None:
    document = Document()
    paragraph = document.add_paragraph("còn ")
    for mark in (
        f"<w:del {W}><w:r><w:delText>old.example</w:delText></w:r></w:del>",
        f"<w:ins {W}><w:r><w:t>new.example</w:t></w:r></w:ins>",
    ):
        paragraph._p.append(parse_xml(mark))
    assert texts(read(WordReader(read_paper), saved(document), "x.docx")) == ["còn new.example"]


def test_a_deleted_row_of_a_table_is_left_out() -> None:
    document = Document()
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "old.example", "new.example"
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="1"/>'))
    assert rows(read(WordReader(read_paper), saved(document), "x.docx")) == [("new.example",)]


def test_targets_of_links_and_of_link_fields_are_kept() -> None:
    document = Document()
    part = document.part
    number = part.relate_to("https://host.example/a?b", _LINK, is_external=True)
    first = document.add_paragraph("xem ")
    first._p.append(
        parse_xml(
            f"<w:hyperlink {nsdecls('w', 'r')} r:id='{number}'><w:r><w:t>tại đây</w:t></w:r>"
            "</w:hyperlink>"
        )
    )
    second = document.add_paragraph("trường ")
    for field in ('<w:instrText> HYPERLINK "https://', 'field.example/" </w:instrText>'):
        whole = field if field.endswith("</w:instrText>") else f"{field}</w:instrText>"
        whole = whole if whole.startswith("<") else f"<w:instrText>{whole}"
        second._p.append(parse_xml(f"<w:r {W}>{whole}</w:r>"))
    paper = read(WordReader(read_paper), saved(document), "x.docx")
    assert only(paper, "tại đây").links == ("https://host.example/a?b",)
    assert only(paper, "trường").links == ("https://field.example/",)
    assert "HYPERLINK" not in only(paper, "trường").text


_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def test_a_text_box_is_read_once_though_it_is_written_twice() -> None:
    document = Document()
    box = "<w:txbxContent><w:p><w:r><w:t>hộp 203.0.113.5</w:t></w:r></w:p></w:txbxContent>"
    both = (
        f'<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent>'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    document.add_paragraph("neo")._p.append(parse_xml(both))
    assert texts(read(WordReader(read_paper), saved(document), "x.docx")) == [
        "neo",
        "hộp 203.0.113.5",
    ]


def test_soft_hyphens_breaks_and_tabs_stay_and_text_is_nfc() -> None:
    document = Document()
    document.add_paragraph("Ca\u0302\u0301p")
    run = document.add_paragraph("a\tb\nc").add_run("d")._r
    run.append(parse_xml(f"<w:softHyphen {W}/>"))
    run.append(parse_xml(f"<w:noBreakHyphen {W}/>"))
    assert texts(read(WordReader(read_paper), saved(document), "x.docx")) == [
        "Cấp",
        "a\tb\ncd\xad-",
    ]


def test_fonts_of_before_unicode_are_read_by_their_names() -> None:
    document = Document()
    for text, font in (("Céng hßa", ".VnTime"), ("céng hßa", ".VnTimeH"), ("Coäng", "VNI-Times")):
        document.add_paragraph().add_run(text).font.name = font
    document.add_paragraph("Công hòa é")
    assert texts(read(WordReader(read_paper), saved(document), "x.docx")) == [
        "Cộng hòa",
        "CỘNG HÒA",
        "Cộng",
        "Công hòa é",
    ]


def test_a_font_of_before_unicode_in_the_style_counts_for_its_paragraphs() -> None:
    document = Document()
    document.styles["Normal"].font.name = ".VnTime"
    document.add_paragraph("®¬n vÞ bad.example")
    assert texts(read(WordReader(read_paper), saved(document), "x.docx")) == ["đơn vị bad.example"]


def test_a_document_with_macros_is_read_and_named() -> None:
    members = unzipped(word("chữ"))
    members["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 not run"
    paper = read(WordReader(read_paper), zipped(members), "x.docm")
    assert (texts(paper), codes(paper)) == (["chữ"], ["E415"])


def test_an_embedded_workbook_is_a_part() -> None:
    members = unzipped(word("phụ lục đính kèm"))
    members["word/embeddings/Sheet1.xlsx"] = workbook({"IoC": [["203.0.113.8"]]})
    relations = "word/_rels/document.xml.rels"
    members[relations] = members[relations].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdE" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/package" Target="embeddings/Sheet1.xlsx"/></Relationships>',
    )
    block = only(read(WordReader(read_paper), zipped(members), "x.docx"), "203.0.113.8")
    assert (block.place.part, block.place.sheet) == ("Sheet1.xlsx", "IoC")


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("entity", ["&c;", "&f;", "plain"])
def test_a_document_with_entities_is_refused(entity: str) -> None:
    raw = word("MARK")
    raw = changed(raw, "word/document.xml", "<w:document", f"{BOMB}<w:document")
    raw = changed(raw, "word/document.xml", "MARK", entity)
    with pytest.raises(QuetsachError) as raised:
        read(WordReader(read_paper), raw, "x.docx")
    assert raised.value.problem.code == "E414"


def test_an_entity_in_utf_16_is_refused_too() -> None:
    members = unzipped(word("chữ"))
    body = f"<?xml version='1.0' encoding='UTF-16'?>{BOMB}<w:document {W}>&f;</w:document>"
    members["word/document.xml"] = body.encode("utf-16")
    with pytest.raises(QuetsachError) as raised:
        read(WordReader(read_paper), zipped(members), "x.docx")
    assert raised.value.problem.code == "E414"


def test_xml_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    members = unzipped(word("đầu tiên", "thứ hai"))
    text = members["word/document.xml"].decode()
    members["word/document.xml"] = text[: text.index("thứ hai")].encode()
    paper = read(WordReader(read_paper), zipped(members), "x.docx")
    assert (texts(paper)[0], codes(paper)) == ("đầu tiên", ["E411"])


def test_nesting_without_end_is_refused_or_named() -> None:
    deep = "<w:sdt><w:sdtContent>" * 5_000
    raw = changed(word("MARK"), "word/document.xml", "<w:body>", f"<w:body>{deep}")
    assert attempted(WordReader(read_paper), raw, "x.docx") == ["E411"]


def test_strict_open_xml_is_read_the_same() -> None:
    raw = word("nghiêm ngặt")
    usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    raw = changed(raw, "word/document.xml", usual, strict)
    assert texts(read(WordReader(read_paper), raw, "x.docx")) == ["nghiêm ngặt"]
