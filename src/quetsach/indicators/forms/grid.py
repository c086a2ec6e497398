"""Tables of documents: which columns hold indicators, and what the others say of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from quetsach.indicators.dates import date_us
from quetsach.indicators.defanged_text import undone
from quetsach.indicators.forms.columns import Role, hash_length, role_of, speaks_of_names
from quetsach.indicators.forms.csv_table import OTHER_KIND
from quetsach.indicators.forms.passage import Document, Passage
from quetsach.indicators.forms.plain import LONGEST_LABEL
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.forms.wrapped import cell_pieces, whole_kind
from quetsach.indicators.headings import plain_heading
from quetsach.indicators.in_text import Found, found_in
from quetsach.indicators.model import NO_CLAIM, Claim, Kind
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.remarks import Section, Stand, is_benign
from quetsach.indicators.stance import Surroundings, reason_against

_HEADER_WITHIN = 4
"""A header stands in one of the first rows, under a title or a row of merged cells."""

_SAMPLE = 200
_MOST_PORTS = 16
_SHARE = 0.5
# 203.0.113.4444 stands nowhere but in a list by mistake; in a sentence it numbers a version.
_MISWRITTEN = re.compile(r"(?<![\w.])[0-9]{1,6}(?:\.[0-9]{1,6}){3}(?![\w.])")
_NOTHING = frozenset(("n/a", "na", "none", "không", "không có", "unknown", "chưa rõ"))


@dataclass(frozen=True)
class Layout:
    """The columns of a table: what each holds, its heading, and the header row itself."""

    roles: tuple[Role, ...]
    headings: tuple[str, ...]
    header: tuple[str, ...] = ()

    def of(self, role: Role) -> list[int]:
        """Return the numbers of the columns with this role."""
        return [number for number, one in enumerate(self.roles) if one is role]


def table_rows(
    rows: Sequence[Passage], section: Section, document: Document, known: dict[int, Layout]
) -> Iterator[tuple[ListRow, Passage]]:
    """Return each candidate of the table, with the row it stands in.

    Shapes: `known` holds the layout of the table before, by its width: a table that runs over
    several pages has its header on the first only.
    """
    layout = _layout(rows, document.options, known)
    known.clear()
    known[len(layout.roles)] = layout
    alive = any(
        found_in(row.cells[column], document.options)
        for row in islice(rows, _SAMPLE)
        for column in layout.of(Role.VALUE)
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
            yield ListRow(row.number, _text(row), text, refused=Reason.UNPARSABLE), row


def _layout(rows: Sequence[Passage], options: ListOptions, known: dict[int, Layout]) -> Layout:
    width = max(len(row.cells) for row in rows)
    header = _header(rows, options)
    if header is None and width in known and _fits(rows, known[width], options):
        return known[width]
    headings = tuple(header.cells) if header else ()
    headings += ("",) * (width - len(headings))
    roles = [role_of(heading) for heading in headings]
    body = [row for row in islice(rows, _SAMPLE) if row is not header]
    by_content = Role.VALUE not in roles
    for column, role in enumerate(roles):
        unnamed = role is Role.UNKNOWN and (by_content or not headings[column].strip())
        if unnamed and _holds_values(body, column, options, bare=header is None):
            roles[column] = Role.VALUE
    return Layout(tuple(roles), headings, _plain_cells(header) if header else ())


def _fits(rows: Sequence[Passage], layout: Layout, options: ListOptions) -> bool:
    """Return whether `rows` hold values where `layout` has them, hashes under hashes."""
    for column in layout.of(Role.VALUE):
        cells = [row.cells[column] for row in islice(rows, _SAMPLE) if column < len(row.cells)]
        filled = [cell for cell in cells if cell.strip()]
        kinds = [{one.kind for one in found_in(cell, options)} for cell in filled]
        is_hash = hash_length(layout.headings[column]) > 0
        good = sum(any((kind is Kind.HASH) == is_hash for kind in found) for found in kinds)
        if good < _SHARE * len(filled):
            return False
    return True


def _header(rows: Sequence[Passage], options: ListOptions) -> Passage | None:
    """Return the first row that names columns and holds no value."""
    width = max(len(row.cells) for row in rows)
    for row in rows[:_HEADER_WITHIN]:
        named = [cell for cell in row.cells if role_of(cell) is not Role.UNKNOWN]
        if any(one.parsed.values for cell in row.cells for one in found_in(cell, options)):
            return None
        if named and not _is_title(row, width):
            return row
    return None


def _is_title(row: Passage, width: int) -> bool:
    """Return whether one text was merged over all columns: it stands in each, or in one."""
    filled = [cell for cell in row.cells if cell.strip()]
    return width > 1 and len(filled) in (1, len(row.cells)) and len(set(filled)) == 1


def _holds_values(
    rows: Sequence[Passage], column: int, options: ListOptions, *, bare: bool
) -> bool:
    filled = [row.cells[column] for row in rows if column < len(row.cells)]
    filled = [cell for cell in filled if cell.strip()]
    good = sum(_is_values(cell, options, bare=bare) for cell in filled)
    return bool(filled) and good >= _SHARE * len(filled)


def _is_values(cell: str, options: ListOptions, *, bare: bool) -> bool:
    pieces = cell_pieces(cell.strip(" `+"), options)
    if not all(whole_kind(text.strip(" `+,;"), options) for text, _ in pieces):
        return False
    found = [one for text, _ in pieces for one in found_in(text, options)]
    return bare or all(one.defanged or one.kind is Kind.HASH for one in found)


def _row(row: Passage, layout: Layout, section: Section, document: Document) -> Iterator[ListRow]:
    claim = _claim(row, layout, document)
    ports = _ports(_cell(row, layout, Role.PORT))
    of_other_kind = OTHER_KIND.match(_cell(row, layout, Role.KIND)) is not None
    rest = " ".join(
        cell for role, cell in zip(layout.roles, row.cells, strict=False) if role is not Role.VALUE
    )
    seen: set[str] = set()
    for column, cell in enumerate(row.cells):
        role = layout.roles[column] if column < len(layout.roles) else Role.UNKNOWN
        if role is Role.NUMBER or role is Role.PORT:
            continue
        stand = Stand.VALUE if role is Role.VALUE else Stand.PROSE
        heading = layout.headings[column] if column < len(layout.headings) else ""
        around = Surroundings(
            stand, section, is_benign(rest), document.own, names=speaks_of_names(heading)
        )
        for text, one, asks in _found(cell, role, heading, document.options):
            if one.value.lower() in seen or _is_none(one, role):
                continue
            seen.add(one.value.lower())
            reason = reason_against(one, around, text[: one.start])
            if reason is None and (asks or of_other_kind):
                reason = Reason.UNCLEAR if asks else Reason.OTHER_KIND
            made = ListRow(row.number, _text(row), one.value, claim=claim, refused=reason)
            bare = one.kind is Kind.ADDRESS and one.parsed.values[0].port is None
            yield from (made._replace(port=port) for port in (ports if bare else (None,)))
        if role is Role.VALUE and seen:
            yield from _miswritten(row, cell, document.options)


def _miswritten(row: Passage, cell: str, options: ListOptions) -> Iterator[ListRow]:
    """Return what was to be an address and is none, in a cell that gave others."""
    for text, _ in cell_pieces(cell, options):
        plain = undone(text).text
        known = {one.value for one in found_in(text, options)}
        for one in _MISWRITTEN.findall(plain):
            if not any(one in value for value in known):
                yield ListRow(row.number, _text(row), one, refused=Reason.UNCLEAR)


def _found(
    cell: str, role: Role, heading: str, options: ListOptions
) -> Iterator[tuple[str, Found, bool]]:
    """Return (text, candidate, whether a person must look) for each candidate in a cell."""
    if role is not Role.VALUE:
        text = cell.replace("\n", " ")
        yield from ((text, one, False) for one in found_in(text, options))
        return
    for text, asks in cell_pieces(cell, options, hash_length(heading)):
        yield from ((text, one, asks) for one in found_in(text, options))


def _is_none(one: Found, role: Role) -> bool:
    """Return whether a bare name stands where files, firms and programs have their names."""
    if role is Role.VALUE or one.defanged or one.kind is Kind.HASH:
        return False
    named = one.kind in (Kind.NAME, Kind.URL) and "://" not in one.value
    return one.doubtful or (named and role is not Role.UNKNOWN)


def _claim(row: Passage, layout: Layout, document: Document) -> Claim:
    zone = document.options.zone
    said = Claim(
        family=_cell(row, layout, Role.FAMILY)[:LONGEST_LABEL],
        label=_cell(row, layout, Role.LABEL)[:LONGEST_LABEL],
        valid_from_us=date_us(_cell(row, layout, Role.VALID_FROM), zone, at_end=False),
        valid_until_us=date_us(_cell(row, layout, Role.VALID_UNTIL), zone, at_end=True),
    )
    return NO_CLAIM if said == NO_CLAIM else said


def _cell(row: Passage, layout: Layout, role: Role) -> str:
    columns = [column for column in layout.of(role) if column < len(row.cells)]
    return " ".join(row.cells[columns[0]].split()) if columns else ""


def _ports(cell: str) -> tuple[int | None, ...]:
    """Return the ports a cell lists; (None,) for none, and for a span, which is no port."""
    if not re.fullmatch(r"\d{1,5}(?:\s{0,3}[,;/\s]\s{0,3}\d{1,5}){0,15}", cell.strip(), re.ASCII):
        return (None,)
    found = [int(text) for text in re.findall(r"\d{1,5}", cell)]
    return tuple(dict.fromkeys(port for port in found if 0 < port < 65536)) or (None,)


def _unread(row: Passage, layout: Layout) -> str:
    """Return what stands in the column of values of a row that gave none; "" for nothing."""
    cells = (row.cells[column] for column in layout.of(Role.VALUE) if column < len(row.cells))
    texts = (" ".join(cell.split()).strip(" `+-–.") for cell in cells)
    return next((text for text in texts if text and text.lower() not in _NOTHING), "")


def _text(row: Passage) -> str:
    return " | ".join(" ".join(cell.split()) for cell in row.cells)


def _plain_cells(row: Passage) -> tuple[str, ...]:
    return tuple(plain_heading(cell) for cell in row.cells)
