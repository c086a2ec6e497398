"""The annex of the reports below: versions, digests, figures, sums, and the units without one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quetsach.documents import decree30 as decree
from quetsach.documents.official_figures import short_count, signed
from quetsach.documents.official_report import OfficialReport
from quetsach.documents.official_reported import reported_sentences
from quetsach.documents.official_words import official_words
from quetsach.documents.paper import Block, Grid, Role, plain
from quetsach.documents.paper_lines import Fitting
from quetsach.forms.definition import Row
from quetsach.forms.figure import Child, Figure, Used
from quetsach.forms.numbers import shown
from quetsach.forms.values import Absent, Count

_IN_ONE_TABLE = 3
"""So many figures stand beside version and digest; more get tables of their own."""

_IN_A_TABLE = 5
_PLACE_MM, _VERSION_MM, _CODE_MM, _REMARK_MM, _FIGURE_MM = 13.0, 12.0, 25.0, 28.0, 20.0
_OF_DIGEST = 16


def child_blocks(report: OfficialReport, fitting: Fitting) -> Iterator[Block]:
    """Yield the annex of the units below: how many have reported, who has not, and each report."""
    for sentence in reported_sentences(report):
        yield plain(Role.ITEM, fitting.line(sentence))
    if report.missing:
        yield plain(Role.HEADING, official_words().reported["missing_head"])
        yield _missing(report.missing, fitting)
    if report.children:
        yield from _reports(report, fitting)


def _missing(names: Sequence[str], fitting: Fitting) -> Grid:
    words = official_words().children
    rows = tuple((str(n), fitting.line(name)) for n, name in enumerate(names, 1))
    widths = (_PLACE_MM, decree.TEXT_WIDTH_MM - _PLACE_MM)
    return Grid(words.heads[:2], rows, widths, ("center", "left"))


def _reports(report: OfficialReport, fitting: Fitting) -> Iterator[Block]:
    words = official_words().children
    counts = report.form.counts()
    names = tuple(fitting.line(child.name) for child in report.children)
    yield plain(Role.HEADING, words.versions)
    if counts:
        columns = "; ".join(
            words.column % {"number": n, "label": fitting.line(row.label.vi)}
            for n, row in enumerate(counts, 1)
        )
        yield plain(Role.ITEM, words.columns % {"columns": columns})
    yield from _legend(report)
    is_one = len(counts) <= _IN_ONE_TABLE
    yield _versions(report, names, counts if is_one else (), fitting)
    if is_one:
        return
    for begin in range(0, len(counts), _IN_A_TABLE):
        part = counts[begin : begin + _IN_A_TABLE]
        facts = {"first": begin + 1, "last": begin + len(part)}
        yield plain(Role.HEADING, words.figures % facts)
        yield _figures(report, names, part, begin)


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


def _total(figure: Figure | None) -> object:
    return Absent.MISSING if figure is None else figure.total


def _versions(
    report: OfficialReport, names: tuple[str, ...], counts: tuple[Row, ...], fitting: Fitting
) -> Grid:
    words = official_words().children
    remarks = tuple(fitting.line(_remark(child)) for child in report.children)
    noted = any(remarks)
    place, unit, version, code, remark = words.heads
    numbers = tuple(f"({n})" for n in range(1, len(counts) + 1))
    heads = (place, unit, version, code, *numbers, *((remark,) if noted else ()))
    rows = [
        (
            *(str(n), name, str(child.version), child.digest[:_OF_DIGEST]),
            *(_cell(child, row) for row in counts),
            *((said,) if noted else ()),
        )
        for n, (child, name, said) in enumerate(
            zip(report.children, names, remarks, strict=True), 1
        )
    ]
    if counts:
        blank = ("",) if noted else ()
        rows += [("", label, "", "", *cells, *blank) for label, cells in _sums(report, counts)]
    taken = (_VERSION_MM, _CODE_MM, *(_FIGURE_MM,) * len(counts), *((_REMARK_MM,) if noted else ()))
    room = decree.TEXT_WIDTH_MM - _PLACE_MM - sum(taken)
    aligns = ("center", "left", "center", "center", *("center",) * len(counts))
    return Grid(
        heads, tuple(rows), (_PLACE_MM, room, *taken), (*aligns, *(("left",) if noted else ()))
    )


def _figures(
    report: OfficialReport, names: tuple[str, ...], counts: tuple[Row, ...], begin: int
) -> Grid:
    place, unit, *_others = official_words().children.heads
    heads = (place, unit, *(f"({begin + n})" for n in range(1, len(counts) + 1)))
    rows = [
        (str(n), name, *(_cell(child, row) for row in counts))
        for n, (child, name) in enumerate(zip(report.children, names, strict=True), 1)
    ]
    rows += [("", label, *cells) for label, cells in _sums(report, counts)]
    taken = (_FIGURE_MM,) * len(counts)
    widths = (_PLACE_MM, decree.TEXT_WIDTH_MM - _PLACE_MM - sum(taken), *taken)
    return Grid(heads, tuple(rows), widths, ("center", "left", *("center",) * len(counts)))


def _cell(child: Child, row: Row) -> str:
    told = short_count(child.figures.get(row.id))
    return f"({told})" if child.used is Used.EXCLUDED else told


def _remark(child: Child) -> str:
    words = official_words().children
    if child.used is Used.EXCLUDED:
        return words.excluded % {"reason": child.reason or "-"}
    if child.used is Used.LATE:
        return f"{words.late}; {child.reason}" if child.reason else words.late
    return child.reason


@dataclass(frozen=True)
class _Parts:
    """The parts of one total as they stand below its column; "" where there is none."""

    children: str
    own: str
    adjustment: str
    overlap: str
    total: str


def _sums(report: OfficialReport, counts: tuple[Row, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the lines below the last unit: how each column makes the total of the report."""
    parts = [_parts(report.figures.get(row.id)) for row in counts]
    for name, label in official_words().children.sums.items():
        cells = tuple(str(getattr(one, name)) for one in parts)
        if any(cells):
            yield label, cells


def _parts(figure: Figure | None) -> _Parts:
    if figure is None:
        return _Parts("", "", "", "", "")
    own = None if figure.own is None else figure.own.value
    change = figure.adjustment
    total = figure.total
    return _Parts(
        "" if figure.children is None else shown(figure.children),
        shown(own.number) if isinstance(own, Count) else "",
        "" if change is None else signed(change.amount),
        signed(-figure.overlap) if figure.overlap else "",
        shown(total.number) if isinstance(total, Count) else "",
    )
