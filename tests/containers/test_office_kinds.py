"""An office document is told from an archive of other files by its parts."""

import io
import random
import zipfile

import pytest

from quetsach.containers.bounds import IN_ARCHIVES
from quetsach.containers.office import remarks
from quetsach.containers.office_kinds import OfficeKind, RemarkKind, declared_type, kind_of
from quetsach.containers.zip_directory import read_directory
from tests.containers.samples import (
    code_of,
    document,
    replaced,
    spreadsheet,
    with_parts,
    workbook,
    zip_by_hand,
    zipped,
)


def kind_in(raw: bytes) -> OfficeKind | None:
    file = io.BytesIO(raw)
    return kind_of(file, read_directory(file, IN_ARCHIVES))


def declared(raw: bytes) -> str:
    file = io.BytesIO(raw)
    return declared_type(file, read_directory(file, IN_ARCHIVES))


def test_documents_are_told_by_what_usual_programs_write() -> None:
    assert kind_in(workbook()) is OfficeKind.XLSX
    assert kind_in(document()) is OfficeKind.DOCX
    assert kind_in(spreadsheet()) is OfficeKind.ODS
    text = with_parts(spreadsheet(), {"mimetype": b"application/vnd.oasis.opendocument.text"})
    assert kind_in(text) is OfficeKind.ODT


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}, OfficeKind.OTHER),
        # The reader of evidence compared names by case, and took this for an archive of logs.
        ({"[content_types].XML": b"<x/>", "xl/workbook.xml": b"<x/>"}, OfficeKind.XLSX),
        ({"mimetype": b"application/vnd.oasis.opendocument.graphics"}, OfficeKind.OTHER),
        ({"mimetype": b"application/epub+zip"}, None),
        ({"a.log": b"x"}, None),
        ({}, None),
    ],
)
def test_other_archives_are_told(parts: dict[str, bytes], kind: OfficeKind | None) -> None:
    assert kind_in(zipped(parts)) is kind


def test_a_declared_type_counts_packed_or_not() -> None:
    assert declared(zipped({"mimetype": b"a/b\n"})) == "a/b"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", b"a/b")
    assert declared(out.getvalue()) == "a/b"
    assert declared(zipped({"x": b""})) == ""


@pytest.mark.parametrize(
    "raw",
    [
        zip_by_hand(b"mimetype", b"a/b", flags=1),
        # LZMA takes what memory a file asks for.
        zip_by_hand(b"mimetype", b"a/b", method=zipfile.ZIP_LZMA),
        zip_by_hand(b"mimetype", b"\xff" * 9, size=90, method=8),
        zip_by_hand(b"mimetype", b"a/b", crc=7),
        zipped({"mimetype": b"a" * 201}),
    ],
)
def test_a_type_that_is_packed_to_harm_is_none(raw: bytes) -> None:
    assert declared(raw) == ""


def test_kinds_of_remarks_are_ordered_worst_first() -> None:
    assert [kind.order for kind in RemarkKind] == list(range(len(RemarkKind)))
    assert RemarkKind.MACRO.order < RemarkKind.FETCHED.order < RemarkKind.FORMULA.order


RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
)


def relation(kind: str, target: str) -> bytes:
    return RELATION.format(kind=kind, target=target).encode()


def kinds(raw: bytes, kind: OfficeKind = OfficeKind.XLSX) -> list[RemarkKind]:
    return list(dict.fromkeys(remark.kind for remark in remarks(io.BytesIO(raw), kind)))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/connections.xml", b"<connections/>"),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink><ddeLink/></externalLink>"),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink><oleLink/></externalLink>"),
        ("xl/drawings/_rels/drawing1.xml.rels", relation("image", "http://192.0.2.1/a.png")),
        ("xl/worksheets/_rels/sheet1.xml.rels", relation("oleObject", "file://192.0.2.1/a")),
    ],
)
def test_what_a_workbook_fetches_from_outside_is_found(part: str, content: bytes) -> None:
    assert kinds(with_parts(workbook(), {part: content}))[0] is RemarkKind.FETCHED


