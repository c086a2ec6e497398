"""From the passages of a document to the rows of a list: every candidate, taken or refused."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import structs

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.grid import ColumnLayout, table_rows
from quetsach.indicators.formats.passages import DocumentContext, TextPassage, rejoined
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorKind
from quetsach.indicators.options import RefusalReason
from quetsach.indicators.text.in_text import TextIndicator, find_indicators
from quetsach.indicators.text.stance import (
    Stance,
    ValueContext,
    ValuePosition,
    is_benign,
    reason_against,
    section_of,
    speaks_of_above,
    stand_in,
)

OCR_CONFIDENCE = 50
"""How far a value is trusted that a machine read from a picture; of 100."""

LONGEST_LABEL = 200
_REMARK = re.compile(r"\s*(?:<?-{1,2}|[\u2013\u2014\u2190(#;|]|:\s)[\s-]{0,4}(?=\w)")
_SAID_OF_FILE = re.compile(
    r"\W{0,4}(?:note|file (?:description|type)|description|ghi chú|mô tả)\b", re.IGNORECASE
)
# 0 and O, 1 and l, 5 and S, 8 and B look alike to a machine that reads a picture.
_MISREAD = re.compile(
    r"(?<![\w.])[0-9lIoOSB]{1,3}(?:[.,][0-9lIoOSB]{1,3}){3}(?![\w.])"
    r"|(?<!\w)(?=\D{0,12}\d)(?=\S{0,63}[g-zG-Z])(?:[0-9a-fA-FlIoOSZ]{64}|[0-9a-fA-FlIoOSZ]{40}"
    r"|[0-9a-fA-FlIoOSZ]{32})(?!\w)"
)
_WALL = re.compile(r"[|\t]")
_CELL_GOES_ON = re.compile(r"[\w\])](?:[-\u2013\u2014_./:=&?]|\s[-\u2013\u2014])\s*$")
_REST_OF_CELL = re.compile(r"\s*[0-9a-zA-Z]{1,4}\s*$")
_LETTER = re.compile("[lIoOSZB]")
_LOOK_ALIKE = re.compile(r"[a-z][0158]|[0158][a-z]", re.IGNORECASE)


def document_rows(passages: Sequence[TextPassage], document: DocumentContext) -> Iterator[ListRow]:
    """Return a row for each candidate in `passages`, taken or refused with its reason."""
    cut = _cut_in_pictures(passages)
    for row in _rows(passages, document):
        whole = row.refused is not None or row.number not in cut
        yield row if whole else row._replace(refused=RefusalReason.UNCLEAR, claim=NO_CLAIM)


def _cut_in_pictures(passages: Sequence[TextPassage]) -> frozenset[int]:
    """Return the numbers of lines read by OCR in which a narrow cell may have cut a value.

    A picture has no walls of cells: of `tài-khoản-` and, below it, `số[.]example`, the second
    would be a name that nobody listed.
    """
    found: set[int] = set()
    for above, below in pairwise(one for one in passages if one.text.strip()):
        if above.by_ocr and below.by_ocr:
            if any(_CELL_GOES_ON.search(cell) for cell in _WALL.split(above.text)):
                found |= {above.number, below.number}
            elif _REST_OF_CELL.match(below.text):
                found.add(above.number)
    return frozenset(found)


def _rows(passages: Sequence[TextPassage], document: DocumentContext) -> Iterator[ListRow]:
    section = Stance.OPEN
    layouts: dict[int, ColumnLayout] = {}
    for is_table, group in groupby(passages, key=lambda one: one.table):
        members = list(group)
        if is_table:
            for row, passage in table_rows(members, section, document, layouts):
                yield _finished(row, passage, document)
        else:
            for part, lines in _parted(members, section):
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
        for misread in _MISREAD.finditer(passage.text):
            if _LETTER.search(misread.group()):
                yield from _refused(passage, document, misread.group(), RefusalReason.UNCLEAR)


def _refused(
    passage: TextPassage, document: DocumentContext, value: str, reason: RefusalReason
) -> Iterator[ListRow]:
    row = ListRow(passage.number, passage.text.strip() or value, value, refused=reason)
    yield row._replace(place=passage.place, letter=document.letter)


def _parted(
    lines: list[TextPassage], section: Stance
) -> Iterator[tuple[Stance, list[TextPassage]]]:
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
    lines: list[TextPassage], section: Stance, document: DocumentContext
) -> Iterator[ListRow]:
    told_harmless = any(is_benign(line.text) and speaks_of_above(line.text) for line in lines)
    for group in _groups(rejoined(lines, document.options)):
        # "SHA256 hash: ...", and two lines below: "File description: decoy, not malicious".
        harmless = any(is_benign(line.text) and _is_remark(line.text) for line in group)
        for line in group:
            yield from _line_rows(line, section, document, harmless=harmless, told=told_harmless)


def _groups(lines: Iterable[TextPassage]) -> Iterator[list[TextPassage]]:
    """Return lines that stand together, with no blank line between them."""
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
    line: TextPassage, section: Stance, document: DocumentContext, *, harmless: bool, told: bool
) -> Iterator[ListRow]:
    found = find_indicators(line.text, document.options)
    if not found:
        return
    stand = ValuePosition.PROSE if line.edge or line.heading else stand_in(line.text, found)
    if stand is ValuePosition.ITEM and not line.listed:
        stand = ValuePosition.PROSE
    benign = is_benign(line.text) and not line.heading
    seen: set[str] = set()
    for one in found:
        if one.value.lower() in seen or (one.doubtful and stand is ValuePosition.PROSE):
            continue
        seen.add(one.value.lower())
        by_group = (harmless and one.kind is IndicatorKind.HASH) or (
            told and one.kind is not IndicatorKind.HASH
        )
        is_link = line.text.startswith("[", one.end) or line.text.endswith("](", 0, one.start)
        around = ValueContext(stand, section, benign or by_group, document.own, is_link=is_link)
        reason = reason_against(one, around, line.text[: one.start])
        claim = Claim(label=label) if (label := _label(line.text, one, found)) else NO_CLAIM
        yield _finished(
            ListRow(line.number, line.text.strip(), one.value, claim=claim, refused=reason),
            line,
            document,
        )


def _label(text: str, one: TextIndicator, found: list[TextIndicator]) -> str:
    """Return the remark behind the last value of a line: `... <-- decoy page`."""
    if one is not found[-1]:
        return ""
    remark = _REMARK.match(text, one.end)
    return text[remark.end() :].strip(" )`|")[:LONGEST_LABEL] if remark else ""


def _finished(row: ListRow, passage: TextPassage, document: DocumentContext) -> ListRow:
    """Return `row` with its place, and with less trust where a machine read it from a picture."""
    row = row._replace(place=passage.place, letter=document.letter)
    if not passage.by_ocr or row.refused is not None:
        return row
    is_hash = re.fullmatch(r"[0-9a-fA-F]{32,64}", row.value)
    if not is_hash and _LOOK_ALIKE.search(row.value.partition("://")[2] or row.value):
        return row._replace(refused=RefusalReason.UNCLEAR)
    return row._replace(claim=structs.replace(row.claim, confidence=OCR_CONFIDENCE))
