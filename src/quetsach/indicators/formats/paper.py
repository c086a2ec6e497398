"""A list as a document (Word, PDF, Excel, HTML, e-mail), with the place of each value."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.document import document_rows
from quetsach.indicators.formats.ocr_doubts import keys_of
from quetsach.indicators.formats.passages import DocumentContext, TextPassage
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.in_text import TextIndicator, find_indicators
from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock, ReadDocument
from quetsach.readers.read import read_paper, reader_of
from quetsach.texts import _

_NUMBER = re.compile(
    r"\bSố\s{0,3}:\s{0,3}(\d{1,6}\s{0,2}/\s{0,2}(?=[^\s/]{0,20}[A-ZĐ])[\w.&-]{2,40})"
)
_FIRST_BLOCKS = 60
_ANNEX = re.compile(
    r"\W*(?:phụ lục|danh sách|danh mục|bảng \d|annex|appendix|list of|indicators? of compromise"
    r"|iocs?\b|chỉ báo|dấu hiệu nhận biết)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-*+\u2022\u2013\u25cf\u25aa]|\d{1,4}[.)]|[a-zđ]\))\s")
_LONGEST_HEADING = 200
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEW_WORDS = 2
_MAIL_DOMAIN = re.compile(r"@([\w.-]{3,253})")
_PROVIDERS = frozenset(("gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "icloud.com"))


class DocumentList:
    """A document whose tables, annexes and lists hold indicators."""

    name = "document"
    title = "Document (Word, PDF, Excel, ODT, HTML, e-mail)"
    reads = "tables by their headings, annexes and lists; each value with page, table and row"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value, accepted or refused; None for other files."""
        if reader_of(file.raw, file.name, text=False) is None:
            return None
        try:
            paper = read_paper(file.raw, file.name)
        except QuetsachError as error:
            return FormReading((), problems=(error.problem,))
        return FormReading(paper_rows(paper, file.options), problems=paper.problems)


def paper_rows(paper: ReadDocument, options: ListOptions) -> Iterator[ListRow]:
    """Return the rows of a document that has been read.

    Where OCR read it, a value is taken that two passes saw; that of one pass is for a person.
    """
    document = DocumentContext(options, letter_of(paper), _own_domains(paper, options))
    if not paper.by_ocr:
        yield from document_rows(list(_passages(paper.blocks, options)), document)
        return
    again = list(document_rows(list(_passages(paper.again, options)), document))
    document = replace(document, seen_again=keys_of(again, options))
    rows = list(document_rows(list(_passages(paper.blocks, options)), document))
    yield from rows
    first_keys = keys_of(rows, options)
    yielded = {list_row.value for list_row in rows}
    for list_row in again:
        keys = keys_of([list_row], options)
        if keys and not keys & first_keys and list_row.value not in yielded:
            yielded.add(list_row.value)
            yield list_row._replace(refused=list_row.refused or RefusalReason.UNCLEAR)


def letter_of(paper: ReadDocument) -> str:
    """Return number and code of the letter ("1790/STTTT-BCVTCNTT"), "" where none is found."""
    for block in paper.blocks[:_FIRST_BLOCKS]:
        match = _NUMBER.search(block.text[:1000])
        if match:
            return re.sub(r"\s", "", match.group(1)).rstrip(".-")
    return ""


def place_text(place: BlockPlace, *, by_ocr: bool = False) -> str:
    """Return the position of a block in words, in the current language."""
    parts = [place.part] if place.part else []
    for number, text in (
        (place.page, _("page %(n)s")),
        (place.sheet or None, _("sheet %(n)s")),
        (place.table, _("table %(n)s")),
        (place.row, _("row %(n)s")),
        (place.line if place.row is None else None, _("line %(n)s")),
    ):
        if number is not None:
            parts.append(text % {"n": number})
    if by_ocr:
        parts.append(_("read by OCR"))
    return ", ".join(parts)


def _passages(blocks: Sequence[DocumentBlock], options: ListOptions) -> Iterator[TextPassage]:
    in_annex = False
    tables: dict[tuple[object, ...], int] = {}
    listed = _listed(blocks, options)
    for number, block in enumerate(blocks, start=1):
        place = block.place
        at = place_text(place, by_ocr=block.by_ocr)
        if block.kind is BlockKind.ROW:
            key = (place.part, place.page, place.sheet, place.table)
            table = tables.setdefault(key, len(tables) + 1)
            yield TextPassage(
                block.text, place.row or number, at, block.cells or (block.text,), table,
                by_ocr=block.by_ocr, links=block.links,
            )  # fmt: skip
            continue
        heading = _is_heading(block)
        in_annex = in_annex or (heading and _ANNEX.match(block.text) is not None)
        yield TextPassage(
            block.text, place.line or number, at,
            heading=heading, listed=in_annex or number in listed,
            edge=block.kind in (BlockKind.HEADER, BlockKind.FOOTER), by_ocr=block.by_ocr,
            links=block.links,
        )  # fmt: skip


def _is_heading(block: DocumentBlock) -> bool:
    text = block.text.strip()
    if block.kind is not BlockKind.PARAGRAPH or not 2 < len(text) <= _LONGEST_HEADING:
        return False
    return bool(_ANNEX.match(text)) or text.endswith(":") or text.isupper()


def _listed(blocks: Sequence[DocumentBlock], options: ListOptions) -> set[int]:
    """Return the numbers of blocks that are items of a list: bulleted, or several in a row.

    A single bare value may be the last line of a sentence about the campaign's page.
    """
    numbers: set[int] = set()
    before = False
    for number, block in enumerate(blocks, start=1):
        values = find_indicators(block.text, options) if block.kind is BlockKind.PARAGRAPH else []
        is_item = bool(values) and _is_nothing_else(block.text, values)
        if is_item and before:
            numbers |= {number - 1, number}
        if is_item and _BULLET.match(block.text):
            numbers.add(number)
        before = is_item
    return numbers


def _is_nothing_else(text: str, values: Sequence[TextIndicator]) -> bool:
    """Return whether a paragraph consists almost only of values."""
    ends = [0, *(indicator.end for indicator in values)]
    starts = [*(indicator.start for indicator in values), len(text)]
    rest = " ".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    return len(_WORD.findall(rest)) <= _FEW_WORDS and any(
        indicator.parsed.values for indicator in values
    )


def _own_domains(paper: ReadDocument, options: ListOptions) -> frozenset[str]:
    """Return the domains from which the document came, and of the offices it names by mail."""
    addresses = [paper.sender] if paper.sender else []
    for block in paper.blocks:
        if "@" in block.text:
            addresses += [
                indicator.value
                for indicator in find_indicators(block.text, options)
                if indicator.parsed.reason is RefusalReason.MAIL_ADDRESS
                and "[" not in indicator.written
            ]
    domains = {name for address in addresses for name in _MAIL_DOMAIN.findall(address.lower())}
    return frozenset(domains - _PROVIDERS)