def test_a_link_to_another_workbook_is_no_fetching() -> None:
    part = {
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": relation("externalLinkPath", "b.xlsx"),
    }
    assert kinds(with_parts(workbook(), part)) == [RemarkKind.OTHER_BOOK]


@pytest.mark.parametrize(
    ("kind", "target", "is_fetched"),
    [
        ("attachedTemplate", "http://192.0.2.1/a.dotm", True),
        ("attachedTemplate", "file://192.0.2.1/share/a.dotm", True),
        ("attachedTemplate", "\\\\192.0.2.1\\share\\a.dotm", True),
        ("attachedTemplate", "file:///C:\\Users\\an\\Mau.dotx", False),
        ("attachedTemplate", "Normal.dotm", False),
        ("oleObject", "http://192.0.2.1/a", True),
        ("aFChunk", "http://192.0.2.1/a.html", True),
        ("image", "http://192.0.2.1/a.png", True),
        ("hyperlink", "https://congan.example/", False),
    ],
)
def test_what_a_document_fetches_from_outside_is_found(
    kind: str, target: str, is_fetched: bool
) -> None:
    raw = with_parts(document(), {"word/_rels/settings.xml.rels": relation(kind, target)})
    assert kinds(raw, OfficeKind.DOCX) == ([RemarkKind.FETCHED] if is_fetched else [])


def test_a_second_target_with_a_prefix_hides_nothing() -> None:
    """The reader of uploads took the last attribute of a name."""
    part = relation("image", "http://192.0.2.1/a.png").replace(
        b"/></Rel", b' xmlns:z="u" z:TargetMode="Internal" z:Type="/hyperlink"/></Rel'
    )
    raw = with_parts(document(), {"word/_rels/settings.xml.rels": part})
    assert kinds(raw, OfficeKind.DOCX) == [RemarkKind.FETCHED]


@pytest.mark.parametrize(
    "field",
    [
        b"<w:instrText> DDEAUTO c:\\\\cmd.exe</w:instrText>",
        b'<w:fldSimple w:instr="DDE c:\\\\cmd.exe"/>',
        b"<w:fldSimple w:instr='DDE c:\\\\cmd.exe'/>",
    ],
)
def test_a_field_that_starts_a_program_is_found(field: bytes) -> None:
    text = "Biên bản kiểm tra máy tính".encode()
    more = b"x</w:t></w:r><w:r>" + field + b"</w:r><w:r><w:t>"
    raw = replaced(document(), "word/document.xml", text, more)
    assert kinds(raw, OfficeKind.DOCX) == [RemarkKind.FETCHED]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<table:dde-link/>", RemarkKind.FETCHED),
        ('<table:table table:name="a"><table:table-source/></table:table>', RemarkKind.FETCHED),
        ("<script:event-listener/>", RemarkKind.MACRO),
        ('<office:script script:language="ooo:Basic"/>', RemarkKind.MACRO),
    ],
)
def test_what_an_open_spreadsheet_reaches_is_found(body: str, kind: RemarkKind) -> None:
    assert kinds(spreadsheet(body), OfficeKind.ODS) == [kind]


def test_a_locked_open_spreadsheet_is_refused() -> None:
    locked = b"<manifest><file-entry><encryption-data/></file-entry></manifest>"
    raw = with_parts(spreadsheet(), {"META-INF/manifest.xml": locked})
    assert code_of(lambda: kinds(raw, OfficeKind.ODS)) == "encrypted"


def test_a_part_that_says_how_others_belong_together_is_never_long() -> None:
    noise = random.Random(1).randbytes(9 << 20).hex().encode()
    long = b"<Relationships><!--" + noise + b"--></Relationships>"
    raw = with_parts(workbook(), {"xl/_rels/workbook.xml.rels": long})
    assert code_of(lambda: kinds(raw)) == "too-large"
