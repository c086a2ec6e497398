"""What every document and every reader has."""

import pytest

from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock, ReadDocument
from quetsach.readers.read import READERS


@pytest.mark.parametrize(
    ("blocks", "by_ocr"), [([], False), ([False], False), ([True], True), ([False, True], True)]
)
def test_a_document_is_by_ocr_when_any_of_its_blocks_is(blocks: list[bool], by_ocr: bool) -> None:
    paper = ReadDocument(
        name="x.pdf",
        sha256="0" * 64,
        form="pdf",
        blocks=tuple(
            DocumentBlock(BlockKind.PARAGRAPH, "x", BlockPlace(line=1), by_ocr=each)
            for each in blocks
        ),
    )
    assert paper.by_ocr is by_ocr


def test_each_reader_has_a_name_and_a_title_of_its_own() -> None:
    names = [reader.name for reader in READERS]
    titles = [reader.title for reader in READERS]
    assert len(set(names)) == len(set(titles)) == len(READERS)
    assert all(name.isidentifier() and name.islower() for name in names)
    assert all(titles)
