"""Tables of documents: which columns hold indicators, and what the others say of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from quetsach.indicators.dates import date_us
from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.csv_table import OTHER_KIND
from quetsach.indicators.formats.headings import ColumnRole, hash_length, role_of, speaks_of_names
from quetsach.indicators.formats.passages import (
    DocumentContext,
    TextPassage,
    cell_pieces,
    whole_kind,
)
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.headings import plain_heading
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorKind
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.defang import undone
from quetsach.indicators.text.in_text import TextIndicator, find_indicators
from quetsach.indicators.text.stance import (
    Stance,
    ValueContext,
    ValuePosition,
    is_benign,
    reason_against,
)

_HEADER_WITHIN = 4
"""A header stands in one of the first rows, under a title or a row of merged cells."""

_SAMPLE = 200
_MOST_PORTS = 16
_SHARE = 0.5
# 203.0.113.4444 stands nowhere but in a list by mistake; in a sentence it numbers a version.
_MISWRITTEN = re.compile(r"(?<![\w.])[0-9]{1,6}(?:\.[0-9]{1,6}){3}(?![\w.])")
_NOTHING = frozenset(("n/a", "na", "none", "không", "không có", "unknown", "chưa rõ"))


@dataclass(frozen=True)
class ColumnLayout:
    """The columns of a table: what each holds, its heading, and the header row itself."""

    roles: tuple[ColumnRole, ...]
    headings: tuple[str, ...]
    header: tuple[str, ...] = ()

    def of(self, role: ColumnRole) -> list[int]:
        """Return the numbers of the columns with this role."""
        return [number for number, one in enumerate(self.roles) if one is role]


def table_rows(
    rows: Sequence[TextPassage],
    section: Stance,
    document: DocumentContext,
    known: dict[int, ColumnLayout],
) -> Iterator[tuple[ListRow, TextPassage]]:
    """Return each candidate of the table, with the row it stands in.

    Shapes: `known` holds the layout of the table before, by its width: a table that runs over
    several pages has its header on the first only.
    """
    layout = _layout(rows, document.options, known)
    known.clear()
    known[len(layout.roles)] = layout
    alive = any(
        find_indicators(row.cells[column], document.options)
        for row in islice(rows, _SAMPLE)
        for column in layout.of(ColumnRole.VALUE)
        if column < len(row.cells)
    )
    begun = all(_plain_cells(row) != layout.header for row in rows[:_HEADER_WITHIN])
    for row in rows:
        if _plain_cells(row) == layout.header:
            begun = True
            continue
        found = list(_row(row, layout, section, document))
        yield from ((one, row) for one in found)
        if alive and begun and not found and (text := _unread(row, layout)):
            yield ListRow(row.number, _text(row), text, refused=RefusalReason.UNPARSABLE), row


def _layout(
    rows: Sequence[TextPassage], options: ListOptions, known: dict[int, ColumnLayout]
) -> ColumnLayout:
    width = max(len(row.cells) for row in rows)
    header = _header(rows, options)
    if header is None and width in known and _fits(rows, known[width], options):
        return known[width]
    headings = tuple(header.cells) if header else ()
    headings += ("",) * (width - len(headings))
    roles = [role_of(heading) for heading in headings]
    body = [row for row in islice(rows, _SAMPLE) if row is not header]
    by_content = ColumnRole.VALUE not in roles
    for column, role in enumerate(roles):
        unnamed = role is ColumnRole.UNKNOWN and (by_content or not headings[column].strip())
        if unnamed and _holds_values(body, column, options, bare=header is None):
            roles[column] = ColumnRole.VALUE
    return ColumnLayout(tuple(roles), headings, _plain_cells(header) if header else ())


def _fits(rows: Sequence[TextPassage], layout: ColumnLayout, options: ListOptions) -> bool:
    """Return whether `rows` hold values where `layout` has them, hashes under hashes."""
    for column in layout.of(ColumnRole.VALUE):
        cells = [row.cells[column] for row in islice(rows, _SAMPLE) if column < len(row.cells)]
        filled = [cell for cell in cells if cell.strip()]
        kinds = [{one.kind for one in find_indicators(cell, options)} for cell in filled]
        is_hash = hash_length(layout.headings[column]) > 0
        good = sum(
            any((kind is IndicatorKind.HASH) == is_hash for kind in found) for found in kinds
        )
        if good < _SHARE * len(filled):
            return False
    return True


def _header(rows: Sequence[TextPassage], options: ListOptions) -> TextPassage | None:
    """Return the first row that names columns and holds no value."""
    width = max(len(row.cells) for row in rows)
    for row in rows[:_HEADER_WITHIN]:
        named = [cell for cell in row.cells if role_of(cell) is not ColumnRole.UNKNOWN]
        if any(one.parsed.values for cell in row.cells for one in find_indicators(cell, options)):
            return None
        if named and not _is_title(row, width):
            return row
    return None


def _is_title(row: TextPassage, width: int) -> bool:
    """Return whether one text was merged over all columns: it stands in each, or in one."""
    filled = [cell for cell in row.cells if cell.strip()]
    return width > 1 and len(filled) in (1, len(row.cells)) and len(set(filled)) == 1


def _holds_values(
    rows: Sequence[TextPassage], column: int, options: ListOptions, *, bare: bool
) -> bool:
    filled = [row.cells[column] for row in rows if column < len(row.cells)]
    filled = [cell for cell in filled if cell.strip()]
    good = sum(_is_values(cell, options, bare=bare) for cell in filled)
    return bool(filled) and good >= _SHARE * len(filled)


def _is_values(cell: str, options: ListOptions, *, bare: bool) -> bool:
    pieces = cell_pieces(cell.strip(" `+"), options)
    if not all(whole_kind(text.strip(" `+,;"), options) for text, _ in pieces):
        return False
    found = [one for text, _ in pieces for one in find_indicators(text, options)]
    return bare or all(one.defanged or one.kind is IndicatorKind.HASH for one in found)


def _row(
    row: TextPassage, layout: ColumnLayout, section: Stance, document: DocumentContext
) -> Iterator[ListRow]:
    claim = _claim(row, layout, document)
    ports = _ports(_cell(row, layout, ColumnRole.PORT))
    of_other_kind = OTHER_KIND.match(_cell(row, layout, ColumnRole.KIND)) is not None
    rest = " ".join(
        cell
        for role, cell in zip(layout.roles, row.cells, strict=False)
        if role is not ColumnRole.VALUE
    )
    seen: set[str] = set()
    for column, cell in enumerate(row.cells):
        role = layout.roles[column] if column < len(layout.roles) else ColumnRole.UNKNOWN
        if role is ColumnRole.NUMBER or role is ColumnRole.PORT:
            continue
        stand = ValuePosition.VALUE if role is ColumnRole.VALUE else ValuePosition.PROSE
        heading = layout.headings[column] if column < len(layout.headings) else ""
        around = ValueContext(
            stand, section, is_benign(rest), document.own, names=speaks_of_names(heading)
        )
        for text, one, asks in _found(cell, role, heading, document.options):
            if one.value.lower() in seen or _is_none(one, role):
                continue
            seen.add(one.value.lower())
            reason = reason_against(one, around, text[: one.start])
            if reason is None and (asks or of_other_kind):
                reason = RefusalReason.UNCLEAR if asks else RefusalReason.OTHER_KIND
            made = ListRow(row.number, _text(row), one.value, claim=claim, refused=reason)
            bare = one.kind is IndicatorKind.ADDRESS and one.parsed.values[0].port is None
            yield from (made._replace(port=port) for port in (ports if bare else (None,)))
        if role is ColumnRole.VALUE and seen:
            yield from _miswritten(row, cell, document.options)


def _miswritten(row: TextPassage, cell: str, options: ListOptions) -> Iterator[ListRow]:
    """Return what was to be an address and is none, in a cell that gave others."""
    for text, _ in cell_pieces(cell, options):
        plain = undone(text).text
        known = {one.value for one in find_indicators(text, options)}
        for one in _MISWRITTEN.findall(plain):
            if not any(one in value for value in known):
                yield ListRow(row.number, _text(row), one, refused=RefusalReason.UNCLEAR)


def _found(
    cell: str, role: ColumnRole, heading: str, options: ListOptions
) -> Iterator[tuple[str, TextIndicator, bool]]:
    """Return (text, candidate, whether a person must look) for each candidate in a cell."""
    if role is not ColumnRole.VALUE:
        text = cell.replace("\n", " ")
        yield from ((text, one, False) for one in find_indicators(text, options))
        return
    for text, asks in cell_pieces(cell, options, hash_length(heading)):
        yield from ((text, one, asks) for one in find_indicators(text, options))


def _is_none(one: TextIndicator, role: ColumnRole) -> bool:
    """Return whether a bare name stands where files, firms and programs have their names."""
    if role is ColumnRole.VALUE or one.defanged or one.kind is IndicatorKind.HASH:
        return False
    named = one.kind in (IndicatorKind.NAME, IndicatorKind.URL) and "://" not in one.value
    return one.doubtful or (named and role is not ColumnRole.UNKNOWN)


def _claim(row: TextPassage, layout: ColumnLayout, document: DocumentContext) -> Claim:
    zone = document.options.zone
    said = Claim(
        family=_cell(row, layout, ColumnRole.FAMILY)[:LONGEST_LABEL],
        label=_cell(row, layout, ColumnRole.LABEL)[:LONGEST_LABEL],
        valid_from_us=date_us(_cell(row, layout, ColumnRole.VALID_FROM), zone, at_end=False),
        valid_until_us=date_us(_cell(row, layout, ColumnRole.VALID_UNTIL), zone, at_end=True),
    )
    return NO_CLAIM if said == NO_CLAIM else said


def _cell(row: TextPassage, layout: ColumnLayout, role: ColumnRole) -> str:
    columns = [column for column in layout.of(role) if column < len(row.cells)]
    return " ".join(row.cells[columns[0]].split()) if columns else ""


def _ports(cell: str) -> tuple[int | None, ...]:
    """Return the ports a cell lists; (None,) for none, and for a span, which is no port."""
    if not re.fullmatch(r"\d{1,5}(?:\s{0,3}[,;/\s]\s{0,3}\d{1,5}){0,15}", cell.strip(), re.ASCII):
        return (None,)
    found = [int(text) for text in re.findall(r"\d{1,5}", cell)]
    return tuple(dict.fromkeys(port for port in found if 0 < port < 65536)) or (None,)


def _unread(row: TextPassage, layout: ColumnLayout) -> str:
    """Return what stands in the column of values of a row that gave none; "" for nothing."""
    cells = (row.cells[column] for column in layout.of(ColumnRole.VALUE) if column < len(row.cells))
    texts = (" ".join(cell.split()).strip(" `+-–.") for cell in cells)
    return next((text for text in texts if text and text.lower() not in _NOTHING), "")


def _text(row: TextPassage) -> str:
    return " | ".join(" ".join(cell.split()) for cell in row.cells)


def _plain_cells(row: TextPassage) -> tuple[str, ...]:
    return tuple(plain_heading(cell) for cell in row.cells)
