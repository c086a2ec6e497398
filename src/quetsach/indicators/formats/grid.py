"""Tables in documents: the columns of indicators, and the columns that describe them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from quetsach.indicators.claim_words import claim_in
from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.csv_table import HEADINGS, OTHER_KIND
from quetsach.indicators.formats.headings import (
    ColumnRole,
    announces_names,
    hash_length,
    is_of_victims,
    names_one_hash,
    role_of,
)
from quetsach.indicators.formats.passages import (
    DocumentContext,
    TextPassage,
    cell_pieces,
    whole_kind,
)
from quetsach.indicators.formats.port_cells import ports_of
from quetsach.indicators.formats.torn_cells import TornRow, joined_cells, whole_rows
from quetsach.indicators.model import Claim, IndicatorKind
from quetsach.indicators.options import ListOptions, RefusalReason, plain_heading
from quetsach.indicators.text.defang import refang_text
from quetsach.indicators.text.in_text import TextIndicator, find_indicators
from quetsach.indicators.text.stance import (
    HeadingMeaning,
    ValueContext,
    ValuePosition,
    is_benign,
    reason_against,
)

_HEADER_WITHIN = 4
"""A header is one of the first rows, under a title or a row of merged cells."""

_TITLES_WITHIN = 24
"""In a sheet the head of the whole letter may stand above the table, a cell a row."""

_SAMPLE = 200
_SHARE = 0.5
# In a list 203.0.113.4444 is a mistyped address; in a sentence it may be a version number.
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
        return [number for number, column_role in enumerate(self.roles) if column_role is role]


def table_rows(
    rows: Sequence[TextPassage],
    section: HeadingMeaning,
    document: DocumentContext,
    layouts: dict[int, ColumnLayout],
) -> Iterator[tuple[ListRow, TextPassage]]:
    """Return each candidate of the table, with its row.

    Shapes: `layouts` holds the layout of the table before, by its width: a table that runs over
    several pages has its header on the first only.
    """
    layout = _layout(rows, document.options, layouts)
    layouts.clear()
    layouts[len(layout.roles)] = layout
    alive = any(
        find_indicators(passage.cells[column], document.options)
        for passage in islice(rows, _SAMPLE)
        for column in layout.of(ColumnRole.VALUE)
        if column < len(passage.cells)
    )
    begun = all(_plain_cells(passage) != layout.header for passage in rows[:_TITLES_WITHIN])
    values = layout.of(ColumnRole.VALUE)
    for passage in whole_rows(rows, values, layout.of(ColumnRole.NUMBER), document.options):
        if _plain_cells(passage) == layout.header:
            begun = True
            continue
        candidates = list(_row(passage, layout, section, document))
        yield from ((candidate, passage) for candidate in candidates)
        if alive and begun and not candidates and (text := _unread(passage, layout)):
            yield (
                ListRow(passage.number, _text(passage), text, refused=RefusalReason.UNPARSABLE),
                passage,
            )


def _layout(
    rows: Sequence[TextPassage], options: ListOptions, layouts: dict[int, ColumnLayout]
) -> ColumnLayout:
    width = max(len(passage.cells) for passage in rows)
    header = _header(rows, options)
    if header is None and width in layouts and _fits(rows, layouts[width], options):
        return layouts[width]
    headings = tuple(header.cells) if header else ()
    headings += ("",) * (width - len(headings))
    roles = [role_of(heading) for heading in headings]
    body = [passage for passage in islice(rows, _SAMPLE) if passage is not header]
    by_content = ColumnRole.VALUE not in roles
    for column, role in enumerate(roles):
        unnamed = role is ColumnRole.UNKNOWN and (by_content or not headings[column].strip())
        if unnamed and _holds_values(body, column, options, bare=header is None):
            roles[column] = ColumnRole.VALUE
    return ColumnLayout(tuple(roles), headings, _plain_cells(header) if header else ())


def _fits(rows: Sequence[TextPassage], layout: ColumnLayout, options: ListOptions) -> bool:
    """Return whether `rows` hold values where `layout` has them, hashes under hashes."""
    for column in layout.of(ColumnRole.VALUE):
        cells = [
            passage.cells[column]
            for passage in islice(rows, _SAMPLE)
            if column < len(passage.cells)
        ]
        filled = [cell for cell in cells if cell.strip()]
        kinds = [
            {indicator.kind for indicator in find_indicators(cell, options)} for cell in filled
        ]
        is_hash = hash_length(layout.headings[column]) > 0
        good = sum(
            any((kind is IndicatorKind.HASH) == is_hash for kind in of_cell) for of_cell in kinds
        )
        if good < _SHARE * len(filled):
            return False
    return True


def _header(rows: Sequence[TextPassage], options: ListOptions) -> TextPassage | None:
    """Return the first row that names columns and holds no value."""
    width = max(len(passage.cells) for passage in rows)
    wide = [row for row in rows[:_TITLES_WITHIN] if width == 1 or not _is_title(row, width)]
    for passage in wide[:_HEADER_WITHIN]:
        named = [cell for cell in passage.cells if role_of(cell) is not ColumnRole.UNKNOWN]
        if any(
            indicator.parsed.values
            for cell in passage.cells
            for indicator in find_indicators(cell, options)
        ):
            return None
        if named:
            return passage
    return None


def _is_title(passage: TextPassage, width: int) -> bool:
    """Return whether one text was merged over all columns: it is in each, or in one."""
    filled = [cell for cell in passage.cells if cell.strip()]
    return width > 1 and len(filled) in (1, len(passage.cells)) and len(set(filled)) == 1


def _holds_values(
    rows: Sequence[TextPassage], column: int, options: ListOptions, *, bare: bool
) -> bool:
    filled = [passage.cells[column] for passage in rows if column < len(passage.cells)]
    filled = [cell for cell in filled if cell.strip()]
    good = sum(_is_values(cell, options, bare=bare) for cell in filled)
    return bool(filled) and good >= _SHARE * len(filled)


def _is_values(cell: str, options: ListOptions, *, bare: bool) -> bool:
    pieces = cell_pieces(cell.strip(" `+"), options)
    if not all(whole_kind(text.strip(" `+,;"), options) for text, _ in pieces):
        return False
    indicators = [indicator for text, _ in pieces for indicator in find_indicators(text, options)]
    return bare or all(
        indicator.defanged or indicator.kind is IndicatorKind.HASH for indicator in indicators
    )


def _row(
    passage: TextPassage, layout: ColumnLayout, section: HeadingMeaning, document: DocumentContext
) -> Iterator[ListRow]:
    torn = joined_cells(passage, layout.of(ColumnRole.VALUE), layout.headings, document.options)
    claim = _claim(passage, layout, document)
    ports = ports_of(_cell(passage, layout, ColumnRole.PORT))
    of_other_kind = OTHER_KIND.match(_cell(passage, layout, ColumnRole.KIND)) is not None
    rest = " ".join(
        cell
        for role, cell in zip(layout.roles, passage.cells, strict=False)
        if role is not ColumnRole.VALUE
    )
    emitted: set[str] = set()
    for column, cell in enumerate(torn.passage.cells):
        heading = heading_of(layout, column)
        role = _role(cell, layout, column, document)
        if role is ColumnRole.NUMBER or role is ColumnRole.PORT:
            continue
        stand = ValuePosition.VALUE if role is ColumnRole.VALUE else ValuePosition.PROSE
        around = ValueContext(
            stand, section, is_benign(rest), document.own, names=announces_names(heading)
        )
        for text, indicator, is_split in _cell_indicators(cell, role, heading, document.options):
            if indicator.value.lower() in emitted or _is_none(indicator, role):
                continue
            emitted.add(indicator.value.lower())
            reason = reason_against(indicator, around, text[: indicator.start])
            bare = (
                indicator.kind is IndicatorKind.ADDRESS and indicator.parsed.values[0].port is None
            )
            asks = is_split or _asks(indicator, column, torn, heading) or (bare and ports is None)
            if reason is None and (asks or of_other_kind):
                reason = RefusalReason.UNCLEAR if asks else RefusalReason.OTHER_KIND
            list_row = ListRow(
                passage.number, _text(passage), indicator.value, claim=claim, refused=reason
            )
            yield from (
                list_row._replace(port=port) for port in (ports if bare and ports else (None,))
            )
        if role is ColumnRole.VALUE and emitted:
            yield from _miswritten(passage, cell, document.options)


def _miswritten(passage: TextPassage, cell: str, options: ListOptions) -> Iterator[ListRow]:
    """Return mistyped addresses in a cell that also contains valid values."""
    for text, _ in cell_pieces(cell, options):
        plain = refang_text(text).text
        values = {indicator.value for indicator in find_indicators(text, options)}
        for word in _MISWRITTEN.findall(plain):
            if not any(word in value for value in values):
                yield ListRow(passage.number, _text(passage), word, refused=RefusalReason.UNCLEAR)


def _cell_indicators(
    cell: str, role: ColumnRole, heading: str, options: ListOptions
) -> Iterator[tuple[str, TextIndicator, bool]]:
    """Return (text, candidate, whether a person must look) for each candidate in a cell."""
    if role is not ColumnRole.VALUE:
        text = cell.replace("\n", " ")
        yield from ((text, indicator, False) for indicator in find_indicators(text, options))
        return
    for text, asks in cell_pieces(cell, options, hash_length(heading)):
        yield from ((text, indicator, asks) for indicator in find_indicators(text, options))


def _is_none(indicator: TextIndicator, role: ColumnRole) -> bool:
    """Return whether a bare name is in a column where files, firms and programs are named."""
    if role is ColumnRole.VALUE or indicator.defanged or indicator.kind is IndicatorKind.HASH:
        return False
    named = (
        indicator.kind in (IndicatorKind.NAME, IndicatorKind.URL) and "://" not in indicator.value
    )
    return indicator.doubtful or (named and role is not ColumnRole.UNKNOWN)


def _claim(passage: TextPassage, layout: ColumnLayout, document: DocumentContext) -> Claim:
    cells = {what: _cell(passage, layout, ColumnRole(what)) for what in HEADINGS if what != "port"}
    return claim_in(cells, document.options.zone)


def _cell(passage: TextPassage, layout: ColumnLayout, role: ColumnRole) -> str:
    columns = [column for column in layout.of(role) if column < len(passage.cells)]
    return " ".join(passage.cells[columns[0]].split()) if columns else ""


def heading_of(layout: ColumnLayout, column: int) -> str:
    """Return the heading of the column, "" for none."""
    return layout.headings[column] if column < len(layout.headings) else ""


def _role(cell: str, layout: ColumnLayout, column: int, document: DocumentContext) -> ColumnRole:
    """Return the role of the column, for this cell: addresses with ports are values in any."""
    role = layout.roles[column] if column < len(layout.roles) else ColumnRole.UNKNOWN
    if role is ColumnRole.VALUE or is_of_victims(heading_of(layout, column)):
        return role
    pieces = [piece.strip() for piece in re.split(r"[\n,;]", cell) if piece.strip()]
    if not pieces or not all(":" in piece for piece in pieces):
        return role
    sockets = [
        indicator
        for piece in pieces
        for indicator in find_indicators(piece, document.options)
        if indicator.written == piece
        and indicator.kind is IndicatorKind.ADDRESS
        and indicator.parsed.values[0].port is not None
    ]
    return ColumnRole.VALUE if len(sockets) == len(pieces) else role


def _asks(indicator: TextIndicator, column: int, torn: TornRow, heading: str) -> bool:
    """Return whether a person must see the value: it is torn, or no hash of this column."""
    return column in torn.asked or _is_of_another_length(indicator, heading)


def _is_of_another_length(indicator: TextIndicator, heading: str) -> bool:
    """Return whether a hash is shorter or longer than all hashes of its column are."""
    digits = hash_length(heading)
    return (
        indicator.kind is IndicatorKind.HASH
        and digits > 0
        and names_one_hash(heading)
        and len(indicator.value) != digits
    )


def _unread(passage: TextPassage, layout: ColumnLayout) -> str:
    """Return the text in the value columns of a row without indicators; "" for none."""
    cells = (
        passage.cells[column]
        for column in layout.of(ColumnRole.VALUE)
        if column < len(passage.cells)
    )
    texts = (" ".join(cell.split()).strip(" `+-–.") for cell in cells)
    return next((text for text in texts if text and text.lower() not in _NOTHING), "")


def _text(passage: TextPassage) -> str:
    return " | ".join(" ".join(cell.split()) for cell in passage.cells)


def _plain_cells(passage: TextPassage) -> tuple[str, ...]:
    return tuple(plain_heading(cell) for cell in passage.cells)
