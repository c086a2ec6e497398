"""The annex of the reports below: versions, digests, figures, sums, and the units without one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quetsach.documents import decree30 as decree
from quetsach.documents.decree30 import millimetres
from quetsach.documents.official_figures import short_value, signed
from quetsach.documents.official_report import OfficialReport
from quetsach.documents.official_reported import reported_sentences, without_one
from quetsach.documents.official_words import official_words
from quetsach.documents.paper import Block, Grid, Role, plain
from quetsach.documents.paper_lines import Fitting
from quetsach.documents.times_width import width_pt
from quetsach.forms.definition import Row
from quetsach.forms.figure import Child, Figure, Used
from quetsach.forms.numbers import shown
from quetsach.forms.values import Absent, Count, Value

_PLACE_MM, _VERSION_MM, _REMARK_MM = 13.0, 12.0, 32.0
_HALF_CODE_MM, _WHOLE_CODE_MM = 22.0, 40.0
"""How wide 16 digits are on two lines and on one."""

_UNIT_MM = 40.0
"""How wide the column of names is at least; figures that leave less have tables of their own."""

_NARROWEST_MM, _PADDING_MM = 11.0, 4.0
_OF_DIGEST = 16


def child_blocks(report: OfficialReport, fitting: Fitting) -> Iterator[Block]:
    """Yield the annex of the units below: who has reported, who has not and why, each report."""
    for sentence in reported_sentences(report):
        yield plain(Role.ITEM, fitting.line(sentence))
    for why, absent in without_one(report):
        yield plain(Role.HEADING, official_words().reported[f"{why}_head"])
        yield _named_ones(absent, fitting)
    if report.children:
        yield from _reports(report, fitting)


def _named_ones(names: Sequence[str], fitting: Fitting) -> Grid:
    words = official_words().children
    rows = tuple((str(n), fitting.line(name)) for n, name in enumerate(names, 1))
    widths = (_PLACE_MM, decree.TEXT_WIDTH_MM - _PLACE_MM)
    return Grid(words.heads[:2], rows, widths, ("center", "left"))


def _reports(report: OfficialReport, fitting: Fitting) -> Iterator[Block]:
    words = official_words().children
    counts = report.form.counts()
    yield plain(Role.HEADING, words.versions)
    yield from _legend(report)
    names = _names(report, fitting)
    versions, remarks = _versions(report), _remarks(report, fitting)
    figures = [_figures(report, row, n) for n, row in enumerate(counts, 1)]
    labels = [
        words.column % {"number": n, "label": fitting.line(row.label.vi)}
        for n, row in enumerate(counts, 1)
    ]
    whole = [*names, *versions, *figures, *remarks]
    if _room(whole) >= _UNIT_MM:
        yield from _named(labels)
        yield _grid(whole)
        return
    yield _grid([*names, *_versions(report, _WHOLE_CODE_MM), *remarks])
    for begin, part in _in_tables(figures):
        end = begin + len(part) - 1
        yield plain(Role.HEADING, words.figures % {"first": begin, "last": end})
        yield from _named(labels[begin - 1 : end])
        yield _grid([*names, *part])


def _named(labels: Sequence[str]) -> Iterator[Block]:
    """Yield what the numbered columns of the table below count."""
    if labels:
        told = official_words().children.columns % {"columns": "; ".join(labels)}
        yield plain(Role.ITEM, told)


def _legend(report: OfficialReport) -> Iterator[Block]:
    """Yield what the signs of the tables mean, those that stand there alone."""
    words = official_words()
    found: set[Absent] = set()
    for row in report.form.counts():
        totals = (_total(child.figures.get(row.id)) for child in report.children)
        found |= {total for total in totals if isinstance(total, Absent)}
    told = [
        f"“{words.children.sign[why]}”: {words.value.absent[why].lower()}"
        for why in Absent
        if why in found
    ]
    if any(child.used is Used.EXCLUDED for child in report.children):
        told.append(words.children.bracketed)
    if told:
        yield plain(Role.ITEM, words.children.signs % {"signs": "; ".join(told)})


def _total(figure: Figure | None) -> Value:
    # A form that does not have the field has not collected it.
    return Absent.NOT_COLLECTED if figure is None else figure.total


@dataclass(frozen=True)
class _Column:
    """One column: its head, a cell for each unit, what stands below the last one, its width."""

    head: str
    cells: tuple[str, ...]
    width: float
    align: str = "center"
    sums: Mapping[str, str] = field(default_factory=dict)


def _names(report: OfficialReport, fitting: Fitting) -> list[_Column]:
    words = official_words().children
    places = tuple(str(n) for n in range(1, len(report.children) + 1))
    names = tuple(fitting.line(child.name) for child in report.children)
    return [
        _Column(words.heads[0], places, _PLACE_MM),
        # It takes the room that the others leave.
        _Column(words.heads[1], names, 0.0, "left", words.sums),
    ]


def _versions(report: OfficialReport, code_mm: float = _HALF_CODE_MM) -> list[_Column]:
    _place, _unit, version, code, _remark = official_words().children.heads
    numbers = tuple(str(child.version) for child in report.children)
    digests = tuple(child.digest[:_OF_DIGEST] for child in report.children)
    return [_Column(version, numbers, _VERSION_MM), _Column(code, digests, code_mm)]


def _remarks(report: OfficialReport, fitting: Fitting) -> list[_Column]:
    cells = tuple(fitting.line(_remark(child)) for child in report.children)
    head = official_words().children.heads[-1]
    return [_Column(head, cells, _REMARK_MM, "left")] if any(cells) else []


def _figures(report: OfficialReport, row: Row, number: int) -> _Column:
    cells = tuple(_cell(child, row) for child in report.children)
    sums = _sums(report.figures.get(row.id))
    widest = max(width_pt(text, decree.GRID_PT) for text in (*cells, *sums.values()))
    width = max(_NARROWEST_MM, millimetres(widest) + _PADDING_MM)
    return _Column(f"({number})", cells, width, sums=sums)


def _in_tables(figures: Sequence[_Column]) -> Iterator[tuple[int, list[_Column]]]:
    """Yield as many columns as stand beside the names, with the number of the first."""
    part: list[_Column] = []
    begin = 1
    room = decree.TEXT_WIDTH_MM - _PLACE_MM - _UNIT_MM
    for number, column in enumerate(figures, 1):
        if part and sum(one.width for one in (*part, column)) > room:
            yield begin, part
            begin, part = number, []
        part.append(column)
    if part:
        yield begin, part


def _room(columns: Sequence[_Column]) -> float:
    return decree.TEXT_WIDTH_MM - sum(column.width for column in columns)


def _grid(columns: Sequence[_Column]) -> Grid:
    """Return the columns as a table; below it, the sums that one of them has."""
    rows = list(zip(*(column.cells for column in columns), strict=True))
    numbers = columns[2:]
    rows += [
        tuple(column.sums.get(name, "") for column in columns)
        for name in official_words().children.sums
        if any(column.sums.get(name) for column in numbers)
    ]
    return Grid(
        tuple(column.head for column in columns),
        tuple(rows),
        tuple(column.width or _room(columns) for column in columns),
        tuple(column.align for column in columns),
    )


def _cell(child: Child, row: Row) -> str:
    told = short_value(_total(child.figures.get(row.id)))
    return f"({told})" if child.used is Used.EXCLUDED else told


def _remark(child: Child) -> str:
    words = official_words().children
    if child.used is Used.EXCLUDED:
        return words.excluded % {"reason": child.reason or "-"}
    if child.used is Used.LATE:
        return f"{words.late}; {child.reason}" if child.reason else words.late
    return child.reason


def _sums(figure: Figure | None) -> dict[str, str]:
    """Return how a column makes the total of the report, by the names of its lines."""
    if figure is None:
        return {}
    own = None if figure.own is None else figure.own.value
    mine = shown(own.number) if isinstance(own, Count) else ""
    change, total = figure.adjustment, figure.total
    return {
        "children": "" if figure.children is None else shown(figure.children),
        "own_of_all" if figure.own_is_of_all else "own": mine,
        "adjustment": "" if change is None else signed(change.amount),
        "overlap": signed(-figure.overlap) if figure.overlap else "",
        "total": shown(total.number) if isinstance(total, Count) else "",
    }
