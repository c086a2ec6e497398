"""An office document is told from an archive of other files by its parts."""

import io
import zipfile

import pytest

from quetsach.containers.bounds import IN_ARCHIVES
from quetsach.containers.office_kinds import OfficeKind, RemarkKind, declared_type, kind_of
from quetsach.containers.zip_directory import read_directory
from tests.containers.samples import (
    document,
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
