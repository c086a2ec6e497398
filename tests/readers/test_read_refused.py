"""Kinds that are not read are refused by what they are, whatever they are called."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.read import read_paper, refusal_of
from tests.readers.compound_writer import compound
from tests.readers.samples import zipped


@pytest.mark.parametrize(
    ("raw", "code", "kind"),
    [
        (b"Rar!\x1a\x07\x01\x00", "E417", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "E417", "7-Zip"),
        (b"{\\rtf1\\ansi", "E416", "RTF"),
        (compound({"WordDocument": b"x" * 5000, "1Table": b"y"}), "E416", "DOC"),
        (compound({"PowerPoint Document": b"x"}), "E416", "PPT"),
        (zipped({"ppt/presentation.xml": "<x/>"}), "E416", "PPTX"),
    ],
)
def test_a_kind_that_is_not_read_is_named(raw: bytes, code: str, kind: str) -> None:
    with pytest.raises(QuetsachError) as raised:
        read_paper(raw, "cong-van.docx")
    problem = raised.value.problem
    assert (problem.code, problem.where, problem.facts) == (code, "cong-van.docx", {"kind": kind})


def test_a_locked_office_document_is_named_as_locked() -> None:
    raw = compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"x" * 9000})
    refusal = refusal_of(raw, "x.xlsx")
    assert refusal is not None
    assert refusal.problem.code == "E412"


def test_names_count_at_the_root_only() -> None:
    raw = compound({"Workbook": b"x" * 100, "MBD01": {"WordDocument": b"y" * 5000}})
    assert refusal_of(raw, "x.xls") is None
