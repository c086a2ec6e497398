"""Turns the passages of a document into rows of a list: every candidate, accepted or refused."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import structs

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.grid import ColumnLayout, table_rows
from quetsach.indicators.formats.ocr_doubts import is_proposal, misread_values
from quetsach.indicators.formats.passages import DocumentContext, TextPassage, rejoin_values
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorKind
from quetsach.indicators.options import RefusalReason
from quetsach.indicators.text.in_text import TextIndicator, find_indicators
from quetsach.indicators.text.stance import (
    HeadingMeaning,
    ValueContext,
    ValuePosition,
    is_benign,
    position_in,
    reason_against,
    refers_to_above,
    section_of,
)

OCR_CONFIDENCE = 50
"""The confidence in a value read by OCR; of 100."""

LONGEST_LABEL = 200
_REMARK = re.compile(r"\s*(?:<?-{1,2}|[\u2013\u2014\u2190(#;|]|:\s)[\s-]{0,4}(?=\w)")
_SAID_OF_FILE = re.compile(
    r"\W{0,4}(?:note|file (?:description|type)|description|ghi chú|mô tả)\b", re.IGNORECASE
)
_WALL = re.compile(r"[|\t]")
_CELL_GOES_ON = re.compile(r"[\w\])](?:[-\u2013\u2014_./:=&?]|\s[-\u2013\u2014])\s*$")
_REST_OF_CELL = re.compile(r"\s*[0-9a-zA-Z]{1,4}\s*$")


def document_rows(passages: Sequence[TextPassage], document: DocumentContext) -> Iterator[ListRow]:
    """Return a row for each candidate in `passages`, accepted or refused with its reason."""
    cut = _cut_in_pictures(passages)
    for list_row in _rows(passages, document):
        whole = list_row.refused is not None or list_row.number not in cut
        yield (
            list_row if whole else list_row._replace(refused=RefusalReason.UNCLEAR, claim=NO_CLAIM)
        )


def _cut_in_pictures(passages: Sequence[TextPassage]) -> frozenset[int]:
    """Return the numbers of lines read by OCR in which a narrow cell may have cut a value.

    A picture has no walls of cells: of `tài-khoản-` and, below it, `số[.]example`, the second
    would be a name that nobody listed.
    """
    numbers: set[int] = set()
    for above, below in pairwise(passage for passage in passages if passage.text.strip()):
        if above.by_ocr and below.by_ocr:
            if any(_CELL_GOES_ON.search(cell) for cell in _WALL.split(above.text)):
                numbers |= {above.number, below.number}
            elif _REST_OF_CELL.match(below.text):
                numbers.add(above.number)
    return frozenset(numbers)


def _rows(passages: Sequence[TextPassage], document: DocumentContext) -> Iterator[ListRow]:
    section = HeadingMeaning.OPEN
    layouts: dict[int, ColumnLayout] = {}
    for is_table, group in groupby(passages, key=lambda passage: passage.table):
        members = list(group)
        if is_table:
            for list_row, passage in table_rows(members, section, document, layouts):
                yield _finished(list_row, passage, document)
        else:
            for part, lines in _split_by_section(members, section):
                section = part
                yield from _section_rows(lines, part, document)
        for member in members:
            yield from _beside(member, document)


def _beside(passage: TextPassage, document: DocumentContext) -> Iterator[ListRow]:
    """Return what a passage holds beside its text: hidden links, and values misread by OCR."""
    for link in passage.links:
        target = link.partition("#")[0].rstrip("/")
        if "://" in target and target.partition("://")[2] not in passage.text:
            yield from _refused(passage, document, target, RefusalReason.REFERENCE)
    if passage.by_ocr:
        for misread in misread_values(passage.text, document.options):
            yield from _refused(passage, document, misread, RefusalReason.UNCLEAR)


def _refused(
    passage: TextPassage, document: DocumentContext, text: str, reason: RefusalReason
) -> Iterator[ListRow]:
    row = ListRow(passage.number, passage.text.strip() or text, text, refused=reason)
    yield row._replace(place=passage.place, letter=document.letter)


def _split_by_section(
    lines: list[TextPassage], section: HeadingMeaning
) -> Iterator[tuple[HeadingMeaning, list[TextPassage]]]:
    """Return the lines by section, each with its own heading as the first line."""
    part: list[TextPassage] = []
    for line in lines:
        if line.heading:
            if part:
                yield section, part
            section, part = section_of(line.text), []
        part.append(line)
    if part:
        yield section, part


def _section_rows(
    lines: list[TextPassage], section: HeadingMeaning, document: DocumentContext
) -> Iterator[ListRow]:
    all_harmless = any(is_benign(line.text) and refers_to_above(line.text) for line in lines)
    for group in _groups(rejoin_values(lines, document.options)):
        # "SHA256 hash: ...", and two lines below: "File description: decoy, not malicious".
        harmless = any(is_benign(line.text) and _is_remark(line.text) for line in group)
        for line in group:
            yield from _line_rows(
                line, section, document, harmless=harmless, all_harmless=all_harmless
            )


def _groups(lines: Iterable[TextPassage]) -> Iterator[list[TextPassage]]:
    """Return the lines of one block, without a blank line between them."""
    group: list[TextPassage] = []
    for line in lines:
        if line.text.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _is_remark(text: str) -> bool:
    return _SAID_OF_FILE.match(text) is not None


def _line_rows(
    line: TextPassage,
    section: HeadingMeaning,
    document: DocumentContext,
    *,
    harmless: bool,
    all_harmless: bool,
) -> Iterator[ListRow]:
    indicators = find_indicators(line.text, document.options)
    if not indicators:
        return
    stand = ValuePosition.PROSE if line.edge or line.heading else position_in(line.text, indicators)
    if stand is ValuePosition.ITEM and not line.listed:
        stand = ValuePosition.PROSE
    benign = is_benign(line.text) and not line.heading
    emitted: set[str] = set()
    for indicator in indicators:
        if indicator.value.lower() in emitted or (
            indicator.doubtful and stand is ValuePosition.PROSE
        ):
            continue
        emitted.add(indicator.value.lower())
        by_group = (harmless and indicator.kind is IndicatorKind.HASH) or (
            all_harmless and indicator.kind is not IndicatorKind.HASH
        )
        is_link = line.text.startswith("[", indicator.end) or line.text.endswith(
            "](", 0, indicator.start
        )
        around = ValueContext(stand, section, benign or by_group, document.own, is_link=is_link)
        reason = reason_against(indicator, around, line.text[: indicator.start])
        if reason is None and any(word.startswith(indicator.value) for word in line.asked):
            reason = RefusalReason.UNCLEAR
        claim = (
            Claim(label=label) if (label := _label(line.text, indicator, indicators)) else NO_CLAIM
        )
        yield _finished(
            ListRow(line.number, line.text.strip(), indicator.value, claim=claim, refused=reason),
            line,
            document,
        )


def _label(text: str, indicator: TextIndicator, indicators: list[TextIndicator]) -> str:
    """Return the remark behind the last value of a line: `... <-- decoy page`."""
    if indicator is not indicators[-1]:
        return ""
    remark = _REMARK.match(text, indicator.end)
    return text[remark.end() :].strip(" )`|")[:LONGEST_LABEL] if remark else ""


def _finished(list_row: ListRow, passage: TextPassage, document: DocumentContext) -> ListRow:
    """Return `list_row` with its place, and with a lower confidence where OCR read it."""
    list_row = list_row._replace(place=passage.place, letter=document.letter)
    if not passage.by_ocr or list_row.refused is not None:
        return list_row
    if is_proposal(list_row, passage.text, document):
        return list_row._replace(refused=RefusalReason.UNCLEAR)
    return list_row._replace(claim=structs.replace(list_row.claim, confidence=OCR_CONFIDENCE))
