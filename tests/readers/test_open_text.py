"""OpenDocument texts, as LibreOffice writes them."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import BlockKind
from quetsach.readers.open_text import OpenText
from quetsach.readers.read import read_paper
from tests.readers.samples import codes, read, rows, texts, zipped

NAMES = " ".join(
    f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
    for one in ("office", "table", "text", "style", "drawing")
)
NAMES += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
KIND = "application/vnd.oasis.opendocument.text"


def odt(body: str, *, head: str = "", styles: str = "", manifest: str = "") -> bytes:
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?>{head}<office:document-content {NAMES}>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": KIND,
            "content.xml": content,
            "styles.xml": f"<office:document-styles {NAMES}>{styles}</office:document-styles>",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


def test_paragraphs_headings_lists_and_tables_come_in_order() -> None:
    raw = odt(
        "<text:h>Phụ lục</text:h><text:list><text:list-item><text:p>một</text:p></text:list-item>"
        "</text:list><table:table><table:table-row><table:table-cell><text:p>1</text:p>"
        "</table:table-cell><table:table-cell><text:p>bad.example</text:p><text:p>dòng 2</text:p>"
        "</table:table-cell></table:table-row></table:table><text:p>hết</text:p>"
    )
    paper = read(OpenText(read_paper), raw, "x.odt")
    assert [b.text for b in paper.blocks] == ["Phụ lục", "một", "1\tbad.example\ndòng 2", "hết"]
    assert paper.blocks[2].cells == ("1", "bad.example\ndòng 2")


def test_spaces_tabs_breaks_and_links_are_those_of_the_text() -> None:
    raw = odt(
        "<text:p>Số:<text:s text:c='8'/>/UBND\n   -TH<text:tab/>x<text:line-break/>y "
        "<text:a xlink:href='https://host.example/'>đây</text:a>\xa0</text:p>"
    )
    block = read(OpenText(read_paper), raw, "x.odt").blocks[0]
    assert block.text == "Số:        /UBND -TH\tx\ny đây\xa0"
    assert block.links == ("https://host.example/",)


def test_deletions_and_comments_are_left_out_and_notes_kept() -> None:
    raw = odt(
        "<text:tracked-changes><text:p>old.example</text:p></text:tracked-changes><text:p>thân"
        "<office:annotation><text:p>nhận xét</text:p></office:annotation><text:note>"
        "<text:note-body><text:p>chú thích</text:p></text:note-body></text:note> tiếp</text:p>"
    )
    assert texts(read(OpenText(read_paper), raw, "x.odt")) == ["thân tiếp", "chú thích"]


def test_header_and_footer_are_read() -> None:
    styles = (
        "<office:master-styles><style:master-page><style:header><text:p>đầu</text:p>"
        "</style:header><style:footer><text:p>chân</text:p></style:footer></style:master-page>"
        "</office:master-styles>"
    )
    paper = read(OpenText(read_paper), odt("<text:p>thân</text:p>", styles=styles), "x.odt")
    assert texts(paper, BlockKind.HEADER) == ["đầu"]
    assert texts(paper, BlockKind.FOOTER) == ["chân"]


def test_repeated_cells_are_repeated_but_not_without_end() -> None:
    cell = (
        "<table:table-cell table:number-columns-repeated='{}'><text:p>x</text:p></table:table-cell>"
    )
    row = "<table:table-row table:number-rows-repeated='{}'>{}</table:table-row>"
    small = f"<table:table>{row.format(2, cell.format(3))}</table:table>"
    assert rows(read(OpenText(read_paper), odt(small), "x.odt")) == [("x", "x", "x")] * 2
    bomb = f"<table:table>{row.format(999999999, cell.format(999999999))}</table:table>"
    paper = read(OpenText(read_paper), odt(bomb), "x.odt")
    assert len(paper.blocks) <= 10_000
    assert codes(paper) == ["E413"]


def test_a_covered_cell_is_empty_and_a_table_in_a_cell_its_own() -> None:
    inner = (
        "<table:table><table:table-row><table:table-cell><text:p>trong</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    raw = odt(
        f"<table:table><table:table-row><table:table-cell><text:p>ngoài</text:p>{inner}"
        "</table:table-cell><table:covered-table-cell/><table:table-cell><text:p>ba</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    paper = read(OpenText(read_paper), raw, "x.odt")
    assert rows(paper) == [("ngoài", "", "ba"), ("trong",)]
    assert [b.place.table for b in paper.blocks] == [1, 2]


def test_a_document_with_entities_is_refused() -> None:
    head = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(QuetsachError) as raised:
        read(OpenText(read_paper), odt("<text:p>&f;</text:p>", head=head), "x.odt")
    assert raised.value.problem.code == "E414"


def test_an_encrypted_document_is_refused_as_such() -> None:
    with pytest.raises(QuetsachError) as raised:
        read(OpenText(read_paper), odt("", manifest="<encryption-data/>"), "x.odt")
    assert raised.value.problem.code == "E412"


def test_a_document_with_macros_is_named() -> None:
    members = {
        "mimetype": KIND,
        "content.xml": f"<office:document-content {NAMES}><text:p>chữ</text:p>"
        "</office:document-content>",
        "Basic/Standard/Module1.xml": "<x/>",
    }
    assert codes(read(OpenText(read_paper), zipped(members), "x.odt")) == ["E415"]
